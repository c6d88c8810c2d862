import Columnar
import Pipes

/// Rejected elements: as rows of an error output, or as messages for the dead letters.
enum ErrorRows {
    /// The attributes that a message of a rejected element carries.
    static func attributes(step: String, reason: String) -> [String: String] {
        ["streamtop-error": reason, "streamtop-step": step]
    }

    /// Rows `element`, `msg`, `stack` for the rejected rows of a step's input.
    static func batch(of rejected: Batch, reasons: [String], traces: [String] = [], schema: Schema) -> Batch {
        let rejected = rejected.compacted()
        let element = Column.structure(
            StructColumn(fields: rejected.schema.fields, children: rejected.columns, count: rejected.count))
        return batch(element, rejected, reasons, schema, traces: traces)
    }

    /// Rows `element`, `msg`, `stack` for rejected messages.
    static func batch(of messages: [IncomingMessage], eventTimes: [Int64], reasons: [String], schema: Schema) -> Batch {
        let payloads = Column.bytes(BytesColumn(messages.map(\.data)))
        return batch(
            payloads, Batch(schema: Schema(), columns: [], count: messages.count, eventTimes: eventTimes), reasons,
            schema)
    }

    private static func batch(
        _ element: Column, _ rows: Batch, _ reasons: [String], _ schema: Schema, traces: [String] = []
    ) -> Batch {
        rows.replacingColumns(
            [
                element,
                .string(BytesColumn(reasons.map { Array(PythonErrorName.representation(of: $0).utf8) })),
                traces.isEmpty
                    ? .repeating(.string(""), .string, count: rows.count)
                    : .string(BytesColumn(traces.map { Array($0.utf8) })),
            ], schema: schema)
    }

    /// The elements' own bytes: payloads as they came, rows as JSON.
    static func payloads(_ element: Column) -> [[UInt8]] {
        switch element {
        case .bytes(let column), .string(let column): (0..<column.count).map { Array(column[$0]) }
        default: (0..<element.count).map { JSONBatchEncoder().encode(element, $0) }
        }
    }

    /// Dead letters for the rejected rows of a step's input.
    static func deadLetters(of rejected: Batch, reasons: [String], step: String) -> [OutgoingMessage] {
        let rows = JSONBatchEncoder().encodeRows(rejected)
        return reasons.enumerated().map { row, reason in
            OutgoingMessage(data: Array(rows[row]), attributes: attributes(step: step, reason: reason))
        }
    }

    /// Dead letters for rejected messages: the same bytes and attributes, and why.
    static func deadLetters(of messages: [IncomingMessage], reasons: [String], step: String) -> [OutgoingMessage] {
        zip(messages, reasons).map { message, reason in
            OutgoingMessage(
                data: message.data,
                attributes: message.attributes.merging(attributes(step: step, reason: reason)) { $1 },
                orderingKey: message.orderingKey)
        }
    }
}
