import Time

/// Decides which instance takes a request, and when instances start and stop. Pure: whoever owns it acts.
///
/// A request goes to the busiest instance that has room, so that idle ones fall idle for good and stop. When all are
/// full a new one starts, up to the maximum; then requests wait in order.
struct InstancePool: Sendable {
    typealias InstanceID = Int
    typealias RequestID = UInt64

    enum Action: Sendable, Hashable {
        case start(InstanceID)
        /// It has no request any more.
        case stop(InstanceID)
        case dispatch(RequestID, to: InstanceID)
        case turnAway(RequestID, Refusal)
    }

    /// Why a request is turned away.
    enum Refusal: Sendable, Hashable {
        case queueIsFull
        /// A person set the number of instances to zero: waiting would be in vain.
        case noInstances
    }

    private struct Instance {
        var inFlight = 0
        var idleSince: Timestamp
        /// Takes no new request; stops when its last one ends.
        var isDraining = false
    }

    let settings: ScalingSettings
    /// What a person set; nil: by load.
    private(set) var manual: Int?
    private var instances: [InstanceID: Instance] = [:]
    private var nextInstance = 1
    private var waiting: [RequestID] = []

    init(settings: ScalingSettings) { self.settings = settings }

    /// Instances that take requests.
    var live: Int { instances.values.count { !$0.isDraining } }
    /// Instances that only end what they have.
    var draining: Int { instances.values.count(where: \.isDraining) }
    var inFlight: Int { instances.values.reduce(0) { $0 + $1.inFlight } }
    var queued: Int { waiting.count }

    /// Starts what must always be there.
    mutating func start(at now: Timestamp) -> [Action] { settle(at: now) }

    mutating func arrive(_ request: RequestID, at now: Timestamp) -> [Action] {
        waiting.append(request)
        var actions = settle(at: now)
        if waiting.count > settings.queueLimit, let last = waiting.popLast() {
            actions.append(.turnAway(last, .queueIsFull))
        }
        return actions
    }

    /// The caller of a request that waits has gone.
    mutating func abandon(_ request: RequestID) { waiting.removeAll { $0 == request } }

    mutating func finish(on instance: InstanceID, at now: Timestamp) -> [Action] {
        instances[instance]?.inFlight -= 1
        if instances[instance]?.inFlight == 0 { instances[instance]?.idleSince = now }
        return settle(at: now)
    }

    /// Sets the number of instances by hand, within the maximum; nil gives it back to the load.
    mutating func setManual(_ count: Int?, at now: Timestamp) -> [Action] {
        manual = count.map { min(max($0, 0), settings.maxInstances) }
        return settle(at: now)
    }

    /// To be called when `nextWake` has come.
    mutating func wake(at now: Timestamp) -> [Action] { settle(at: now) }

    /// When the next idle instance is to stop.
    var nextWake: Timestamp? {
        guard manual == nil, live > settings.minInstances else { return nil }
        return instances.values.filter { $0.inFlight == 0 && !$0.isDraining }.map {
            $0.idleSince + settings.idleTimeout
        }.min()
    }

    private mutating func settle(at now: Timestamp) -> [Action] {
        var actions: [Action] = []
        while live < (manual ?? settings.minInstances) { actions.append(startOne(at: now)) }
        if let manual { drain(to: manual) }
        while let request = waiting.first {
            guard let instance = roomiest() ?? growth(at: now, &actions) else { break }
            waiting.removeFirst()
            instances[instance]?.inFlight += 1
            actions.append(.dispatch(request, to: instance))
        }
        if manual == 0 {
            actions += waiting.map { .turnAway($0, .noInstances) }
            waiting = []
        }
        return actions + retire(at: now)
    }

    /// The busiest instance that has room.
    private func roomiest() -> InstanceID? {
        instances.filter { !$0.value.isDraining && $0.value.inFlight < settings.concurrency }
            .max { ($0.value.inFlight, -$0.key) < ($1.value.inFlight, -$1.key) }?.key
    }

    private mutating func growth(at now: Timestamp, _ actions: inout [Action]) -> InstanceID? {
        guard manual == nil, live < settings.maxInstances else { return nil }
        let id = nextInstance
        actions.append(startOne(at: now))
        return id
    }

    private mutating func startOne(at now: Timestamp) -> Action {
        defer { nextInstance += 1 }
        instances[nextInstance] = Instance(idleSince: now)
        return .start(nextInstance)
    }

    private mutating func drain(to count: Int) {
        let surplus = instances.filter { !$0.value.isDraining }.sorted {
            ($0.value.inFlight, -$0.key) < ($1.value.inFlight, -$1.key)
        }
        for (id, _) in surplus.prefix(max(0, surplus.count - count)) { instances[id]?.isDraining = true }
    }

    private mutating func retire(at now: Timestamp) -> [Action] {
        if manual == nil {
            let idle = instances.filter {
                !$0.value.isDraining && $0.value.inFlight == 0 && $0.value.idleSince + settings.idleTimeout <= now
            }
            .sorted { $0.key > $1.key }
            for (id, _) in idle.prefix(max(0, live - settings.minInstances)) { instances[id]?.isDraining = true }
        }
        let ended = instances.filter { $0.value.isDraining && $0.value.inFlight == 0 }.keys.sorted()
        for id in ended { instances[id] = nil }
        return ended.map(Action.stop)
    }
}
