public import Columnar
import GRDB
public import Pipes
import Spelling
import Synchronization

extension WarehouseStore: RowLookup {
    /// The columns of the table as a pipeline sees them.
    public func schema(of table: TableName) async throws -> Schema { try entry(table).schema.columnar }

    /// Finds each key's first row, on a connection beside the writer's.
    ///
    /// The first look-up by a set of columns makes an index on them.
    ///
    /// - Throws: `WarehouseError`: `notFound` for a table or column, `schemaMismatch` for a key of another type than its
    ///   column, or for a nested column.
    public func lookUp(
        _ keys: [Columnar.Column], keyColumns: [String], columns: [String], in table: TableName
    ) async throws -> LookupResult {
        let entry = try entry(table)
        let search = try PointLookup(entry, keyColumns: keyColumns, columns: columns, keyTypes: keys.map(\.type))
        if !state.withLock({ $0.indexes.contains(search.index) }) {
            try await write { db in try db.execute(sql: search.indexSQL) }
            _ = state.withLock { $0.indexes.insert(search.index) }
        }
        return try await read { db in try search.run(keys, db) }
    }

    /// Changes whenever the table's rows do; 0 for a table that is not there.
    public func version(of table: TableName) async -> UInt64 {
        state.withLock { $0.tables[table]?.version ?? 0 }
    }
}
