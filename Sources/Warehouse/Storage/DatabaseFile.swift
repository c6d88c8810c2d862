import Foundation
import GRDB
import Pipes
import Time

/// The one file of a warehouse: rows, catalogue and checkpoints lie in it, so that they commit together.
enum DatabaseFile {
    /// The file's name in the warehouse's folder.
    static let name = "warehouse.sqlite"

    /// The layout that this version writes: `PRAGMA user_version`.
    static let version: Int64 = 1

    /// Marks the file as ours: `PRAGMA application_id`, the letters `strm`.
    static let application: Int64 = 0x7374_726d

    /// Opens the file for writing, making it and its folder where they are missing.
    static func open(_ path: String, _ options: WarehouseOptions) throws -> DatabasePool {
        do {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        } catch {
            throw WarehouseError(
                .cannotOpen, "the warehouse's folder can't be made: \(error.localizedDescription)",
                remedy: "choose another data folder")
        }
        var configuration = Configuration()
        configuration.label = "warehouse"
        configuration.busyMode = .timeout(options.busyTimeout.inSeconds)
        configuration.maximumReaderCount = 2
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000; PRAGMA secure_delete = OFF")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            try check(db, path)
            // GRDB chooses NORMAL for its pools; this comes after it. The other pragmas keep the write-ahead log from
            // growing without end and from being copied into the database too often.
            try db.execute(
                sql: """
                    PRAGMA synchronous = \(options.durability.rawValue);
                    PRAGMA wal_autocheckpoint = 2000;
                    PRAGMA journal_size_limit = 67108864;
                    """)
            if let limit = options.maximumBytes {
                let pageSize = try db.integer("PRAGMA page_size") ?? 4096
                try db.execute(sql: "PRAGMA max_page_count = \(max(1, limit / pageSize))")
            }
        }
        return pool
    }

    /// Refuses a file of another program, or of a newer version of this one.
    static func check(_ db: Database, _ path: String) throws {
        let application = try db.integer("PRAGMA application_id") ?? 0
        let version = try db.integer("PRAGMA user_version") ?? 0
        if application != Self.application, try db.integer("SELECT count(*) FROM sqlite_schema") ?? 0 > 0 {
            throw WarehouseError(
                .unknownFormat, "\(path) is a database of another program", remedy: "choose another data folder")
        }
        if version > Self.version {
            throw WarehouseError(
                .unknownFormat, "the warehouse \(path) was written by a newer version of streamtop (layout \(version))",
                remedy: "use that version, or another data folder")
        }
    }

    /// The bytes of the file and of its write-ahead log.
    static func size(_ path: String) -> Int64 {
        [path, path + "-wal"].reduce(0) { total, file in
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            return total + ((attributes?[.size] as? NSNumber)?.int64Value ?? 0)
        }
    }
}
