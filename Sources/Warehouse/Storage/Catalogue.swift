import Foundation
import GRDB
import Pipes
import Time

/// What the warehouse knows of a table. The catalogue in the file and this copy in memory change with the same commit.
struct TableEntry: Sendable {
    /// The catalogue's number of the table.
    var id: Int64
    var name: TableName
    var schema: TableSchema
    var external: ExternalDataConfiguration?
    /// Now in the table.
    var rows: Int64 = 0
    /// Ever written to it.
    var inserted: Int64 = 0
    /// About, on disk.
    var bytes: Int64 = 0
    var lastWrite: Timestamp?
    /// Changes with the rows; counts from the opening.
    var version: UInt64 = 1
}

/// The tables in which the warehouse keeps its own things. Their names have no dot: no table of a dataset can have them.
enum Catalogue {
    /// Makes the catalogue of a new file.
    static func create(_ db: Database) throws {
        if try db.integer("PRAGMA user_version") == DatabaseFile.version { return }
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS _datasets (
                    name TEXT PRIMARY KEY, resource TEXT NOT NULL
                ) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS _tables (
                    id INTEGER PRIMARY KEY, dataset TEXT NOT NULL, name TEXT NOT NULL, fields TEXT NOT NULL, external TEXT,
                    rows INTEGER NOT NULL DEFAULT 0, inserted INTEGER NOT NULL DEFAULT 0,
                    bytes INTEGER NOT NULL DEFAULT 0, last_write INTEGER, UNIQUE (dataset, name)
                );
                CREATE TABLE IF NOT EXISTS _sources (
                    table_id INTEGER NOT NULL, position INTEGER NOT NULL, uri TEXT NOT NULL, size INTEGER NOT NULL,
                    modified INTEGER NOT NULL, hash INTEGER NOT NULL, PRIMARY KEY (table_id, position)
                ) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS _pipelines (
                    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL, committed INTEGER NOT NULL
                );
                CREATE TABLE IF NOT EXISTS _positions (
                    pipeline INTEGER NOT NULL, source TEXT NOT NULL, position BLOB NOT NULL, PRIMARY KEY (pipeline, source)
                ) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS _state (
                    pipeline INTEGER NOT NULL, step TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
                    PRIMARY KEY (pipeline, step, key)
                ) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS _types ("TIMESTAMP" TIMESTAMP);
                PRAGMA application_id = \(DatabaseFile.application);
                PRAGMA user_version = \(DatabaseFile.version);
                """)
    }

    /// The names of the datasets.
    static func datasets(_ db: Database) throws -> Set<String> {
        var names: Set<String> = []
        try db.each("SELECT name FROM _datasets") { names.insert($0.text(0)) }
        return names
    }

    /// Every table.
    static func tables(_ db: Database) throws -> [TableEntry] {
        var entries: [TableEntry] = []
        let sql =
            "SELECT id, dataset, name, fields, external, rows, inserted, bytes, last_write FROM _tables ORDER BY id"
        try db.each(sql) { row in
            entries.append(
                TableEntry(
                    id: row.integer(0), name: TableName(dataset: row.text(1), table: row.text(2)),
                    schema: TableSchema(fields: try decode(row.text(3))),
                    external: row.isNull(4) ? nil : try decode(row.text(4)) as ExternalDataConfiguration,
                    rows: row.integer(5), inserted: row.integer(6), bytes: row.integer(7),
                    lastWrite: row.isNull(8) ? nil : Timestamp(micros: row.integer(8))))
        }
        return entries
    }

    /// Stores a dataset, or what changed in it.
    static func store(_ dataset: DatasetResource, _ db: Database) throws {
        try db.run(
            "INSERT INTO _datasets (name, resource) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET resource = excluded.resource",
            .text(dataset.datasetReference.datasetId), .text(try encode(dataset)))
    }

    /// Makes the table and its entry; returns the entry.
    static func create(
        _ name: TableName, _ schema: TableSchema, _ external: ExternalDataConfiguration?, _ db: Database
    ) throws -> TableEntry {
        let columns = schema.fields.map { "\($0.name.quotedSQL) \($0.declaredType)" }.joined(separator: ", ")
        try db.execute(sql: "CREATE TABLE \(name.physical) (\(columns))")
        try db.run(
            "INSERT INTO _tables (dataset, name, fields, external) VALUES (?, ?, ?, ?)", .text(name.dataset),
            .text(name.table),
            .text(try encode(schema.fields)), try external.map { .text(try encode($0)) } ?? .null)
        return TableEntry(id: db.lastInsertedRowID, name: name, schema: schema, external: external)
    }

    /// Stores a changed schema or source of a table; new columns are appended.
    static func update(
        _ entry: inout TableEntry, to schema: TableSchema, _ external: ExternalDataConfiguration?, _ db: Database
    ) throws {
        for field in schema.fields.dropFirst(entry.schema.fields.count) {
            try db.execute(
                sql: "ALTER TABLE \(entry.name.physical) ADD COLUMN \(field.name.quotedSQL) \(field.declaredType)")
        }
        // Other columns or options read the same files differently.
        try db.run("DELETE FROM _sources WHERE table_id = ?", .integer(entry.id))
        try db.run(
            "UPDATE _tables SET fields = ?, external = ? WHERE id = ?", .text(try encode(schema.fields)),
            try external.map { .text(try encode($0)) } ?? .null, .integer(entry.id))
        entry.schema = schema
        entry.external = external
    }

    /// Takes rows into account that were just written in the same transaction.
    static func addRows(_ rows: Int, bytes: Int64, at time: Timestamp, to table: Int64, _ db: Database) throws {
        try db.run(
            "UPDATE _tables SET rows = rows + ?1, inserted = inserted + ?1, bytes = bytes + ?2, last_write = ?3 WHERE id = ?4",
            .integer(Int64(rows)), .integer(bytes), .integer(time.micros), .integer(table))
    }

    /// Empties the table.
    static func truncate(_ entry: TableEntry, at time: Timestamp, _ db: Database) throws {
        try db.run("DELETE FROM \(entry.name.physical)")
        try db.run(
            "UPDATE _tables SET rows = 0, bytes = 0, last_write = ? WHERE id = ?", .integer(time.micros),
            .integer(entry.id))
    }

    /// Compares the counted rows with the table; returns the true number when they differ.
    ///
    /// Rows are only ever appended or deleted all together, so that the last rowid is the number of rows, which costs
    /// one seek. The rows are counted only when it is not.
    static func verify(_ entry: TableEntry, _ db: Database) throws -> Int64? {
        let names = Set(entry.schema.fields.map { $0.name.lowercased() })
        if let rowid = ["rowid", "_rowid_", "oid"].first(where: { !names.contains($0) }),
            try db.integer("SELECT max(\(rowid)) FROM \(entry.name.physical)") ?? 0 == entry.rows
        {
            return nil
        }
        let count = try db.integer("SELECT count(*) FROM \(entry.name.physical)") ?? 0
        if count == entry.rows { return nil }
        try db.run("UPDATE _tables SET rows = ? WHERE id = ?", .integer(count), .integer(entry.id))
        return count
    }

    private static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func decode<Value: Decodable>(_ text: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw WarehouseError(.corrupt, "the warehouse's catalogue can't be read: \(error)")
        }
    }
}
