import Columnar
import GRDB
import GRDBSQLite
import Pipes
import Spelling

/// A search of rows by key, checked against the table's columns.
struct PointLookup: Sendable {
    /// The index's name: the table and its key's columns.
    let index: String
    private let table: TableName
    private let keyFields: [TableField]
    private let fields: [TableField]
    private let rowid: String

    init(_ entry: TableEntry, keyColumns: [String], columns: [String], keyTypes: [DataType]) throws {
        func field(_ name: String) throws -> TableField {
            guard let index = entry.schema.index(of: name) else {
                let names = entry.schema.fields.map(\.name)
                throw WarehouseError(
                    .notFound, "table \(entry.name) has no column '\(name)'\(Spelling.hint(for: name, in: names))",
                    remedy: "its columns are \(names.joined(separator: ", "))")
            }
            let field = entry.schema.fields[index]
            if field.type == .record || field.mode == .repeated {
                throw WarehouseError(
                    .schemaMismatch,
                    "table \(entry.name): column '\(field.name)' is \(field.typeText), which can't be looked up",
                    remedy: "use columns of single values")
            }
            return field
        }
        table = entry.name
        keyFields = try keyColumns.map(field)
        fields = try columns.map(field)
        for (key, type) in zip(keyFields, keyTypes) {
            switch (type, key.type) {
            case (.null, _), (.string, .string), (.bytes, .bytes), (.int64, .integer), (.int64, .float),
                (.float64, .float),
                (.float64, .integer), (.boolean, .boolean), (.timestamp, .timestamp):
                break
            default:
                throw WarehouseError(
                    .schemaMismatch,
                    "table \(table): the key column '\(key.name)' is \(key.typeText), the rows' key is \(type)",
                    remedy: "convert the key in the pipeline")
            }
        }
        index = "\(entry.name)(\(keyFields.map(\.name).joined(separator: ",")))"
        let names = Set(entry.schema.fields.map { $0.name.lowercased() })
        rowid = ["rowid", "_rowid_", "oid"].first { !names.contains($0) } ?? "1"
    }

    /// Makes the index where it is missing.
    var indexSQL: String {
        let columns = keyFields.map(\.name.quotedSQL).joined(separator: ", ")
        return "CREATE INDEX IF NOT EXISTS \(index.quotedSQL) ON \(table.physical) (\(columns))"
    }

    private var sql: String {
        let columns = fields.isEmpty ? "1" : fields.map(\.name.quotedSQL).joined(separator: ", ")
        let condition = keyFields.map { "\($0.name.quotedSQL) = ?" }.joined(separator: " AND ")
        return "SELECT \(columns) FROM \(table.physical) WHERE \(condition) ORDER BY \(rowid) LIMIT 1"
    }

    /// The first row for each key.
    func run(_ keys: [Columnar.Column], _ db: Database) throws -> LookupResult {
        let count = keys.first?.count ?? 0
        var found = Bitmap(repeating: false, count: count)
        var builders = fields.map { FoundColumn($0.type) }
        let statement = try RawStatement(sql, db)
        defer { statement.finish() }
        rows: for row in 0..<count {
            var isHit = true
            for (index, key) in keys.enumerated() where isHit { isHit = bind(key, row, statement, CInt(index + 1)) }
            if isHit { isHit = try statement.step() }
            if isHit { found[row] = true }
            for index in builders.indices {
                if isHit {
                    builders[index].append(statement, CInt(index))
                } else {
                    builders[index].appendNull()
                }
            }
            sqlite3_reset(statement.handle)
        }
        return LookupResult(columns: builders.map { $0.build() }, found: found)
    }

    /// Binds a key's value; false when it is null, which finds nothing.
    private func bind(_ column: Columnar.Column, _ row: Int, _ statement: RawStatement, _ index: CInt) -> Bool {
        if column.isNull(row) { return false }
        switch column {
        case .boolean(let column): sqlite3_bind_int(statement.handle, index, column.values[row] ? 1 : 0)
        case .int64(let column), .timestamp(let column): sqlite3_bind_int64(statement.handle, index, column.values[row])
        case .float64(let column): sqlite3_bind_double(statement.handle, index, column.values[row])
        case .string(let column): statement.bind(text: Array(column[row]), at: index)
        case .bytes(let column): statement.bind(blob: Array(column[row]), at: index)
        case .null, .list, .map, .structure: return false
        }
        return true
    }
}

/// A column that grows by what a statement found.
private struct FoundColumn {
    private let type: ColumnType
    private var validity = Bitmap(repeating: false, count: 0)
    private var integers: [Int64] = []
    private var floats: [Double] = []
    private var bits = Bitmap(repeating: false, count: 0)
    private var text = BytesColumn()

    init(_ type: ColumnType) { self.type = type }

    mutating func appendNull() {
        validity.append(false)
        switch type {
        case .boolean: bits.append(false)
        case .integer, .timestamp: integers.append(0)
        case .float: floats.append(0)
        case .string, .bytes, .record: text.offsets.append(Int32(text.bytes.count))
        }
    }

    mutating func append(_ statement: RawStatement, _ column: CInt) {
        if statement.isNull(column) { return appendNull() }
        validity.append(true)
        switch type {
        case .boolean: bits.append(statement.integer(column) != 0)
        case .integer, .timestamp: integers.append(statement.integer(column))
        case .float: floats.append(sqlite3_column_double(statement.handle, column))
        case .string, .bytes, .record:
            text.bytes += statement.bytes(column)
            text.offsets.append(Int32(text.bytes.count))
        }
    }

    func build() -> Columnar.Column {
        let validity = validity.isAllSet ? nil : validity
        var text = text
        text.validity = validity
        return switch type {
        case .boolean: .boolean(BooleanColumn(values: bits, validity: validity))
        case .integer: .int64(FixedColumn(values: integers, validity: validity))
        case .timestamp: .timestamp(FixedColumn(values: integers, validity: validity))
        case .float: .float64(FixedColumn(values: floats, validity: validity))
        case .string, .record: .string(text)
        case .bytes: .bytes(text)
        }
    }
}
