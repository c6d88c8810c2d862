import Synchronization

/// A figure that only grows: events, bytes, errors. Safe from any thread.
public final class Counter: Sendable {
    private let storage = Atomic<Int64>(0)

    public init(_ initial: Int64 = 0) { storage.store(initial, ordering: .relaxed) }

    public var value: Int64 { storage.load(ordering: .relaxed) }

    public func add(_ amount: Int64 = 1) { storage.wrappingAdd(amount, ordering: .relaxed) }

    public func add(_ amount: Int) { add(Int64(amount)) }
}

/// A figure that rises and falls: depth, instances, requests in flight. Safe from any thread.
public final class Gauge: Sendable {
    private let storage = Atomic<Int64>(0)

    public init(_ initial: Int64 = 0) { storage.store(initial, ordering: .relaxed) }

    public var value: Int64 { storage.load(ordering: .relaxed) }

    public func set(_ value: Int64) { storage.store(value, ordering: .relaxed) }

    public func add(_ amount: Int64) { storage.wrappingAdd(amount, ordering: .relaxed) }
}
