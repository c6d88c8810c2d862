import GRDB
import Pipes
import Time

/// Pipelines' epochs, positions and state, in the same file and the same transactions as the rows.
enum Checkpoints {
    /// Stores the epoch; throws `epochAlreadyCommitted` when it, or a later one, is there.
    ///
    /// A position replaces the one of the same source; positions of other sources stay.
    static func store(_ epoch: EpochCommit, at time: Timestamp, _ db: Database) throws {
        guard let number = Int64(exactly: epoch.epoch) else {
            throw WarehouseError(.other, "pipeline '\(epoch.pipeline)': epoch \(epoch.epoch) is out of range")
        }
        var pipeline: Int64?
        try db.each("SELECT id, epoch FROM _pipelines WHERE name = ?", .text(epoch.pipeline)) { row in
            pipeline = row.integer(0)
            let last = row.integer(1)
            guard number > last else {
                throw WarehouseError(
                    .epochAlreadyCommitted,
                    "epoch \(number) of pipeline '\(epoch.pipeline)' is already stored: the last one is \(last)",
                    remedy: "go on from the last stored epoch")
            }
        }
        let id: Int64
        if let pipeline {
            id = pipeline
            try db.run(
                "UPDATE _pipelines SET epoch = ?, committed = ? WHERE id = ?", .integer(number), .integer(time.micros),
                .integer(id))
        } else {
            try db.run(
                "INSERT INTO _pipelines (name, epoch, committed) VALUES (?, ?, ?)", .text(epoch.pipeline),
                .integer(number),
                .integer(time.micros))
            id = db.lastInsertedRowID
        }
        for (source, position) in epoch.positions {
            try db.run(
                "INSERT INTO _positions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position",
                .integer(id),
                .text(source), .blob(position))
        }
        for (key, value) in epoch.state {
            if let value {
                try db.run(
                    "INSERT INTO _state VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                    .integer(id),
                    .text(key.step), .blob(key.key), .blob(value))
            } else {
                try db.run(
                    "DELETE FROM _state WHERE pipeline = ? AND step = ? AND key = ?", .integer(id), .text(key.step),
                    .blob(key.key))
            }
        }
    }

    /// The last epoch of a pipeline; nil when it has never committed.
    static func load(_ name: String, _ db: Database) throws -> CommittedEpoch? {
        var pipeline: (id: Int64, epoch: UInt64)?
        try db.each("SELECT id, epoch FROM _pipelines WHERE name = ?", .text(name)) {
            pipeline = ($0.integer(0), UInt64(clamping: $0.integer(1)))
        }
        guard let pipeline else { return nil }
        var result = CommittedEpoch(epoch: pipeline.epoch, positions: [:], state: [:])
        try db.each("SELECT source, position FROM _positions WHERE pipeline = ?", .integer(pipeline.id)) {
            result.positions[$0.text(0)] = Array($0.bytes(1))
        }
        try db.each("SELECT step, key, value FROM _state WHERE pipeline = ?", .integer(pipeline.id)) {
            result.state[StateKey(step: $0.text(0), key: Array($0.bytes(1)))] = Array($0.bytes(2))
        }
        return result
    }
}
