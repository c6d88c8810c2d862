import Columnar
import Pipes
import Time

/// Reads a CSV file as rows of a table, by BigQuery's rules: columns by position, an unquoted empty field is null.
struct CSVTable {
    let table: TableName
    let schema: TableSchema
    let options: ExternalDataConfiguration.CSVOptions

    /// All rows of the file; throws `externalData` with file and line.
    func rows(of text: [UInt8], file: String) throws -> Batch {
        var values = schema.fields.map { _ in [Scalar]() }
        do {
            var records = CSVRecords(text, delimiter: options.fieldDelimiter.utf8.first ?? UInt8(ascii: ","))
            for _ in 0..<options.skipLeadingRows {
                guard let heading = try records.next() else { break }
                try check(heading: heading.map(\.text), line: records.line)
            }
            while let record = try records.next() {
                guard record.count == schema.fields.count else {
                    throw CSVRecords.Failure(
                        line: records.line,
                        message:
                            "the line has \(record.count) fields, the table \(table) has \(schema.fields.count) columns"
                    )
                }
                for (index, field) in schema.fields.enumerated() {
                    values[index].append(try scalar(record[index], field, line: records.line))
                }
            }
        } catch let failure as CSVRecords.Failure {
            throw WarehouseError(
                .externalData, "\(file):\(failure.line): \(failure.message)",
                remedy: "the table keeps its earlier rows until the file is right")
        }
        let columnar = schema.columnar
        return Batch(
            schema: columnar, columns: zip(columnar.fields, values).map { Column($0.type, $1) },
            count: values.first?.count ?? 0, eventTimes: [])
    }

    /// Columns go by position; a heading with the same names in another order means that somebody thinks otherwise.
    private func check(heading: [String], line: Int) throws(CSVRecords.Failure) {
        let names = heading.map { $0.lowercased() }
        let columns = schema.fields.map { $0.name.lowercased() }
        if names != columns, names.sorted() == columns.sorted() {
            throw CSVRecords.Failure(
                line: line,
                message:
                    "the heading is \(heading.joined(separator: ",")), but the table's columns, which are taken by position, "
                    + "are \(schema.fields.map(\.name).joined(separator: ","))")
        }
    }

    private func scalar(_ value: CSVRecords.Field, _ field: TableField, line: Int) throws(CSVRecords.Failure) -> Scalar
    {
        if value.bytes.isEmpty, !value.isQuoted || (field.type != .string && field.type != .bytes) {
            if field.mode == .required {
                throw CSVRecords.Failure(
                    line: line, message: "column '\(field.name)' is REQUIRED, but the field is empty")
            }
            return .null
        }
        let text = value.text
        let result: Scalar? =
            switch field.type {
            case .string: .string(text)
            case .integer: Int64(text).map { .int64($0) }
            case .float: Double(text).map { .float64($0) }
            case .boolean: Self.booleans[text.lowercased()].map { .boolean($0) }
            case .timestamp: TimestampText.parse(text).map { .timestamp($0) }
            case .bytes: Base64.decode(value.bytes).map { .bytes($0) }
            case .record: nil
            }
        guard let result else {
            throw CSVRecords.Failure(
                line: line, message: "column '\(field.name)' is \(field.type.rawValue), and '\(text)' is none")
        }
        return result
    }

    private static let booleans: [String: Bool] = [
        "true": true, "t": true, "yes": true, "y": true, "1": true,
        "false": false, "f": false, "no": false, "n": false, "0": false,
    ]
}
