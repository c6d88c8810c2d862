import Logging
public import Pipes
import Telemetry
import Time

/// One service: takes requests, hands them to instances, and scales these.
///
/// The decisions are `InstancePool`'s; this actor makes and drops the instances, runs the requests and answers each of
/// them once: by what the application says, or by what came before it (the time is up, nobody can take it, its caller
/// has gone). An application that goes on after it was cancelled keeps its place in its instance until it ends.
public actor RunService {
    /// Makes what runs in an instance.
    public typealias Factory = @Sendable () -> any RequestHandler

    /// A request that has no answer yet.
    private struct OpenRequest {
        let request: HTTPRequest
        let arrival: Timestamp
        let answer: CheckedContinuation<HTTPResponse, any Error>
        /// The application at work; nil while the request waits for an instance.
        var work: Task<Void, Never>?
        /// Ends the request when its time is up.
        var timer: Task<Void, Never>?
    }

    /// How many requests may wait for an instance, and how long an instance idles above the minimum (Cloud Run keeps one
    /// for up to 15 minutes).
    private static let queueLimit = 1000
    private static let idleTimeout = Duration.seconds(900)

    /// The service's short name.
    public nonisolated let name: String
    private let resource: ServiceResource
    private let makeHandler: Factory
    private let context: ServiceContext
    private var pool: InstancePool
    private var handlers: [InstancePool.InstanceID: any RequestHandler] = [:]
    private var open: [InstancePool.RequestID: OpenRequest] = [:]
    private var nextRequest: InstancePool.RequestID = 1
    private var alarm = Alarm()
    private var requests: Int64 = 0
    private var answers: [Int: Int64] = [:]
    private var errors: Int64 = 0
    private var lastError: (text: String, time: Timestamp)?
    private let latency = LatencyHistogram()

    /// Makes a service without instances.
    ///
    /// - Parameter context: what instances have around them; its environment is completed with the declaration's and
    ///   with Cloud Run's variables.
    public init(_ resource: ServiceResource, context: ServiceContext, makeHandler: @escaping Factory) {
        self.resource = resource
        self.makeHandler = makeHandler
        name = resource.shortName
        var context = context
        for variable in resource.template?.env ?? [] { context.environment[variable.name] = variable.value }
        context.environment["PORT"] = context.environment["PORT"] ?? "8080"
        context.environment["K_SERVICE"] = name
        context.environment["K_REVISION"] = "\(name)-00001"
        context.environment["K_CONFIGURATION"] = name
        self.context = context
        pool = InstancePool(
            settings: ScalingSettings(
                minInstances: resource.minInstances, maxInstances: resource.maxInstances,
                concurrency: resource.concurrency, queueLimit: Self.queueLimit, idleTimeout: Self.idleTimeout))
    }

    /// Starts the instances that must always be there.
    public func start() { perform(pool.start(at: context.clock.now)) }

    /// Whether a request is under way or waits.
    public var hasWorkInFlight: Bool { pool.inFlight > 0 || pool.queued > 0 }

    /// Sets the number of instances by hand, within the declared maximum; nil gives it back to the load. Returns the
    /// number that is in force. With none, requests are refused.
    @discardableResult
    public func setInstances(_ count: Int?) -> Int {
        perform(pool.setManual(count, at: context.clock.now))
        return pool.live
    }

    /// Answers a request: 429 when too many wait, 503 when a person set the instances to none, 504 when the service's or
    /// the caller's time is up, waiting included, 500 when the application throws.
    ///
    /// - Throws: `CancellationError`, and the application is cancelled, when the caller's task is.
    public func handle(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let id = nextRequest
        nextRequest += 1
        let limit = min(timeout, resource.timeout)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer in
                requests += 1
                let now = context.clock.now
                open[id] = OpenRequest(request: request, arrival: now, answer: answer)
                perform(pool.arrive(id, at: now))
                // It may be answered already.
                open[id]?.timer = Task { [weak self, clock = context.clock] in
                    guard (try? await clock.sleep(until: now + limit)) != nil else { return }
                    await self?.timeOut(id, after: limit)
                }
            }
        } onCancel: {
            Task { await abandon(id) }
        }
    }

    /// The figures of this moment.
    public var metrics: ServiceMetrics {
        ServiceMetrics(
            name: name, instances: pool.live, draining: pool.draining, minInstances: resource.minInstances,
            maxInstances: resource.maxInstances, manualInstances: pool.manual, concurrency: resource.concurrency,
            inFlight: pool.inFlight, queued: pool.queued, requests: requests, answers: answers, errors: errors,
            lastError: lastError?.text, lastErrorTime: lastError?.time, latency: latency.quantiles)
    }

    // MARK: What becomes of a request

    private func run(_ id: InstancePool.RequestID, on instance: InstancePool.InstanceID) {
        guard let handler = handlers[instance], let request = open[id]?.request else {
            return perform(pool.finish(on: instance, at: context.clock.now))
        }
        let context = context
        open[id]?.work = Task {
            do {
                let response = try await handler.handle(request, context: context)
                ended(id, on: instance, response)
            } catch {
                ended(id, on: instance, HTTPResponse(status: 500, text: "\(error)"), failure: error)
            }
        }
    }

    private func ended(
        _ id: InstancePool.RequestID, on instance: InstancePool.InstanceID, _ response: HTTPResponse,
        failure: (any Error)? = nil
    ) {
        // Nobody waits for the failure of a request that was cancelled.
        if let failure, open[id] != nil { context.logger.error("request failed: \(failure)") }
        answer(id, response)
        perform(pool.finish(on: instance, at: context.clock.now))
    }

    private func timeOut(_ id: InstancePool.RequestID, after limit: Duration) {
        guard let request = open[id] else { return }
        let why = request.work == nil ? "no instance was free" : "no answer"
        answer(id, HTTPResponse(status: 504, text: "service \(name): \(why) within \(limit.inSeconds) s"))
        leave(id, request)
    }

    private func abandon(_ id: InstancePool.RequestID) {
        guard let request = open.removeValue(forKey: id) else { return }
        request.timer?.cancel()
        request.answer.resume(throwing: CancellationError())
        leave(id, request)
    }

    /// A request that was answered before its application ended, or began.
    private func leave(_ id: InstancePool.RequestID, _ request: OpenRequest) {
        if let work = request.work { work.cancel() } else { pool.abandon(id) }
    }

    /// Answers a request, if that has not happened before.
    private func answer(_ id: InstancePool.RequestID, _ response: HTTPResponse) {
        guard let request = open.removeValue(forKey: id) else { return }
        let now = context.clock.now
        request.timer?.cancel()
        latency.record(now - request.arrival)
        answers[response.status / 100, default: 0] += 1
        if response.status >= 500 || response.status == 429 {
            errors += 1
            lastError = ("\(response.status) \(String(decoding: response.body.prefix(300), as: UTF8.self))", now)
        }
        request.answer.resume(returning: response)
    }

    private func perform(_ actions: [InstancePool.Action]) {
        for action in actions {
            switch action {
            case .start(let instance): handlers[instance] = makeHandler()
            case .stop(let instance): handlers[instance] = nil
            case .dispatch(let request, let instance): run(request, on: instance)
            case .turnAway(let request, .queueIsFull):
                answer(
                    request,
                    HTTPResponse(status: 429, text: "service \(name): no instance is free and too many requests wait"))
            case .turnAway(let request, .noInstances):
                answer(
                    request, HTTPResponse(status: 503, text: "service \(name): its instances were set to none by hand"))
            }
        }
        alarm.set(to: pool.nextWake, on: context.clock) { [weak self] in await self?.wake() }
    }

    private func wake() {
        alarm.hasRung()
        perform(pool.wake(at: context.clock.now))
    }
}
