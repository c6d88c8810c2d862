import Columnar
import Pipes
import Synchronization
import Time

/// A warehouse in memory: epochs are atomic and survive a crash.
final class FakeWarehouse: RowSink {
    struct Failure: Error, CustomStringConvertible { var description: String }

    private struct State {
        var tables: [TableName: [[Scalar]]] = [:]
        var eventTimes: [TableName: [Int64]] = [:]
        var prepared: [TableName: Schema] = [:]
        var epochs: [String: CommittedEpoch] = [:]
        var commits: [EpochCommit] = []
        var refused: @Sendable ([Scalar]) -> String? = { _ in nil }
        var outage: String?
        var losesReply = false
    }

    private let state = Mutex(State())
    private let crash: CrashPlan

    init(crash: CrashPlan = CrashPlan(), existing: [String: Schema] = [:]) {
        self.crash = crash
        state.withLock { state in
            for (name, schema) in existing { state.prepared[tableName(name)] = schema }
        }
    }

    func rows(_ table: String) -> [[Scalar]] { state.withLock { $0.tables[tableName(table)] ?? [] } }
    func eventTimes(_ table: String) -> [Int64] { state.withLock { $0.eventTimes[tableName(table)] ?? [] } }
    var commits: [EpochCommit] { state.withLock { $0.commits } }
    func epoch(_ pipeline: String) -> CommittedEpoch? { state.withLock { $0.epochs[pipeline] } }
    func put(_ rows: [[Scalar]], into table: String) { state.withLock { $0.tables[tableName(table)] = rows } }

    /// Commits fail with this; nil: they work.
    func setOutage(_ reason: String?) { state.withLock { $0.outage = reason } }
    /// The next commit is stored but fails all the same.
    func loseNextReply() { state.withLock { $0.losesReply = true } }
    func refuse(_ reason: @escaping @Sendable ([Scalar]) -> String?) { state.withLock { $0.refused = reason } }

    func prepare(_ table: TableName, for schema: Schema, creating: Bool) async throws {
        try crash.point()
        try state.withLock { state in
            if state.prepared[table] == nil, !creating { throw Failure(description: "there is no table \(table)") }
            state.prepared[table] = state.prepared[table] ?? schema
        }
    }

    func rejections(_ rows: TableRows) -> RowFailures {
        let refused = state.withLock { $0.refused }
        var failures = RowFailures()
        for (position, row) in rows.batch.rows.enumerated() {
            if let reason = refused(row) { failures.report(position, reason) }
        }
        return failures
    }

    func truncate(_ table: TableName) async throws {
        try crash.point()
        state.withLock { $0.tables[table] = [] }
    }

    func isEmpty(_ table: TableName) async throws -> Bool? { state.withLock { $0.tables[table]?.isEmpty ?? true } }

    func commit(_ epoch: EpochCommit) async throws {
        try crash.point()
        let losesReply = try state.withLock { state -> Bool in
            if let outage = state.outage { throw Failure(description: outage) }
            let last = state.epochs[epoch.pipeline] ?? CommittedEpoch(epoch: 0, positions: [:], state: [:])
            guard epoch.epoch > last.epoch else { throw Failure(description: "epoch \(epoch.epoch) is already there") }
            var stored = last.state
            for (key, value) in epoch.state { stored[key] = value }
            state.epochs[epoch.pipeline] = CommittedEpoch(
                epoch: epoch.epoch, positions: last.positions.merging(epoch.positions) { $1 }, state: stored)
            for rows in epoch.rows {
                state.tables[rows.table, default: []] += rows.batch.rows
                state.eventTimes[rows.table, default: []] += rows.batch.compacted().eventTimes
            }
            state.commits.append(epoch)
            defer { state.losesReply = false }
            return state.losesReply
        }
        if losesReply { throw Failure(description: "connection lost") }
        try crash.point()
    }

    func lastEpoch(of pipeline: String) async throws -> CommittedEpoch? {
        try crash.point()
        return state.withLock { $0.epochs[pipeline] }
    }
}

/// A table to look up in.
final class FakeLookup: RowLookup {
    private struct State {
        var rows: [[Scalar]]
        var version: UInt64 = 1
        var asked: [[Scalar]] = []
        var failure: String?
    }

    private let schema: Schema
    private let state: Mutex<State>

    init(_ schema: Schema, _ rows: [[Scalar]]) {
        self.schema = schema
        state = Mutex(State(rows: rows))
    }

    /// Every key that was looked up.
    var asked: [[Scalar]] { state.withLock { $0.asked } }
    func setFailure(_ reason: String?) { state.withLock { $0.failure = reason } }
    func replace(_ rows: [[Scalar]]) {
        state.withLock { state in
            state.rows = rows
            state.version += 1
        }
    }

    func schema(of table: TableName) async throws -> Schema { schema }

    private func column(_ name: String) -> Int { schema.index(of: name) ?? .max }

    func lookUp(
        _ keys: [Column], keyColumns: [String], columns: [String], in table: TableName
    ) async throws -> LookupResult {
        try state.withLock { state in
            if let failure = state.failure { throw FakeWarehouse.Failure(description: failure) }
            var results: [[Scalar]] = []
            var found = Bitmap(repeating: false, count: 0)
            for row in 0..<(keys.first?.count ?? 0) {
                let key = keys.map { $0[row] }
                state.asked.append(key)
                let match = state.rows.first { candidate in
                    zip(keyColumns, key).allSatisfy { name, value in
                        value != .null && candidate[column(name)] == value
                    }
                }
                found.append(match != nil)
                results.append(columns.map { name in match.map { $0[column(name)] } ?? .null })
            }
            return LookupResult(
                columns: columns.enumerated().map { index, name in
                    Column(schema.fields[column(name)].type, results.map { $0[index] })
                }, found: found)
        }
    }

    func version(of table: TableName) async -> UInt64 { state.withLock { $0.version } }
}

/// Topics in memory.
final class FakePublisher: MessagePublisher {
    private let published = Mutex<[String: [OutgoingMessage]]>([:])
    private let crash: CrashPlan

    init(crash: CrashPlan = CrashPlan()) { self.crash = crash }

    func messages(_ topic: String) -> [OutgoingMessage] { published.withLock { $0[topic] ?? [] } }

    func publish(_ messages: [OutgoingMessage], to topic: String) async throws -> [UInt64] {
        try crash.point()
        let numbers = published.withLock { published -> [UInt64] in
            let first = published[topic]?.count ?? 0
            published[topic, default: []] += messages
            return messages.indices.map { UInt64(first + $0) }
        }
        try crash.point()
        return numbers
    }
}

/// The table that a test names.
private func tableName(_ text: String) -> TableName { TableName(text) ?? TableName(dataset: "", table: text) }
