import Columnar
import GRDB
import GRDBSQLite
import Pipes
import Time

/// Writes the live rows of a batch into its table, straight from the columns' buffers.
struct RowWriter {
    /// About how many bytes the rows take on disk: SQLite's record format with the b-tree's overhead.
    private(set) var bytes: Int64 = 0

    private let plan: WritePlan

    init(_ plan: WritePlan) { self.plan = plan }

    /// Throws when a row does not fit; the caller rolls the transaction back.
    mutating func write(_ batch: Batch, _ db: Database) throws {
        let columns = plan.items.map { batch.columns[$0.source] }
        var sources: [ColumnSource] = []
        sources.reserveCapacity(columns.count)
        try ColumnSource.withSources(columns, plan.items, &sources) { sources in
            // A row a statement: several rows in one `INSERT` were measured and gain nothing.
            let statement = try RawStatement(plan.insertSQL, db)
            defer { statement.finish() }
            try batch.forEachLive { _, row in
                // The cell: payload size, rowid, the record's header (a byte and one a column), a two-byte pointer.
                var size = 7 + sources.count
                for index in sources.indices {
                    size += try sources[index].bind(
                        row, statement.handle, CInt(index + 1), plan.items[index], plan.table)
                }
                try statement.execute()
                bytes += Int64(size)
            }
        }
    }
}

/// A column's buffers, as pointers that are valid while a batch is written.
enum ColumnSource {
    case null
    case boolean(Bitmap, Bitmap?)
    case integer(UnsafeBufferPointer<Int64>, Bitmap?)
    case integerAsFloat(UnsafeBufferPointer<Int64>, Bitmap?)
    case float(UnsafeBufferPointer<Double>, Bitmap?)
    case text(UnsafeBufferPointer<Int32>, UnsafeBufferPointer<UInt8>, Bitmap?)
    case blob(UnsafeBufferPointer<Int32>, UnsafeBufferPointer<UInt8>, Bitmap?)
    case timestampText(BytesColumn)
    case json(Columnar.Column)

    /// Opens the buffers of `columns` one inside the other and calls `body` with all of them.
    static func withSources(
        _ columns: [Columnar.Column], _ items: [WritePlan.Item], _ sources: inout [ColumnSource],
        _ body: ([ColumnSource]) throws -> Void
    ) throws {
        guard sources.count < columns.count else { return try body(sources) }
        let column = columns[sources.count]
        let conversion = items[sources.count].conversion
        func next(_ source: ColumnSource) throws {
            sources.append(source)
            try withSources(columns, items, &sources, body)
        }
        switch (column, conversion) {
        case (_, .json): try next(.json(column))
        case (.null, _): try next(.null)
        case (.boolean(let column), _): try next(.boolean(column.values, column.validity))
        case (.int64(let column), .integerToFloat):
            try column.values.withUnsafeBufferPointer { try next(.integerAsFloat($0, column.validity)) }
        case (.int64(let column), _), (.timestamp(let column), _):
            try column.values.withUnsafeBufferPointer { try next(.integer($0, column.validity)) }
        case (.float64(let column), _):
            try column.values.withUnsafeBufferPointer { try next(.float($0, column.validity)) }
        case (.string(let column), .textToTimestamp): try next(.timestampText(column))
        case (.string(let column), _):
            try column.offsets.withUnsafeBufferPointer { offsets in
                try column.bytes.withUnsafeBufferPointer { try next(.text(offsets, $0, column.validity)) }
            }
        case (.bytes(let column), _):
            try column.offsets.withUnsafeBufferPointer { offsets in
                try column.bytes.withUnsafeBufferPointer { try next(.blob(offsets, $0, column.validity)) }
            }
        case (.list, _), (.map, _), (.structure, _): try next(.json(column))
        }
    }

    /// Binds value `row`; returns how many bytes its body takes in SQLite's record format.
    @inline(__always)
    func bind(
        _ row: Int, _ statement: OpaquePointer, _ parameter: CInt, _ item: WritePlan.Item, _ table: TableName
    ) throws -> Int {
        switch self {
        case .null:
            sqlite3_bind_null(statement, parameter)
            return 0
        case .boolean(let values, let validity):
            if let validity, !validity[row] { break }
            sqlite3_bind_int(statement, parameter, values[row] ? 1 : 0)
            return 0
        case .integer(let values, let validity):
            if let validity, !validity[row] { break }
            sqlite3_bind_int64(statement, parameter, values[row])
            return Self.size(of: values[row])
        case .integerAsFloat(let values, let validity):
            if let validity, !validity[row] { break }
            sqlite3_bind_double(statement, parameter, Double(values[row]))
            return Self.size(of: values[row])
        case .float(let values, let validity):
            if let validity, !validity[row] { break }
            if values[row].isNaN { break }
            sqlite3_bind_double(statement, parameter, values[row])
            return 8
        case .text(let offsets, let bytes, let validity):
            if let validity, !validity[row] { break }
            let length = offsets[row + 1] - offsets[row]
            guard length > 0, let start = bytes.baseAddress else {
                // Length 0 of a static text: a null pointer would bind NULL.
                sqlite3_bind_text(statement, parameter, "", 0, RawStatement.copied)
                return 0
            }
            _ = (start + Int(offsets[row])).withMemoryRebound(to: CChar.self, capacity: Int(length)) {
                sqlite3_bind_text(statement, parameter, $0, length, nil)
            }
            return Int(length) + (length > 57 ? 1 : 0)
        case .blob(let offsets, let bytes, let validity):
            if let validity, !validity[row] { break }
            let length = offsets[row + 1] - offsets[row]
            guard length > 0, let start = bytes.baseAddress else {
                sqlite3_bind_zeroblob(statement, parameter, 0)
                return 0
            }
            sqlite3_bind_blob(statement, parameter, start + Int(offsets[row]), length, nil)
            return Int(length) + (length > 57 ? 1 : 0)
        case .timestampText(let column):
            if let validity = column.validity, !validity[row] { break }
            let text = String(decoding: column[row], as: UTF8.self)
            guard let time = TimestampText.parse(text) else {
                throw WarehouseError(
                    .rowRejected, "table \(table): column '\(item.field.name)' is TIMESTAMP, and '\(text)' is none")
            }
            sqlite3_bind_int64(statement, parameter, time.micros)
            return 8
        case .json(let column):
            if column.isNull(row) {
                guard item.field.mode == .repeated else { break }
                // A REPEATED column is never null: no list is the empty list.
                sqlite3_bind_text(statement, parameter, "[]", 2, RawStatement.copied)
                return 2
            }
            var text: [UInt8] = []
            JSONText.append(column, row, to: &text)
            _ = text.withUnsafeBytes { buffer in
                sqlite3_bind_text(
                    statement, parameter, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(buffer.count),
                    RawStatement.copied)
            }
            return text.count + (text.count > 57 ? 1 : 0)
        }
        sqlite3_bind_null(statement, parameter)
        return 0
    }

    /// Bytes of an integer in SQLite's record format.
    @inline(__always)
    private static func size(of value: Int64) -> Int {
        if value == 0 || value == 1 { return 0 }
        let bits = 65 - (value < 0 ? ~value : value).leadingZeroBitCount
        return switch bits {
        case ...8: 1
        case ...16: 2
        case ...24: 3
        case ...32: 4
        case ...48: 6
        default: 8
        }
    }
}
