import Journal
import Pipes
import Synchronization
import Telemetry
import Time

extension LiveSubscription {
    /// Acknowledges messages that were handed out; returns those that were not settled before, once that is on disk.
    func acknowledge(_ sequences: [UInt64], counted: Bool = true) async throws -> [UInt64] {
        var accepted: [UInt64] = []
        touch()
        try await settle {
            accepted = $0.acknowledge(sequences)
            return CursorLog.Settlement(sequences: SequenceSet(accepted))
        }
        if counted { acknowledged.add(accepted.count) }
        return accepted
    }

    /// Acknowledges messages under exactly-once delivery; returns what became of it, once that is on disk.
    func confirm(_ ids: [AckID]) async throws -> SubscriptionState.Confirmation {
        var outcome = SubscriptionState.Confirmation()
        touch()
        do {
            try await settle {
                outcome = $0.confirm(ids)
                return CursorLog.Settlement(
                    sequences: SequenceSet(outcome.settled),
                    // What was acknowledged before may still be on its way to the disk.
                    isFlushed: outcome.invalid.count + outcome.unordered.count < ids.count)
            }
        } catch {
            // Nobody may be told later that these are safe.
            state.withLock { state in for id in ids { state.ended[id] = nil } }
            throw error
        }
        acknowledged.add(outcome.settled.count)
        return outcome
    }

    /// Acknowledges messages by number, handed out or not; returns when that is on disk.
    func acknowledge(_ sequences: SequenceSet) async throws {
        let journal = topic.journal
        var count = 0
        try await settle { state in
            // What is beyond the end has not been published: its number is yet to be given to something.
            let end = journal.nextSequence
            var settled = SequenceSet()
            for range in sequences.ranges where range.lowerBound < end {
                let range = range.clamped(to: range.lowerBound..<end)
                count += state.settle(range) { (try? journal.payloadBytes(in: $0)) ?? 0 }
                settled.insert(range)
            }
            return CursorLog.Settlement(sequences: settled)
        }
        acknowledged.add(count)
    }

    private func settle(_ decide: (inout SubscriptionState) -> CursorLog.Settlement) async throws {
        do {
            var isKeyFree = false
            try await log.append {
                state.withLock { state in
                    let settled = decide(&state)
                    isKeyFree = state.policy.isOrdered && !settled.sequences.isEmpty
                    return settled
                }
            }
            if isKeyFree { signal() }
            try await log.compactIfGrown { state.withLock { $0.settled } }
        } catch {
            throw PubSubError(error, resource: name.description)
        }
        if topic.retention.isDue(after: topic.journal.oldestSegmentEnd, floor: floor) { topic.sweepSoon() }
    }

    /// Gives messages back at once.
    func fail(_ sequences: [UInt64], leases: [UInt32]? = nil) {
        let now = topic.clock.now
        didFail(state.withLock { $0.fail(sequences, leases: leases, at: now) })
    }

    /// Gives messages back under exactly-once delivery; returns the ids that are not of the present lease. Those that
    /// were given back under this lease already are fine: the client did not hear the answer.
    func giveBack(_ ids: [AckID]) -> [AckID] {
        let now = topic.clock.now
        passTime(to: now)
        let (outcome, invalid) = state.withLock { state in
            let present = ids.filter { state.isLeased($0.sequence, as: $0.lease) }
            let invalid = ids.filter {
                !state.isLeased($0.sequence, as: $0.lease) && state.ended[$0] != .givenBack
            }
            let outcome = state.fail(present.map(\.sequence), leases: present.map(\.lease), at: now)
            for id in present { state.ended[id] = .givenBack }
            return (outcome, invalid)
        }
        didFail(outcome)
        return invalid
    }

    private func didFail(_ outcome: (failed: Int, deadLetters: [SubscriptionState.DeadLetter])) {
        let (failed, deadLetters) = outcome
        guard failed > 0 else { return }
        negative.add(failed)
        forward(deadLetters)
        setTimer()
        signal()
    }

    /// Those of the ids whose lease is not the message's present one: it has run out, or the message is settled.
    func stale(_ ids: [AckID]) -> [AckID] {
        passTime(to: topic.clock.now)
        return state.withLock { state in ids.filter { !state.isLeased($0.sequence, as: $0.lease) } }
    }

    /// Sets the ack deadline of messages anew.
    func extend(_ sequences: [UInt64], leases: [UInt32]? = nil, by duration: Duration) {
        touch()
        let deadline = topic.clock.now + duration
        let count = state.withLock { $0.extend(sequences, leases: leases, to: deadline) }
        if count > 0 { setTimer() }
    }

    /// What a consumer holds comes again.
    func release(consumer: UInt32) {
        if state.withLock({ $0.release(consumer: consumer) }) > 0 { signal() }
    }

    /// Drops what waits below `sequence`: it was kept long enough, or the subscription is detached, which is no loss to
    /// count.
    func drop(below sequence: UInt64) {
        let journal = topic.journal
        let count = state.withLock { state in
            guard state.settled.floor < sequence else { return 0 }
            return state.settle(state.settled.floor..<sequence) { (try? journal.payloadBytes(in: $0)) ?? 0 }
        }
        guard count > 0, !subscription.detached else { return }
        dropped.add(count)
        signal()
    }

    /// Settles everything before message `first`, and unsettles what follows it, as far as it is `replayable`.
    ///
    /// - Parameter replayable: acknowledged messages before this one stay so.
    func seek(to first: UInt64, replayableFrom replayable: UInt64) async throws {
        do {
            try await log.replace {
                state.withLock { state in
                    let end = topic.journal.nextSequence
                    let settled = seekTarget(from: state.settled, to: first, replayableFrom: replayable, end: end)
                    let bytes = (try? LiveSubscription.settledBytes(settled, in: topic.journal)) ?? state.settledBytes
                    state.reset(to: settled, settledBytes: bytes)
                    return settled
                }
            }
            hasSought()
        } catch {
            throw PubSubError(error, resource: name.description)
        }
    }

    /// Settles exactly what is in `target`, as far as the topic still has the rest.
    func seek(to target: SettledSet) async throws {
        do {
            try await log.replace {
                state.withLock { state in
                    var settled = target
                    let oldest = topic.journal.firstSequence
                    if settled.floor < oldest { _ = settled.insert(settled.floor..<oldest) }
                    let bytes = (try? LiveSubscription.settledBytes(settled, in: topic.journal)) ?? state.settledBytes
                    state.reset(to: settled, settledBytes: bytes)
                    return settled
                }
            }
            hasSought()
        } catch {
            throw PubSubError(error, resource: name.description)
        }
    }

    private func hasSought() {
        minima.withLock { $0 = [:] }
        reader.withLock { $0.examined = 0 }
        signal()
        topic.sweepSoon()
    }

    private func seekTarget(
        from before: SettledSet, to first: UInt64, replayableFrom replayable: UInt64, end: UInt64
    ) -> SettledSet {
        let oldest = topic.journal.firstSequence
        let stop = min(max(replayable, first, oldest), end)
        guard first < stop else { return SettledSet(floor: stop) }
        // Before `replayable` what is settled stays so.
        var settled = SettledSet(floor: max(min(before.floor, stop), first, oldest))
        for range in before.rangesAboveFloor where range.lowerBound < stop {
            _ = settled.insert(range.lowerBound..<min(range.upperBound, stop))
        }
        return settled
    }
}
