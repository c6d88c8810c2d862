import Journal
import Synchronization
import Time

/// When a topic is to be looked through for messages that are no longer kept.
final class RetentionSchedule: Sendable {
    private struct State {
        var next: Timestamp?
        /// The end of the oldest segment when it was last tried to delete it.
        var triedEnd: UInt64 = 0
        var isSweeping = false
    }

    private let timer: BrokerTimer
    private let state = Mutex(State())

    init(timer: BrokerTimer) { self.timer = timer }

    var isUnscheduled: Bool { state.withLock { $0.next == nil } }

    /// Whether a segment that ends at `end`, and that nobody has tried to delete, may be unneeded now.
    func isDue(after end: UInt64?, floor: UInt64 = .max) -> Bool {
        guard let end, end <= floor else { return false }
        return state.withLock { $0.triedEnd < end }
    }

    func begin(trying end: UInt64?) -> Bool {
        state.withLock { state in
            guard !state.isSweeping else { return false }
            state.isSweeping = true
            if let end { state.triedEnd = max(state.triedEnd, end) }
            return true
        }
    }

    func end() { state.withLock { $0.isSweeping = false } }

    /// The topic is looked through at `time`, if not sooner.
    func schedule(_ topic: LiveTopic, at time: Timestamp) {
        let isNew = state.withLock { state in
            guard state.next.map({ time < $0 }) ?? true else { return false }
            state.next = time
            return true
        }
        if isNew { timer.schedule(topic, at: time) }
    }

    func hasCome() { state.withLock { $0.next = nil } }
}

extension LiveTopic: TimerTarget {
    func timeHasCome() {
        retention.hasCome()
        sweepSoon()
    }

    /// Drops what is no longer kept, in a task of its own: it may delete files.
    func sweepSoon() {
        Task { self.sweep() }
    }

    /// The same once a subscription has gone; where there are hundreds, in a second for all that go until then: each
    /// time means looking at all that stay.
    func sweepAfterDeletion() {
        if subscriptions.count < 100 { sweepSoon() } else { retention.schedule(self, at: clock.now + .seconds(1)) }
    }

    /// How soon something that is published now may have been kept long enough.
    var shortestRetention: Duration {
        let ofSubscriptions = subscriptions.map(\.subscription.messageRetentionDuration).min()
        return min(topic.messageRetentionDuration ?? .seconds(86_400), ofSubscriptions ?? .seconds(86_400))
    }

    /// Drops messages that no subscription has acknowledged in its retention time, and deletes the segments that
    /// neither a subscription nor the topic's own retention needs.
    func sweep() {
        guard retention.begin(trying: journal.oldestSegmentEnd) else { return }
        let now = clock.now
        var next: Timestamp?
        defer {
            if let next { retention.schedule(self, at: next) }
            retention.end()
        }
        // A disk that cannot be read now is looked at again with the next publish or segment.
        guard let kept = try? dropExpired(at: now, next: &next) else { return }
        _ = try? journal.removeSegments(below: kept)
    }

    /// Returns the first message that is still needed, and sets when the next one expires.
    private func dropExpired(at now: Timestamp, next: inout Timestamp?) throws(JournalError) -> UInt64 {
        var kept = journal.nextSequence
        // Mostly all subscriptions are at one place.
        var considered: (sequence: UInt64, retention: Duration)?
        func consider(_ sequence: UInt64, retention: Duration) throws(JournalError) {
            if let considered, considered == (sequence, retention) { return }
            considered = (sequence, retention)
            kept = min(kept, sequence)
            guard sequence < journal.nextSequence, let time = try publishTime(of: sequence) else { return }
            // Never at once again: what expires is gone by now.
            let expiry = max(time + retention, now + .milliseconds(1))
            next = min(next ?? expiry, expiry)
        }
        if !isDeleted, let retention = topic.messageRetentionDuration {
            try consider(try firstSequence(publishedFrom: now - retention), retention: retention)
        }
        for snapshot in snapshots {
            kept = min(kept, max(snapshot.settled.floor, journal.firstSequence))
        }
        // Mostly all subscriptions have one retention time.
        var horizons: [Duration: UInt64] = [:]
        for subscription in subscriptions {
            let settings = subscription.subscription
            if settings.detached {
                // It gets nothing any more, and so holds nothing back.
                subscription.drop(below: journal.nextSequence)
                continue
            }
            let retention = settings.messageRetentionDuration
            let horizon: UInt64
            if let known = horizons[retention] {
                horizon = known
            } else {
                horizon = try firstSequence(publishedFrom: now - retention)
                horizons[retention] = horizon
            }
            subscription.drop(below: horizon)
            let isReplayable = settings.retainAckedMessages
            try consider(isReplayable ? horizon : max(subscription.floor, horizon), retention: retention)
        }
        return kept
    }
}
