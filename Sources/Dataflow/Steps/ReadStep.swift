import Columnar
import MessageFormats
import Pipes
import Time

/// `ReadFromPubSub`: messages become rows.
///
/// A payload that cannot be read, and an attribute that is missing, reject the message: Beam's reader raises on both.
struct ReadStep: Sendable {
    /// What became of a run of messages.
    struct Decoded: Sendable {
        var batch: Batch
        /// Messages without a row, by their position in the run, with reasons.
        var failures = RowFailures()
        /// The event time of every message, rejected ones too.
        var eventTimes: [Int64]
        /// Messages whose time attribute is missing or unreadable: their publish time stands in.
        var unreadableTimestamps = 0
    }

    let read: ReadMessages
    let schema: Schema

    func decode(_ messages: some RandomAccessCollection<IncomingMessage>) -> Decoded {
        var result = Decoded(batch: Batch(schema: schema, columns: [], count: 0, eventTimes: []), eventTimes: [])
        result.eventTimes = eventTimes(messages, unreadable: &result.unreadableTimestamps)
        var (columns, positions) = payload(messages, failures: &result.failures)
        var missing: Set<Int32> = []
        for name in read.attributes {
            var column = BytesColumn()
            for (row, position) in positions.enumerated() {
                if let value = messages[position].attributes[name] {
                    column.bytes.append(contentsOf: value.utf8)
                } else {
                    result.failures.report(position, "the message has no attribute '\(name)'")
                    missing.insert(Int32(row))
                }
                column.offsets.append(Int32(column.bytes.count))
            }
            columns.append(.string(column))
        }
        if read.attributesMap != nil {
            columns.append(.map(MapColumn(positions.lazy.map { messages[$0].attributes })))
        }
        if read.publishTimeField != nil {
            columns.append(.timestamp(FixedColumn(values: positions.map { messages[$0].publishTime.micros })))
        }
        result.batch = Batch(
            schema: schema, columns: columns, count: positions.count,
            eventTimes: positions.count == messages.count ? result.eventTimes : positions.map { result.eventTimes[$0] }
        ).withoutRows(missing)
        return result
    }

    private func eventTimes(_ messages: some Collection<IncomingMessage>, unreadable: inout Int) -> [Int64] {
        guard let attribute = read.timestampAttribute else { return messages.map(\.publishTime.micros) }
        return messages.map { message in
            if let time = message.attributes[attribute].flatMap(TimestampAttribute.parse) { return time.micros }
            unreadable += 1
            return message.publishTime.micros
        }
    }

    /// The payload's columns, and for each of their rows the position of its message.
    private func payload(
        _ messages: some RandomAccessCollection<IncomingMessage>, failures: inout RowFailures
    ) -> (columns: [Column], positions: [Int]) {
        switch read.format {
        case .raw:
            return ([.bytes(BytesColumn(messages.lazy.map(\.data)))], Array(0..<messages.count))
        case .string:
            var positions: [Int] = []
            for (position, message) in messages.enumerated() {
                if String(validating: message.data, as: UTF8.self) == nil {
                    failures.report(position, "the payload is not UTF-8 text")
                } else {
                    positions.append(position)
                }
            }
            return ([.string(BytesColumn(positions.lazy.map { messages[$0].data }))], positions)
        case .json(let schema):
            let decoded = JSONBatchDecoder(schema: schema).decode(messages.lazy.map(\.data))
            for failure in decoded.failures { failures.report(failure.document, failure.description) }
            return (decoded.columns, decoded.documents.map(Int.init))
        case .binary(let decoder):
            let decoded = decoder.decode(messages.lazy.map(\.data))
            for failure in decoded.failures { failures.report(failure.position, failure.problem.description) }
            return (decoded.columns, decoded.positions)
        }
    }
}

extension RandomAccessCollection {
    /// The element at a distance from the start.
    fileprivate subscript(position: Int) -> Element { self[index(startIndex, offsetBy: position)] }
}
