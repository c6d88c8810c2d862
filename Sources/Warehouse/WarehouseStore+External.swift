import Columnar
import Foundation
import GRDB
import Logging
public import Pipes
import Synchronization
import Time

extension WarehouseStore {
    /// Loads again the external tables whose files have changed; returns which.
    ///
    /// A file that has the size and the modification time of the last load is not read; one with the same contents is
    /// not loaded. A file that is wrong leaves its table as it was.
    ///
    /// - Throws: `WarehouseError.Code.externalData` with file and line.
    @discardableResult
    public func refreshExternalTables() async throws -> [TableName] {
        var changed: [TableName] = []
        for entry in state.withLock({ $0.tables.values.filter { $0.external != nil } }) {
            if try await refresh(entry) { changed.append(entry.name) }
        }
        return changed
    }

    /// Whether the table was loaded again.
    @discardableResult
    func refresh(_ entry: TableEntry) async throws -> Bool {
        guard let external = entry.external else { return false }
        let known = try await read { db in try SourceFile.load(entry.id, db) }
        let files = try external.sourceUris.map {
            try SourceFile(uri: $0, folder: options.sourceFolder, table: entry.name)
        }
        if known.map(\.stamp) == files.map(\.stamp) { return false }

        let table = CSVTable(table: entry.name, schema: entry.schema, options: external.csvOptions)
        var sources: [SourceFile] = []
        var texts: [[UInt8]] = []
        for var file in files {
            let text = try file.read(table: entry.name)
            sources.append(file)
            texts.append(text)
        }
        let isSame = known.map(\.content) == sources.map(\.content)
        let batches = isSame ? [] : try zip(sources, texts).map { try table.rows(of: $1, file: $0.path) }
        let plan = try WritePlan(table: entry.name, columns: entry.schema, schema: entry.schema.columnar)
        let now = clock.now
        let rows = batches.reduce(0) { $0 + $1.count }
        try await transaction { [sources] db -> Int64 in
            try SourceFile.store(sources, entry.id, db)
            if isSame { return 0 }
            try Catalogue.truncate(entry, at: now, db)
            var writer = RowWriter(plan)
            for batch in batches { try writer.write(batch, db) }
            try Catalogue.addRows(rows, bytes: writer.bytes, at: now, to: entry.id, db)
            return writer.bytes
        } committed: { [self] bytes in
            if isSame { return }
            change(entry.name) { entry in
                entry.rows = Int64(rows)
                entry.inserted += Int64(rows)
                entry.bytes = bytes
                entry.lastWrite = now
            }
        }
        if !isSame {
            logger.info("\(entry.name): \(rows) rows loaded from \(sources.map(\.path).joined(separator: ", "))")
        }
        return !isSame
    }
}

/// A file behind an external table, as it was when it was last loaded, or as it is.
struct SourceFile: Sendable {
    /// What tells without reading that a file did not change.
    struct Stamp: Sendable, Hashable {
        var uri: String
        var size: Int64
        /// Microseconds since the epoch.
        var modified: Int64
    }

    /// What tells after reading that its contents did not change.
    struct Content: Sendable, Hashable {
        var uri: String
        var hash: Int64
    }

    var path: String
    var stamp: Stamp
    var hash: Int64 = 0

    var content: Content { Content(uri: stamp.uri, hash: hash) }

    /// Looks at the file.
    init(uri: String, folder: String, table: TableName) throws {
        var path = uri.hasPrefix("file://") ? String(uri.dropFirst(7)) : uri
        if !path.hasPrefix("/") { path = (folder as NSString).appendingPathComponent(path) }
        self.path = path
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let modified = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            stamp = Stamp(
                uri: uri, size: (attributes[.size] as? NSNumber)?.int64Value ?? 0, modified: Int64(modified * 1_000_000)
            )
        } catch {
            throw WarehouseError(
                .externalData, "table \(table): the file \(path) is not there or can't be read",
                remedy:
                    "put it there, or correct externalDataConfiguration.sourceUris; relative paths start at \(folder)")
        }
    }

    private init(uri: String, size: Int64, modified: Int64, hash: Int64) {
        path = uri
        stamp = Stamp(uri: uri, size: size, modified: modified)
        self.hash = hash
    }

    /// Reads the file and takes its hash.
    mutating func read(table: TableName) throws -> [UInt8] {
        do {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            hash = Int64(bitPattern: Self.fnv1a(bytes))
            return bytes
        } catch {
            throw WarehouseError(
                .externalData, "table \(table): the file \(path) can't be read: \(error.localizedDescription)",
                remedy: "give this user the right to read it")
        }
    }

    /// FNV-1a in 64 bits: enough to notice a change, not to resist an attack.
    private static func fnv1a(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// What was loaded last.
    static func load(_ table: Int64, _ db: Database) throws -> [SourceFile] {
        var files: [SourceFile] = []
        try db.each(
            "SELECT uri, size, modified, hash FROM _sources WHERE table_id = ? ORDER BY position", .integer(table)
        ) {
            files.append(SourceFile(uri: $0.text(0), size: $0.integer(1), modified: $0.integer(2), hash: $0.integer(3)))
        }
        return files
    }

    /// Remembers what is loaded now.
    static func store(_ files: [SourceFile], _ table: Int64, _ db: Database) throws {
        try db.run("DELETE FROM _sources WHERE table_id = ?", .integer(table))
        for (position, file) in files.enumerated() {
            try db.run(
                "INSERT INTO _sources (table_id, position, uri, size, modified, hash) VALUES (?, ?, ?, ?, ?, ?)",
                .integer(table), .integer(Int64(position)), .text(file.stamp.uri), .integer(file.stamp.size),
                .integer(file.stamp.modified), .integer(file.hash))
        }
    }
}
