import Logging
import Pipes
import Synchronization
import Telemetry
import Testing
import Time

@testable import Run

private struct Nobody: HTTPTarget, MessagePublisher, TaskCreator {
    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        HTTPResponse(status: 299, text: request.url)
    }
    func publish(_ messages: [OutgoingMessage], to topic: String) async throws -> [UInt64] { [] }
    func createTask(_ task: NewTask, in queue: String) async throws -> String? { nil }
}

private struct Handler: RequestHandler {
    let body: @Sendable (HTTPRequest, ServiceContext) async throws -> HTTPResponse

    func handle(_ request: HTTPRequest, context: ServiceContext) async throws -> HTTPResponse {
        try await body(request, context)
    }
}

/// Holds requests until it is opened.
private final class Gate: Sendable {
    private let state = Mutex<
        (
            isOpen: Bool, waiting: [CheckedContinuation<Void, Never>], arrived: [CheckedContinuation<Void, Never>],
            count: Int
        )
    >((false, [], [], 0))

    func pass() async {
        await withCheckedContinuation { continuation in
            let (open, arrivals) = state.withLock { state in
                state.count += 1
                defer { state.arrived = [] }
                if !state.isOpen { state.waiting.append(continuation) }
                return (state.isOpen, state.arrived)
            }
            for arrival in arrivals { arrival.resume() }
            if open { continuation.resume() }
        }
    }

    func waitForArrivals(_ count: Int) async {
        while state.withLock({ $0.count }) < count {
            await withCheckedContinuation { continuation in
                let enough = state.withLock { state in
                    if state.count >= count { return true }
                    state.arrived.append(continuation)
                    return false
                }
                if enough { continuation.resume() }
            }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

@Suite struct RunServiceTests {
    private let clock = ManualClock(now: Timestamp(seconds: 1000))

    private func service(
        max: Int = 2, concurrency: Int = 1, timeout: Duration = .seconds(30),
        _ body: @escaping @Sendable (HTTPRequest, ServiceContext) async throws -> HTTPResponse
    ) -> RunService {
        let resource = ServiceResource(
            name: "app", handler: "app",
            template: .init(
                scaling: .init(minInstanceCount: 0, maxInstanceCount: max), maxInstanceRequestConcurrency: concurrency,
                timeout: timeout, env: [.init(name: "COLOUR", value: "blue")]))
        let context = ServiceContext(
            clock: clock, http: Nobody(), publisher: Nobody(), tasks: Nobody(), environment: ["FEED": "x"],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return RunService(resource, context: context) { Handler(body: body) }
    }

    @Test func theApplicationFindsItsEnvironment() async throws {
        let service = service { _, context in
            HTTPResponse(
                status: 200,
                text: ["FEED", "COLOUR", "K_SERVICE", "PORT"].map { context.environment[$0] ?? "-" }.joined(
                    separator: " "))
        }
        let response = try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(5))
        #expect(String(decoding: response.body, as: UTF8.self) == "x blue app 8080")
        #expect(await service.metrics.answers == [2: 1])
    }

    @Test func aThrownErrorIsA500ThatIsCounted() async throws {
        struct Trouble: Error, CustomStringConvertible { let description = "no such luck" }
        let service = service { _, _ in throw Trouble() }
        let response = try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(5))
        #expect(response.status == 500)
        let metrics = await service.metrics
        #expect(metrics.errors == 1)
        #expect(metrics.lastError == "500 no such luck")
        #expect(metrics.lastErrorTime == clock.now)
    }

    @Test func whatTakesTooLongIsA504() async throws {
        let clock = clock
        let service = service(timeout: .seconds(30)) { _, _ in
            try await clock.sleep(for: .seconds(1_000_000))
            return HTTPResponse(status: 200)
        }
        async let answer = service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(60))
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(30))
        #expect(try await answer.status == 504)
        await quiet(service)
        let metrics = await service.metrics
        #expect(metrics.errors == 1)
        #expect(metrics.lastError == "504 service app: no answer within 30.0 s")
        #expect(metrics.latency?.count == 1)
    }

    @Test func anApplicationThatDoesNotHearItIsCancelledKeepsItsPlaceButNotItsCaller() async throws {
        let gate = Gate()
        let service = service(max: 1, concurrency: 1, timeout: .seconds(30)) { _, _ in
            await gate.pass()
            return HTTPResponse(status: 200)
        }
        async let answer = service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(60))
        await gate.waitForArrivals(1)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(30))
        #expect(try await answer.status == 504)
        #expect(await service.metrics.inFlight == 1)
        gate.open()
        await quiet(service)
        #expect(await service.metrics.answers == [5: 1])
    }

    @Test func waitingForAnInstanceCountsAgainstTheTime() async throws {
        let gate = Gate()
        let service = service(max: 1, concurrency: 1, timeout: .seconds(30)) { _, _ in
            await gate.pass()
            return HTTPResponse(status: 200)
        }
        async let first = service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(60))
        await gate.waitForArrivals(1)
        async let second = service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(5))
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(5))
        let late = try await second
        #expect(late.status == 504)
        #expect(String(decoding: late.body, as: UTF8.self) == "service app: no instance was free within 5.0 s")
        #expect(await service.metrics.queued == 0)
        gate.open()
        #expect(try await first.status == 200)
    }

    @Test func withNoInstancesByHandRequestsAreRefused() async throws {
        let service = service { _, _ in HTTPResponse(status: 200) }
        #expect(await service.setInstances(0) == 0)
        #expect(try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(5)).status == 503)
        #expect(await service.setInstances(7) == 2)
        #expect(try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(5)).status == 200)
    }

    @Test func aCancelledCallerCancelsItsApplication() async throws {
        let clock = clock
        let service = service { _, _ in
            try await clock.sleep(for: .seconds(1_000_000))
            return HTTPResponse(status: 200)
        }
        let caller = Task { try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(9)) }
        await clock.waitForSleepers(2)
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        await quiet(service)
        #expect(await service.metrics.answers.isEmpty)
    }

    @Test func anApplicationThatGivesUpByItselfHasFailed() async throws {
        let service = service { _, _ in throw CancellationError() }
        #expect(try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(5)).status == 500)
    }

    @Test func idleInstancesStopWhenTheirTimeHasCome() async throws {
        let service = service { _, _ in HTTPResponse(status: 200) }
        #expect(try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(5)).status == 200)
        #expect(await service.metrics.instances == 1)
        // The request's timer has gone or goes; what is left is the alarm.
        await clock.waitForSleepers()
        clock.advance(by: .seconds(900))
        while await service.metrics.instances > 0 { await Task.yield() }
        #expect(await service.metrics.draining == 0)
    }

    /// Returns when nothing is under way any more.
    private func quiet(_ service: RunService) async {
        while await service.hasWorkInFlight { await Task.yield() }
    }

    @Test func instancesComeWithTheLoadAndRequestsWait() async throws {
        let gate = Gate()
        let service = service(max: 2, concurrency: 1) { _, _ in
            await gate.pass()
            return HTTPResponse(status: 200)
        }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<3 {
                group.addTask { try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(9)).status }
            }
            await gate.waitForArrivals(2)
            #expect(await service.metrics.instances == 2)
            #expect(await service.hasWorkInFlight)
            gate.open()
            for try await status in group { #expect(status == 200) }
        }
        let metrics = await service.metrics
        #expect(metrics.requests == 3)
        #expect(metrics.inFlight == 0)
    }

    @Test func aCallerThatGoesAwayLeavesNoTrace() async throws {
        let gate = Gate()
        let service = service(max: 1, concurrency: 1) { _, _ in
            await gate.pass()
            return HTTPResponse(status: 200)
        }
        let first = Task { try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(9)) }
        await gate.waitForArrivals(1)
        let second = Task { try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(9)) }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        gate.open()
        #expect(try await first.value.status == 200)
        #expect(await service.hasWorkInFlight == false)
    }

    @Test func eachInstanceIsAnObjectOfItsOwn() async throws {
        final class Counting: RequestHandler {
            let count = Atomic<Int>(0)
            func handle(_ request: HTTPRequest, context: ServiceContext) async throws -> HTTPResponse {
                HTTPResponse(status: 200, text: String(count.wrappingAdd(1, ordering: .relaxed).newValue))
            }
        }
        let context = ServiceContext(
            clock: clock, http: Nobody(), publisher: Nobody(), tasks: Nobody(), environment: [:],
            logger: Logger(label: "t"))
        let service = RunService(ServiceResource(name: "app", handler: "app"), context: context) { Counting() }
        for expected in ["1", "2"] {
            let response = try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(1))
            #expect(String(decoding: response.body, as: UTF8.self) == expected)
        }
        await service.setInstances(0)
        await service.setInstances(nil)
        let response = try await service.handle(HTTPRequest(url: "http://app/"), timeout: .seconds(1))
        #expect(String(decoding: response.body, as: UTF8.self) == "1")
    }

    @Test(arguments: [
        ("http://app/x", 200), ("http://APP", 200), ("https://app-abc123-uc.a.run.app/", 200),
        ("http://example.org/", 299),
        ("http://127.0.0.1:80/", 299), ("http://[::1]:80/", 299),
    ])
    func theRegistryRoutesByHost(_ url: String, _ status: Int) async throws {
        let registry = RunRegistry(outside: Nobody())
        registry.add(service { _, _ in HTTPResponse(status: 200) })
        #expect(try await registry.send(HTTPRequest(url: url), timeout: .seconds(1)).status == status)
    }

    @Test func theLongestNameWins() async throws {
        let registry = RunRegistry(outside: Nobody())
        for name in ["app", "app-worker", "app-w"] {
            let context = ServiceContext(
                clock: clock, http: Nobody(), publisher: Nobody(), tasks: Nobody(), environment: [:],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let resource = ServiceResource(name: name, handler: "app")
            registry.add(
                RunService(resource, context: context) {
                    Handler { _, context in HTTPResponse(status: 200, text: context.environment["K_SERVICE"] ?? "") }
                })
        }
        for (host, name) in [
            ("app-worker-1a-uc.a", "app-worker"), ("app-workers-1a.eu", "app"), ("app-w-1.eu", "app-w"),
        ] {
            let response = try await registry.send(HTTPRequest(url: "https://\(host).run.app/"), timeout: .seconds(1))
            #expect(String(decoding: response.body, as: UTF8.self) == name)
        }
    }

    @Test func anUnknownServiceIsNamedWithItsNearest() async throws {
        let registry = RunRegistry(outside: Nobody())
        registry.add(service { _, _ in HTTPResponse(status: 200) })
        await #expect(throws: HTTPFailure(.unreachable, "there is no service 'ap'; did you mean 'app'?")) {
            try await registry.send(HTTPRequest(url: "http://ap/"), timeout: .seconds(1))
        }
        await #expect(throws: HTTPFailure.self) {
            try await registry.send(HTTPRequest(url: "app"), timeout: .seconds(1))
        }
    }

    @Test func declarationsAreChecked() {
        let template = ServiceResource.Template(
            scaling: .init(minInstanceCount: 5, maxInstanceCount: 2), maxInstanceRequestConcurrency: 0,
            timeout: .seconds(0))
        let problems = ServiceResource(name: "Bad_Name", handler: "x", template: template).problems.map(\.path)
        #expect(problems == ["name", "template.maxInstanceRequestConcurrency", "template.scaling", "template.timeout"])
        #expect(ServiceResource(name: "good", handler: "x").problems.isEmpty)
    }
}
