import Columnar
import Pipes
import PipesTestSupport
import Synchronization
import Time

/// What a pipeline has around it, in memory: it outlasts the process, which dies where it is told to.
final class World: Sendable {
    struct Dead: Error, CustomStringConvertible { var description: String { "the process is dead" } }

    private struct Life {
        var countdown: Int?
        var isDead = false
    }

    private let life = Mutex(Life())
    let clock = ManualClock(now: Timestamp(seconds: 1000))
    let warehouse = Warehouse()
    let subscriptions: [String: FakeSubscription]

    init(subscriptions names: some Collection<String>, pullLimit: Int) {
        let clock = clock
        subscriptions = Dictionary(
            uniqueKeysWithValues: names.map { ($0, FakeSubscription(clock: clock, pullLimit: pullLimit)) })
        warehouse.point = { [weak self] in try self?.pass() }
        for subscription in subscriptions.values { subscription.point = { [weak self] in try self?.pass() } }
    }

    /// Begins a life that ends at the `point`-th point, counted from 1; nil: never.
    func restart(dyingAt point: Int?) { life.withLock { $0 = Life(countdown: point) } }

    var isDead: Bool { life.withLock { $0.isDead } }

    /// A point at which the process may die; from then on all that is outside throws.
    private func pass() throws {
        try life.withLock { life in
            if life.isDead { throw Dead() }
            guard let countdown = life.countdown else { return }
            life.countdown = countdown - 1
            if countdown <= 1 {
                life.isDead = true
                throw Dead()
            }
        }
    }
}

/// Tables in memory. The process may die before a commit and, which is worse, after it and before anybody knows.
final class Warehouse: RowSink {
    private struct State {
        var point: @Sendable () throws -> Void = {}
        var tables: [String: [String]] = [:]
        var epochs: [String: CommittedEpoch] = [:]
    }

    private let state = Mutex(State())

    var point: @Sendable () throws -> Void {
        get { state.withLock { $0.point } }
        set { state.withLock { $0.point = newValue } }
    }

    /// The rows as text, sorted, by table.
    var tables: [String: [String]] { state.withLock { $0.tables.mapValues { $0.sorted() } } }

    func prepare(_ table: TableName, for schema: Schema, creating: Bool) async throws { try point() }

    func truncate(_ table: TableName) async throws { try point() }

    func isEmpty(_ table: TableName) async throws -> Bool? { nil }

    func commit(_ epoch: EpochCommit) async throws {
        try point()
        state.withLock { state in
            let last = state.epochs[epoch.pipeline] ?? CommittedEpoch(epoch: 0, positions: [:], state: [:])
            var stored = last.state
            for (key, value) in epoch.state { stored[key] = value }
            state.epochs[epoch.pipeline] = CommittedEpoch(
                epoch: epoch.epoch, positions: last.positions.merging(epoch.positions) { $1 }, state: stored)
            for rows in epoch.rows {
                let fields = rows.batch.schema.fields
                state.tables[rows.table.description, default: []] += rows.batch.rows.map {
                    Value.row(Value.members(fields, $0)).description
                }
            }
        }
        try point()
    }

    func lastEpoch(of pipeline: String) async throws -> CommittedEpoch? {
        try point()
        return state.withLock { $0.epochs[pipeline] }
    }
}

extension Value {
    static func members(_ fields: [Field], _ values: [Scalar]) -> [Member] {
        zip(fields, values).map { Member(name: $0.name, value: Value($1, $0.type)) }
    }

    /// From a column of the engine.
    init(_ scalar: Scalar, _ type: DataType) {
        self =
            switch (scalar, type) {
            case (.null, _): .null
            case (.boolean(let flag), .boolean): .boolean(flag)
            case (.int64(let number), .int64): .integer(number)
            case (.float64(let number), .float64): .float(number)
            case (.string(let text), .string): .string(text)
            case (.timestamp(let time), .timestamp): .time(time.micros)
            case (.list(let elements), .list(let element)): .list(elements.map { Value($0, element) })
            case (.structure(let values), .structure(let fields)): .row(Self.members(fields, values))
            default: .string("\(scalar) in a column of \(type)")
            }
    }
}
