import Synchronization

/// A figure that only grows: events, bytes, errors. Safe from any thread.
public final class Counter: Sendable {
    private let storage = Atomic<Int64>(0)

    /// Counts on from `initial`: what was counted before a restart.
    public init(_ initial: Int64 = 0) { storage.store(initial, ordering: .relaxed) }

    /// Relaxed: two counters read one after the other need not be of the same moment.
    public var value: Int64 { storage.load(ordering: .relaxed) }

    /// Adds an amount that is not negative.
    public func add(_ amount: Int64 = 1) { storage.wrappingAdd(amount, ordering: .relaxed) }

    /// Adds an amount that is not negative.
    public func add(_ amount: Int) { add(Int64(amount)) }
}

/// A figure that rises and falls: depth, instances, requests in flight. Safe from any thread.
public final class Gauge: Sendable {
    private let storage = Atomic<Int64>(0)

    /// Starts at `initial`.
    public init(_ initial: Int64 = 0) { storage.store(initial, ordering: .relaxed) }

    /// Relaxed: two gauges read one after the other need not be of the same moment.
    public var value: Int64 { storage.load(ordering: .relaxed) }

    /// Puts `value` in place of whatever was there.
    public func set(_ value: Int64) { storage.store(value, ordering: .relaxed) }

    /// Adds `amount`; a negative one lowers the figure.
    public func add(_ amount: Int64) { storage.wrappingAdd(amount, ordering: .relaxed) }
}
