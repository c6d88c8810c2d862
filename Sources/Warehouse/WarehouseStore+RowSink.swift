public import Columnar
import GRDB
public import Pipes
import Synchronization
import Telemetry
import Time

extension WarehouseStore: RowSink {
    /// Makes sure that rows of `schema` fit the table, and makes the table when it is missing and `creating` is set.
    ///
    /// - Throws: `WarehouseError`: `schemaMismatch` names table, column, both types and what to do; `notFound` when the
    ///   table is missing, or its dataset (see `WarehouseOptions.createsDatasets`).
    public func prepare(_ table: TableName, for schema: Schema, creating: Bool) async throws {
        if state.withLock({ $0.tables[table] }) == nil {
            guard creating else { _ = try entry(table); return }
            let columns = try TableSchema(creating: schema, table: table)
            try await create(
                TableResource(
                    tableReference: .init(datasetId: table.dataset, tableId: table.table), schema: columns))
        }
        _ = try plan(table, schema)
    }

    /// The live rows that do not fit, from memory; none for a table or schema that was never prepared.
    public func rejections(_ rows: TableRows) -> RowFailures {
        guard let plan = try? plan(rows.table, rows.batch.schema) else { return RowFailures() }
        return plan.rejections(in: rows.batch)
    }

    /// Deletes all rows of the table.
    public func truncate(_ table: TableName) async throws {
        let entry = try writable(table)
        let now = clock.now
        try await transaction { db in
            try Catalogue.truncate(entry, at: now, db)
        } committed: { [self] in
            change(table) { entry in
                entry.rows = 0
                entry.bytes = 0
                entry.lastWrite = now
            }
        }
    }

    /// Whether the table has no rows: what `WRITE_EMPTY` asks.
    public func isEmpty(_ table: TableName) async throws -> Bool? { try writable(table).rows == 0 }

    /// Stores the epoch's rows, positions and state in one transaction; when it returns they are on disk as the
    /// durability promises.
    ///
    /// - Throws: `WarehouseError`, and then nothing was stored: `epochAlreadyCommitted` when the pipeline's last epoch is
    ///   not below this one, `rowRejected` when a row does not fit (see `rejections`), `diskFull`, `locked`, `readOnly`,
    ///   `corrupt`, `inputOutput`.
    public func commit(_ epoch: EpochCommit) async throws {
        let began = clock.now
        let writes = try epoch.rows.filter { $0.batch.liveCount > 0 }.map { rows in
            (entry: try entry(rows.table), plan: try plan(rows.table, rows.batch.schema), batch: rows.batch)
        }
        for write in writes {
            if let (row, reason) = write.plan.rejections(in: write.batch, limit: 1).reasons.first {
                throw WarehouseError(.rowRejected, "row \(row): \(reason)", remedy: "reject such rows in the pipeline")
            }
        }
        try await transaction { db in
            try Checkpoints.store(epoch, at: began, db)
            var sizes: [Int64] = []
            for write in writes {
                var writer = RowWriter(write.plan)
                try writer.write(write.batch, db)
                try Catalogue.addRows(write.batch.liveCount, bytes: writer.bytes, at: began, to: write.entry.id, db)
                sizes.append(writer.bytes)
            }
            return sizes
        } committed: { [self] sizes in
            for (write, size) in zip(writes, sizes) {
                change(write.entry.name) { entry in
                    entry.rows += Int64(write.batch.liveCount)
                    entry.inserted += Int64(write.batch.liveCount)
                    entry.bytes += size
                    entry.lastWrite = began
                }
            }
            state.withLock { $0.commits += 1 }
        }
        commitLatency.record(clock.now - began)
    }

    /// The last epoch that was stored for the pipeline; nil when it has never committed.
    public func lastEpoch(of pipeline: String) async throws -> CommittedEpoch? {
        try await read { db in try Checkpoints.load(pipeline, db) }
    }

    /// The table, if its rows are its own.
    private func writable(_ table: TableName) throws -> TableEntry {
        let entry = try entry(table)
        if let external = entry.external {
            throw WarehouseError(
                .schemaMismatch,
                "table \(table) can't be written: its rows are those of \(external.sourceUris.joined(separator: ", "))",
                remedy: "write to another table")
        }
        return entry
    }

    /// Changes the entry in memory, and its version.
    func change(_ table: TableName, _ body: (inout TableEntry) -> Void) {
        state.withLock { state in
            guard var entry = state.tables[table] else { return }
            body(&entry)
            entry.version += 1
            state.tables[table] = entry
        }
    }

    private func plan(_ table: TableName, _ schema: Schema) throws -> WritePlan {
        let key = PlanKey(table: table, schema: schema)
        if let plan = state.withLock({ $0.plans[key] }) { return plan }
        let plan = try WritePlan(table: table, columns: try writable(table).schema, schema: schema)
        state.withLock { $0.plans[key] = plan }
        return plan
    }
}
