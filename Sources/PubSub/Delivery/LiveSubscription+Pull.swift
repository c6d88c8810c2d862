import Journal
import Pipes
import Synchronization
import Telemetry
import Time

extension LiveSubscription {
    /// Messages that were handed out, and the number of each one's lease.
    struct Delivery {
        var messages: [IncomingMessage] = []
        var leases: [UInt32] = []
        /// As `answerBytes` counts them.
        var bytes = 0
    }

    /// How many messages are read at a time.
    private static let batchLimit = 4096

    /// Hands out up to `limit` messages to `consumer` until `deadline`, as long as all of them have at most `byteLimit`
    /// bytes (`answerBytes`). One that has more by itself is handed out alone.
    func pull(
        limit: Int, byteLimit: Int, consumer: UInt32, until deadline: Timestamp
    ) throws(PubSubError) -> Delivery {
        try checkAttached()
        touch()
        passTime(to: topic.clock.now)
        do {
            let delivery = try reader.withLock { (reader) throws(JournalError) in
                try pull(limit: limit, byteLimit: byteLimit, consumer: consumer, until: deadline, &reader)
            }
            delivered.add(delivery.messages.count)
            if deadline < .distantFuture, !delivery.messages.isEmpty { setTimer() }
            return delivery
        } catch {
            throw PubSubError(error, resource: name.description)
        }
    }

    private func pull(
        limit: Int, byteLimit: Int, consumer: UInt32, until deadline: Timestamp, _ reader: inout Reader
    ) throws(JournalError) -> Delivery {
        var delivery = Delivery()
        while delivery.messages.count < limit, delivery.bytes < byteLimit {
            let end = topic.journal.nextSequence
            let wanted = min(limit - delivery.messages.count, LiveSubscription.batchLimit)
            let plan = state.withLock { $0.plan(limit: wanted, end: end, consumer: consumer) }
            if plan.isEmpty { break }
            var batch = Batch()
            do {
                if let fresh = plan.fresh {
                    try readFresh(fresh, byteLimit: byteLimit - delivery.bytes, &batch, &reader)
                } else {
                    try readAgain(plan.again, byteLimit: byteLimit - delivery.bytes, &batch)
                }
            } catch {
                state.withLock { $0.giveBack(plan.again) }
                if delivery.messages.isEmpty { throw error }
                break
            }
            let isFull = batch.cut(to: byteLimit - delivery.bytes, atLeastOne: delivery.messages.isEmpty)
            let leases = state.withLock { state in
                let leases = state.lease(batch.heads, epoch: plan.epoch, to: consumer, until: deadline)
                if plan.epoch == state.epoch { state.giveBack(plan.again) }
                return leases
            }
            delivery.take(batch, leases)
            settleLost(batch.lost, epoch: plan.epoch)
            // What was cut off may still be for another reader: then there is room for what comes after it.
            if isFull, !delivery.messages.isEmpty { break }
        }
        return delivery
    }

    /// What was read of the journal.
    fileprivate struct Batch {
        var heads: [SubscriptionState.Head] = []
        /// One a head; empty of data where the filter does not let it pass.
        var messages: [IncomingMessage] = []
        /// One a head: what it takes in an answer.
        var sizes: [Int] = []
        /// In the journal.
        var bytes = 0
        /// Numbers that the journal no longer has.
        var lost: [Range<UInt64>] = []

        /// Leaves the first messages that have `room` together, at least one that passes the filter if so said: the
        /// others stay where they are. Returns whether there were others.
        mutating func cut(to room: Int, atLeastOne: Bool) -> Bool {
            var total = 0
            for (index, size) in sizes.enumerated() where size > 0 {
                if total + size > room, total > 0 || !atLeastOne {
                    heads.removeSubrange(index...)
                    messages.removeSubrange(index...)
                    return true
                }
                total += size
            }
            return false
        }
    }

    /// The most bytes that a message takes in an answer to a reader, with its ids and times, as a protocol buffer.
    static func answerBytes(_ message: IncomingMessage) -> Int {
        // Ack id, number, publish time and attempt, and the heads of all fields.
        var bytes = 96 + message.data.count + message.orderingKey.utf8.count
        for (key, value) in message.attributes { bytes += 10 + key.utf8.count + value.utf8.count }
        return bytes
    }

    private func readFresh(
        _ range: Range<UInt64>, byteLimit: Int, _ batch: inout Batch, _ reader: inout Reader
    ) throws(JournalError) {
        batch.heads.reserveCapacity(range.count)
        batch.messages.reserveCapacity(range.count)
        reader.cursor.move(to: range.lowerBound)
        try read(&reader.cursor, below: range.upperBound, byteLimit: byteLimit, &batch)
        noteMinima(batch, range.lowerBound..<min(reader.cursor.sequence, range.upperBound))
    }

    private func readAgain(
        _ sequences: [UInt64], byteLimit: Int, _ batch: inout Batch
    ) throws(JournalError) {
        var cursor = JournalCursor(0)
        for range in SequenceSet(sequences).ranges where batch.bytes < byteLimit {
            cursor.move(to: range.lowerBound)
            try read(&cursor, below: range.upperBound, byteLimit: byteLimit - batch.bytes, &batch)
        }
    }

    private func read(
        _ cursor: inout JournalCursor, below end: UInt64, byteLimit: Int, _ batch: inout Batch
    ) throws(JournalError) {
        var next = cursor.sequence
        try topic.journal.read(&cursor, below: end, byteLimit: byteLimit) { sequence, record in
            if sequence > next { batch.lost.append(next..<sequence) }
            next = sequence + 1
            decode(record, sequence, &batch)
        }
        let stop = min(cursor.sequence, end)
        if stop > next { batch.lost.append(next..<stop) }
    }

    private func decode(_ record: UnsafeRawBufferPointer, _ sequence: UInt64, _ batch: inout Batch) {
        guard let head = MessageCodec.MessageHead(record) else {
            batch.lost.append(sequence..<sequence + 1)
            return
        }
        batch.bytes += record.count
        let matches = filter?.matches(head.attributes) ?? true
        batch.heads.append(
            SubscriptionState.Head(sequence: sequence, bytes: record.count, key: head.orderingKey, matches: matches))
        let message = IncomingMessage(
            sequence: sequence,
            data: matches ? [UInt8](UnsafeRawBufferPointer(rebasing: record[head.dataOffset...])) : [],
            attributes: head.attributes, orderingKey: head.orderingKey, publishTime: head.publishTime)
        batch.messages.append(message)
        batch.sizes.append(matches ? LiveSubscription.answerBytes(message) : 0)
    }

    /// Messages that damage has taken are done with; the topic's state tells of them.
    private func settleLost(_ ranges: [Range<UInt64>], epoch: Int) {
        guard !ranges.isEmpty else { return }
        let journal = topic.journal
        let count = state.withLock { state in
            guard state.epoch == epoch else { return 0 }
            return ranges.reduce(0) { $0 + state.settle($1) { (try? journal.payloadBytes(in: $0)) ?? 0 } }
        }
        dropped.add(count)
    }

    /// What was handed out and has not reached its reader comes again, as if it had never been handed out.
    func takeBack(_ ids: [AckID]) {
        let count = state.withLock { state in
            var count = 0
            for id in ids where state.isLeased(id.sequence, as: id.lease) {
                state.makeReady(id.sequence)
                count += 1
            }
            return count
        }
        if count > 0 { signal() }
    }

    // MARK: Filtering ahead

    /// Settles new messages that the filter does not let pass, so that they do not count as waiting.
    func examineNew() {
        guard let filter else { return }
        let end = topic.journal.nextSequence
        reader.withLock { reader in
            guard reader.examined < end else { return }
            let from = state.withLock { max(reader.examined, $0.fresh, $0.settled.floor) }
            var cursor = JournalCursor(from)
            var rejected: [(UInt64, Int)] = []
            let count = try? topic.journal.read(&cursor, below: end) { sequence, record in
                guard let head = MessageCodec.MessageHead(record), !filter.matches(head.attributes) else { return }
                rejected.append((sequence, record.count))
            }
            guard count != nil else { return }
            state.withLock { state in
                for (sequence, bytes) in rejected { state.filterOut(sequence, bytes: bytes) }
            }
            reader.examined = end
        }
    }

    // MARK: Oldest by attribute

    /// The smallest value of a timestamp attribute among the messages that wait; nil: of the publish time.
    func oldestUnacknowledged(_ attribute: String?) -> Timestamp? {
        guard let attribute else { return oldestPublishTime() }
        return minima.withLock { minima in
            let floor = floor
            var minimum = minima[attribute] ?? AttributeMinimum(from: floor)
            var cursor = JournalCursor(max(minimum.examined, floor))
            let end = topic.journal.nextSequence
            // What cannot be read now is examined the next time.
            _ = try? topic.journal.read(&cursor, below: end) { sequence, record in
                guard let head = MessageCodec.MessageHead(record), filter?.matches(head.attributes) ?? true else {
                    return
                }
                minimum.note(sequence, time: head.time(attribute))
            }
            minimum.examined = max(minimum.examined, cursor.sequence)
            let least = state.withLock { state in minimum.minimum { state.settled.contains($0) } }
            minima[attribute] = minimum
            return least
        }
    }

    /// Spares `oldestUnacknowledged` the reading of what was just read in order to be handed out.
    private func noteMinima(_ batch: Batch, _ range: Range<UInt64>) {
        minima.withLock { minima in
            for (attribute, minimum) in minima where minimum.examined == range.lowerBound {
                var minimum = minimum
                for (head, message) in zip(batch.heads, batch.messages) where head.matches {
                    let time = message.attributes[attribute].flatMap(TimestampAttribute.parse) ?? message.publishTime
                    minimum.note(message.sequence, time: time)
                }
                minimum.examined = range.upperBound
                minima[attribute] = minimum
            }
        }
    }
}

extension LiveSubscription.Delivery {
    fileprivate mutating func take(_ batch: LiveSubscription.Batch, _ granted: [SubscriptionState.Lease?]) {
        for (index, lease) in granted.enumerated() {
            guard let lease else { continue }
            var message = batch.messages[index]
            message.deliveryAttempt = lease.attempt
            bytes += batch.sizes[index]
            messages.append(message)
            leases.append(lease.number)
        }
    }
}

extension MessageCodec.MessageHead {
    fileprivate func time(_ attribute: String) -> Timestamp {
        attributes[attribute].flatMap(TimestampAttribute.parse) ?? publishTime
    }
}
