import Columnar
import GRDBSQLite
import Time

/// The values that a statement gives, row after row, as a column.
struct SQLColumn {
    private let type: DataType
    private var whole: [Int64] = []
    private var floats: [Double] = []
    private var bytes = BytesColumn()
    private var truths = Bitmap(repeating: false, count: 0)
    private var validity = Bitmap(repeating: false, count: 0)
    private var count = 0

    init(_ type: DataType, capacity: Int) {
        self.type = type
        switch type {
        case .int64, .timestamp: whole.reserveCapacity(capacity)
        case .float64: floats.reserveCapacity(capacity)
        case .string, .bytes: bytes.offsets.reserveCapacity(capacity + 1)
        default: break
        }
    }

    /// Runs the statement with its parameters and adds its value; the problem, and a null, when there is none.
    mutating func append(_ statement: SQLStatement) -> String? {
        let handle = statement.handle
        defer { sqlite3_reset(handle) }
        var problem: String?
        if sqlite3_step(handle) == SQLITE_ROW {
            let kind = sqlite3_column_type(handle, 0)
            if kind != SQLITE_NULL {
                problem = append(kind, handle)
                if problem == nil { return nil }
            }
        } else {
            problem = statement.problem
        }
        appendNull()
        return problem
    }

    /// Adds a value that is not null.
    private mutating func append(_ kind: Int32, _ handle: OpaquePointer?) -> String? {
        switch (kind, type) {
        case (SQLITE_INTEGER, .int64), (SQLITE_INTEGER, .timestamp): whole.append(sqlite3_column_int64(handle, 0))
        case (SQLITE_INTEGER, .boolean): truths.append(sqlite3_column_int64(handle, 0) != 0)
        case (SQLITE_INTEGER, .float64), (SQLITE_FLOAT, .float64): floats.append(sqlite3_column_double(handle, 0))
        case (SQLITE_FLOAT, .int64): return "the result is beyond 64 bits"
        case (SQLITE_TEXT, .string), (SQLITE_BLOB, .bytes):
            let start = sqlite3_column_blob(handle, 0)
            let length = Int(sqlite3_column_bytes(handle, 0))
            guard bytes.bytes.count + length <= Int(Int32.max) else { return "the batch has more than 2 GB of text" }
            bytes.bytes += UnsafeRawBufferPointer(start: start, count: length)
            bytes.offsets.append(Int32(bytes.bytes.count))
        default: return "the result is not of type \(type)"
        }
        validity.append(true)
        count += 1
        return nil
    }

    private mutating func appendNull() {
        switch type {
        case .int64, .timestamp: whole.append(0)
        case .float64: floats.append(0)
        case .boolean: truths.append(false)
        case .string, .bytes: bytes.offsets.append(Int32(bytes.bytes.count))
        default: break
        }
        validity.append(false)
        count += 1
    }

    /// What was added.
    var column: Column {
        let present = validity.isAllSet ? nil : validity
        switch type {
        case .int64: return .int64(FixedColumn(values: whole, validity: present))
        case .timestamp: return .timestamp(FixedColumn(values: whole, validity: present))
        case .float64: return .float64(FixedColumn(values: floats, validity: present))
        case .boolean: return .boolean(BooleanColumn(values: truths, validity: present))
        case .string, .bytes:
            let column = BytesColumn(offsets: bytes.offsets, bytes: bytes.bytes, validity: present)
            return type == .string ? .string(column) : .bytes(column)
        default: return .nulls(type, count: count)
        }
    }
}
