import Columnar
import Foundation
public import Pipes
import Synchronization
import Time

extension WarehouseStore: RowSource {
    /// Where a reading of a table begins, and which of its rows belong to it: those that are there now. A position is
    /// two row numbers: the last one read, and the last one to read.
    ///
    /// - Throws: `WarehouseError`: `notFound` for a table, `invalidQuery` with the place in the SQL.
    public func begin(_ scan: RowScan) async throws -> [UInt8] {
        let reader = try reader()
        switch scan.source {
        case .query(let query):
            try reader.query(query) { result in
                guard result.columns.count >= scan.schema.fields.count else {
                    throw WarehouseError(
                        .schemaMismatch,
                        "the query gives \(result.columns.count) columns, its schema has \(scan.schema.fields.count)")
                }
            }
            return Self.position(after: 0, upTo: 0)
        case .table(let table, let condition):
            let entry = try entry(table)
            let last = try reader.query("SELECT max(\(entry.rowid)) FROM `\(table)`") { try $0.next()?.first }
            // A mistake in the condition is told now, not when the pipeline is under way.
            if condition != nil {
                try reader.query(Self.sql(scan, entry, condition, after: 0, upTo: 0, limit: 1)) { _ = try $0.next() }
            }
            guard case .integer(let end)? = last else { return Self.position(after: 0, upTo: 0) }
            return Self.position(after: 0, upTo: end)
        }
    }

    /// The rows at a position. Rows that were deleted since the beginning are not among them.
    ///
    /// - Throws: `WarehouseError`; `schemaMismatch` when a value is not of its column's type.
    public func rows(_ scan: RowScan, at position: [UInt8], limit: Int) async throws -> ScannedRows {
        let reader = try reader()
        guard let (after, end) = Self.numbers(in: position) else {
            throw WarehouseError(.other, "the position in \(scan.source) cannot be read")
        }
        switch scan.source {
        case .query(let query):
            return try reader.query(query) { result in
                let names = result.columns.map(\.name)
                let columns = try scan.schema.fields.map { field in
                    guard let index = names.firstIndex(of: field.name) else {
                        throw WarehouseError(
                            .schemaMismatch, "the query gives no column '\(field.name)'",
                            remedy: "its columns are \(names.joined(separator: ", "))")
                    }
                    return index
                }
                let rows = try result.rows()
                return ScannedRows(
                    batch: try ScannedValues.batch(rows.map { row in columns.map { row[$0] } }, scan.schema), next: nil)
            }
        case .table(let table, let condition):
            if after >= end { return ScannedRows(batch: Batch(scan.schema, rows: []), next: nil) }
            let sql = Self.sql(scan, try entry(table), condition, after: after, upTo: end, limit: limit)
            let rows = try reader.query(sql) { try $0.rows() }
            var next: [UInt8]?
            if rows.count == limit, case .integer(let last)? = rows.last?.first, last < end {
                next = Self.position(after: last, upTo: end)
            }
            return ScannedRows(
                batch: try ScannedValues.batch(rows.map { Array($0.dropFirst()) }, scan.schema), next: next)
        }
    }

    private static func sql(
        _ scan: RowScan, _ entry: TableEntry, _ condition: String?, after: Int64, upTo end: Int64, limit: Int
    ) -> String {
        let columns = ([entry.rowid] + scan.schema.names.map(\.quotedSQL)).joined(separator: ", ")
        // On lines of its own: a comment in the condition ends with its line.
        return """
            SELECT \(columns) FROM `\(entry.name)` WHERE (
            \(condition ?? "true")
            ) AND \(entry.rowid) > \(after) AND \(entry.rowid) <= \(end) ORDER BY \(entry.rowid) LIMIT \(limit)
            """
    }

    private static func position(after last: Int64, upTo end: Int64) -> [UInt8] {
        [last, end].flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    }

    private static func numbers(in position: [UInt8]) -> (last: Int64, end: Int64)? {
        guard position.count == 16 else { return nil }
        func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
            bytes.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        return (number(position[..<8]), number(position[8...]))
    }

    /// A connection of its own, with the functions of queries.
    private func reader() throws -> WarehouseReader {
        try WarehouseReader(folder: (path as NSString).deletingLastPathComponent, clock: clock)
    }
}

extension TableEntry {
    /// SQLite's number of a row, under a name that no column has.
    var rowid: String {
        let names = Set(schema.fields.map { $0.name.lowercased() })
        return ["rowid", "_rowid_", "oid"].first { !names.contains($0) } ?? "rowid"
    }
}

/// Values of a query as columns of given types.
enum ScannedValues {
    static func batch(_ rows: [[QueryValue]], _ schema: Schema) throws -> Batch {
        let columns = try schema.fields.indices.map { index in
            try column(rows.map { $0[index] }, schema.fields[index])
        }
        return Batch(
            schema: schema, columns: columns, count: rows.count,
            eventTimes: [Int64](repeating: Timestamp.distantPast.micros, count: rows.count))
    }

    private static func column(_ values: [QueryValue], _ field: Field) throws -> Columnar.Column {
        switch field.type {
        case .list, .map, .structure:
            let documents = values.map { value -> [UInt8] in
                if case .json(let text) = value { Array("{\"v\":\(text)}".utf8) } else { Array("{\"v\":null}".utf8) }
            }
            let decoded = JSONBatchDecoder(schema: Schema([Field("v", field.type)])).decode(documents)
            guard decoded.failures.isEmpty, let column = decoded.columns.first else {
                throw WarehouseError(
                    .schemaMismatch, "column '\(field.name)' is not \(field.type) in every row")
            }
            return column
        default:
            return Columnar.Column(field.type, try values.map { try scalar($0, field) })
        }
    }

    private static func scalar(_ value: QueryValue, _ field: Field) throws -> Scalar {
        switch (value, field.type) {
        case (.null, _): return .null
        case (.integer(let number), .int64): return .int64(number)
        case (.integer(let number), .float64): return .float64(Double(number))
        case (.integer(let number), .boolean) where number == 0 || number == 1: return .boolean(number == 1)
        case (.integer(let number), .timestamp): return .timestamp(Timestamp(micros: number))
        case (.float(let number), .float64): return .float64(number)
        case (.boolean(let flag), .boolean): return .boolean(flag)
        case (.timestamp(let time), .timestamp): return .timestamp(time)
        case (.text(let text), .string), (.json(let text), .string): return .string(text)
        case (.text(let text), .timestamp):
            if let time = Timestamp(rfc3339: text) { return .timestamp(time) }
        case (.bytes(let bytes), .bytes): return .bytes(bytes)
        default: break
        }
        throw WarehouseError(
            .schemaMismatch, "column '\(field.name)' has the value \(value), which is not \(field.type)",
            remedy: "correct the type in the schema, or convert the column in the query")
    }
}
