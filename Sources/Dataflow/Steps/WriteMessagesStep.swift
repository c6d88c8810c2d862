import Columnar
import MessageFormats
import Pipes
import Time

/// `WriteToPubSub`: a message for each row.
///
/// Messages are published before the epoch commits. After a crash in between, the epoch is done again and its messages
/// are published again: delivery is at least once. Error rows that come straight from a step's error output keep the
/// rejected element's own bytes as payload, with the attributes `streamtop-error` and `streamtop-step`.
struct WriteMessagesStep: Sendable {
    let write: WriteMessages

    /// A message for each of the batch's live rows that can be one; the others are reported.
    ///
    /// - Parameter failedStep: the step whose error output the rows come from.
    func messages(_ batch: Batch, failedStep: String?, failures: inout RowFailures) -> [OutgoingMessage] {
        let batch = batch.compacted()
        var payloads: [[UInt8]]
        var attributes = [[String: String]](repeating: [:], count: batch.count)
        if let failedStep, let element = batch["element"], let message = batch["msg"] {
            payloads = ErrorRows.payloads(element)
            for row in 0..<batch.count {
                attributes[row] = ErrorRows.attributes(step: failedStep, reason: message.text(row))
            }
        } else {
            payloads = self.payloads(batch, failures: &failures)
        }
        if let name = write.attributesMap, case .map(let maps)? = batch[name] {
            let members = maps.members
            for row in 0..<batch.count {
                for index in maps.range(row) where !members.values.isNull(index) {
                    attributes[row][String(decoding: members.keys[index], as: UTF8.self)] = members.values.text(index)
                }
            }
        }
        for name in write.attributes {
            guard let column = batch[name] else { continue }
            for row in 0..<batch.count where !column.isNull(row) { attributes[row][name] = column.text(row) }
        }
        if let name = write.timestampAttribute {
            for row in 0..<batch.count {
                attributes[row][name] = String(batch.eventTimes[row].dividedFloored(by: 1000).quotient)
            }
        }
        if let name = write.idAttribute {
            for row in 0..<batch.count { attributes[row][name] = Self.identifier() }
        }
        return (0..<batch.count).filter { failures.reasons[Int32($0)] == nil }
            .map { OutgoingMessage(data: payloads[$0], attributes: attributes[$0]) }
    }

    private func payloads(_ batch: Batch, failures: inout RowFailures) -> [[UInt8]] {
        let fields = batch.schema.fields.indices.filter {
            let name = batch.schema.fields[$0].name
            return name != write.attributesMap && !write.attributes.contains(name)
        }
        switch write.format {
        case .json:
            let rows = JSONBatchEncoder().encodeRows(
                Batch(
                    schema: Schema(fields.map { batch.schema.fields[$0] }), columns: fields.map { batch.columns[$0] },
                    count: batch.count, eventTimes: batch.eventTimes))
            return (0..<rows.count).map { Array(rows[$0]) }
        case .binary(let encoder):
            let encoded = encoder.encode(
                fields.map { batch.schema.fields[$0] }, fields.map { batch.columns[$0] }, count: batch.count)
            for failure in encoded.failures { failures.report(failure.row, failure.problem.description) }
            return encoded.payloads
        case .raw:
            guard fields.count == 1, let field = fields.first else {
                for row in 0..<batch.count { failures.report(row, "format RAW needs one field beside the attributes") }
                return []
            }
            let column = batch.columns[field]
            return (0..<batch.count).map { row in
                switch column {
                case _ where column.isNull(row):
                    failures.report(row, "'\(batch.schema.fields[field].name)' is null: there is no payload")
                    return []
                case .bytes(let values), .string(let values): return Array(values[row])
                default: return Array(column.text(row).utf8)
                }
            }
        }
    }

    /// 128 random bits: no two messages share them, and a message that is published again after a crash is told apart
    /// by its content, not by this.
    private static func identifier() -> String {
        String(UInt64.random(in: .min ... .max), radix: 16) + String(UInt64.random(in: .min ... .max), radix: 16)
    }
}

extension Column {
    /// The value at `row` as the text of an attribute.
    func text(_ row: Int) -> String {
        switch self[row] {
        case .null: ""
        case .boolean(let value): value ? "true" : "false"
        case .int64(let value): String(value)
        case .float64(let value): String(value)
        case .string(let value): value
        case .bytes(let value): String(decoding: value, as: UTF8.self)
        case .timestamp(let value): value.rfc3339
        case .list, .structure: String(decoding: JSONBatchEncoder().encode(self, row), as: UTF8.self)
        }
    }
}
