import Logging
public import Pipes
import Telemetry
import Time

/// One service: takes requests, hands them to instances, and scales these.
///
/// The decisions are `InstancePool`'s; this actor makes and drops the instances and keeps the requests waiting.
public actor RunService {
    /// Makes what runs in an instance.
    public typealias Factory = @Sendable () -> any RequestHandler

    /// How many requests may wait for an instance, and how long an instance idles above the minimum (Cloud Run keeps one
    /// for up to 15 minutes).
    private static let queueLimit = 1000
    private static let idleTimeout = Duration.seconds(900)

    public nonisolated let name: String
    private let resource: ServiceResource
    private let makeHandler: Factory
    private let context: ServiceContext
    private var pool: InstancePool
    private var handlers: [InstancePool.InstanceID: any RequestHandler] = [:]
    private var arrivals: [InstancePool.RequestID: CheckedContinuation<InstancePool.InstanceID?, Never>] = [:]
    /// Requests that were given an instance before they came to wait for it.
    private var granted: [InstancePool.RequestID: InstancePool.InstanceID?] = [:]
    private var nextRequest: InstancePool.RequestID = 1
    private var alarm = Alarm()
    private var requests: Int64 = 0
    private var answers: [Int: Int64] = [:]
    private var errors: Int64 = 0
    private var lastError: (text: String, time: Timestamp)?
    private let latency = LatencyHistogram()

    /// - Parameter context: what instances have around them; its environment is completed with the declaration's and
    ///   with Cloud Run's variables.
    public init(_ resource: ServiceResource, context: ServiceContext, makeHandler: @escaping Factory) {
        self.resource = resource
        self.makeHandler = makeHandler
        name = resource.shortName
        var context = context
        for variable in resource.template?.env ?? [] { context.environment[variable.name] = variable.value }
        context.environment["K_SERVICE"] = name
        context.environment["K_REVISION"] = "\(name)-00001"
        context.environment["K_CONFIGURATION"] = name
        self.context = context
        pool = InstancePool(
            settings: ScalingSettings(
                minInstances: resource.minInstances, maxInstances: resource.maxInstances, concurrency: resource.concurrency,
                queueLimit: Self.queueLimit, idleTimeout: Self.idleTimeout))
    }

    /// Starts the instances that must always be there.
    public func start() { perform(pool.start(at: context.clock.now)) }

    /// Whether a request is under way or waits.
    public var hasWorkInFlight: Bool { pool.inFlight > 0 || pool.queued > 0 }

    /// Sets the number of instances by hand, within the declared maximum; nil gives it back to the load. Returns the
    /// number that is in force.
    @discardableResult
    public func setInstances(_ count: Int?) -> Int {
        perform(pool.setManual(count, at: context.clock.now))
        return pool.live
    }

    /// Answers a request: 429 when too many wait, 504 when the service's or the caller's time is up, 500 when the
    /// application throws.
    public func handle(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let arrival = context.clock.now
        requests += 1
        let response = try await answer(request, timeout: min(timeout, resource.timeout))
        latency.record(context.clock.now - arrival)
        answers[response.status / 100, default: 0] += 1
        if response.status >= 500 || response.status == 429 {
            errors += 1
            let text = String(decoding: response.body.prefix(300), as: UTF8.self)
            lastError = ("\(response.status) \(text)", context.clock.now)
        }
        return response
    }

    public var metrics: ServiceMetrics {
        ServiceMetrics(
            name: name, instances: pool.live, minInstances: resource.minInstances, maxInstances: resource.maxInstances,
            manualInstances: pool.manual, concurrency: resource.concurrency, inFlight: pool.inFlight, queued: pool.queued,
            requests: requests, answers: answers, errors: errors, lastError: lastError?.text, lastErrorTime: lastError?.time,
            latency: latency.quantiles)
    }

    private func answer(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        guard let instance = try await instance() else {
            return HTTPResponse(status: 429, text: "service \(name): no instance is free and too many requests wait")
        }
        defer { perform(pool.finish(on: instance, at: context.clock.now)) }
        guard let handler = handlers[instance] else {
            return HTTPResponse(status: 503, text: "service \(name): the instance has stopped")
        }
        do {
            return try await race(handler, request, timeout: timeout)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            context.logger.error("request failed: \(error)")
            return HTTPResponse(status: 500, text: "\(error)")
        }
    }

    /// The application against the clock.
    private nonisolated func race(
        _ handler: any RequestHandler, _ request: HTTPRequest, timeout: Duration
    ) async throws -> HTTPResponse {
        let context = context
        return try await withThrowingTaskGroup(of: HTTPResponse?.self) { group in
            group.addTask { try await handler.handle(request, context: context) }
            group.addTask {
                try await context.clock.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            let first = try await group.next() ?? nil
            return first ?? HTTPResponse(status: 504, text: "service \(name): no answer within \(timeout.inSeconds) s")
        }
    }

    /// The instance that is to take a request, once there is one; nil when the request is turned away.
    private func instance() async throws -> InstancePool.InstanceID? {
        let id = nextRequest
        nextRequest += 1
        perform(pool.arrive(id, at: context.clock.now))
        return try await withTaskCancellationHandler {
            let instance = await withCheckedContinuation { continuation in
                if let grant = granted.removeValue(forKey: id) {
                    continuation.resume(returning: grant)
                } else {
                    arrivals[id] = continuation
                }
            }
            if Task.isCancelled {
                if let instance { perform(pool.finish(on: instance, at: context.clock.now)) }
                throw CancellationError()
            }
            return instance
        } onCancel: {
            Task { await abandon(id) }
        }
    }

    private func abandon(_ id: InstancePool.RequestID) {
        guard let continuation = arrivals.removeValue(forKey: id) else { return }
        pool.abandon(id)
        continuation.resume(returning: nil)
    }

    private func perform(_ actions: [InstancePool.Action]) {
        for action in actions {
            switch action {
            case .start(let instance): handlers[instance] = makeHandler()
            case .stop(let instance): handlers[instance] = nil
            case .dispatch(let request, let instance): grant(request, instance)
            case .turnAway(let request): grant(request, nil)
            }
        }
        alarm.set(to: pool.nextWake, on: context.clock) { [weak self] in await self?.wake() }
    }

    private func grant(_ request: InstancePool.RequestID, _ instance: InstancePool.InstanceID?) {
        if let continuation = arrivals.removeValue(forKey: request) {
            continuation.resume(returning: instance)
        } else {
            granted[request] = instance
        }
    }

    private func wake() {
        alarm.hasRung()
        perform(pool.wake(at: context.clock.now))
    }
}
