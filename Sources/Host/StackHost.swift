public import Control
import Dataflow
import Foundation
import Logging
import Pipes
import Scheduler
import Synchronization
import Tasks
import Time
import Warehouse

/// Runs a workspace: starts and stops its services, takes commands, gives snapshots.
public actor StackHost: AdminTarget {
    private enum State {
        case idle
        case running(Stack)
        case stopping(Stack)
        /// With the figures of the last moment.
        case ended(Snapshot)
    }

    /// What happened, for the snapshots.
    public nonisolated let log: EventLog
    private let options: HostOptions
    private let startedAt: Timestamp
    private var state = State.idle
    private var sampler: Sampler
    private let shutdown = Gate()
    private let lastFiring = Gate()
    private let open = Gate()

    /// A host that does nothing before `run`. Its start is the clock's time now.
    public init(_ options: HostOptions, log: EventLog) {
        self.options = options
        self.log = log
        startedAt = options.clock.now
        sampler = Sampler(options: options, startedAt: options.clock.now)
    }

    /// Runs until `shutDown()` or cancellation. `ready` is called once everything is up, with the addresses that are open:
    /// the admin socket's path, a URL of the figures, the shell's words that point Pub/Sub's clients here.
    ///
    /// Throws when something cannot be opened; stops in order whatever happened.
    public func run(ready: @escaping @Sendable ([String]) async -> Void = { _ in }) async throws {
        let stack = try await Stack.open(options, log: log)
        do {
            try await stack.start()
            state = .running(stack)
            open.open()
            try await serve(stack, ready: ready)
        } catch is CancellationError {
            // The way to end.
        } catch {
            await end(stack)
            throw error
        }
        await end(stack)
    }

    /// Returns when everything is open, or when the caller's task is cancelled. For one caller.
    public nonisolated func waitUntilOpen() async { await open.wait() }

    /// Lets `run` come to its end.
    public nonisolated func shutDown() { shutdown.open() }

    /// Every figure, now. Empty of services before they are open; those of the last moment after the end.
    public func snapshot() async -> Snapshot {
        switch state {
        case .idle: sampler.empty(log)
        case .running(let stack), .stopping(let stack): await sample(stack)
        case .ended(let last): last
        }
    }

    private func sample(_ stack: Stack) async -> Snapshot {
        let readings = await StackReadings(stack)
        return sampler.snapshot(of: readings, log: log)
    }

    /// Does what a person asked for; the answer is one line for them, and an event of the log.
    public func perform(_ command: Command) async -> CommandAnswer {
        let stack: Stack
        switch state {
        case .idle: return .refused("streamtop is not running yet; try again in a moment")
        case .running(let running): stack = running
        case .stopping, .ended: return .refused("streamtop stops")
        }
        do {
            let answer = try await CommandDesk(stack: stack, options: options).perform(command, host: self)
            log.add(.info, "command", answer.text)
            return answer
        } catch {
            log.add(.warning, "command", "\(error)")
            return .refused("\(error)")
        }
    }

    /// Whether nothing is under way.
    public func isQuiet() async -> Bool {
        guard case .running(let stack) = state else { return false }
        return await stack.isQuiet()
    }

    /// Lets the scheduler fire no more, without pausing a job: the input has come to its end.
    public nonisolated func stopTriggers() { lastFiring.open() }

    /// Whether everything that was begun is finished: nothing under way, no task in a queue, no message on its way.
    public func isDrained() async -> Bool {
        guard case .running(let stack) = state, await stack.isQuiet() else { return false }
        for queue in await stack.tasks.metrics() where queue.depth > 0 { return false }
        return await stack.isQuiet()
    }

    /// Closes all windows and commits what they hold, as at the end of all input.
    public func drainPipelines() async throws {
        guard case .running(let stack) = state else { return }
        for placed in stack.pipelines { try await placed.pipeline.drain() }
    }

    private func serve(_ stack: Stack, ready: @escaping @Sendable ([String]) async -> Void) async throws {
        let admin = AdminServer(
            target: self, folder: options.dataFolder, listen: options.listen, logger: log.logger("admin"))
        let doors = (options.listen == nil ? 1 : 2) + (options.pubsubListen == .off ? 0 : 1)
        let addresses = Addresses(expected: doors)
        let pubsub = PubSubListener(
            listen: options.pubsubListen, broker: stack.broker, clock: options.clock, log: log)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await stack.tasks.run() }
            group.addTask { await stack.runTrigger(until: { await self.lastFiring.wait() }) }
            group.addTask {
                try await admin.run { address in
                    if let all = addresses.add(address) { await ready(all) }
                }
            }
            group.addTask {
                try await pubsub.run { door in
                    await self.opened(door)
                    if let all = addresses.add(door.shellExports[0]) { await ready(all) }
                }
            }
            if let clock = options.fastForward {
                group.addTask {
                    try await FastForward(
                        clock: clock, isQuiet: { await stack.isQuiet() }, nextDue: { await stack.nextDue() }
                    ).run()
                }
            }
            group.addTask { try await self.keepHistory(stack) }
            if options.workspace.tables.contains(where: { $0.externalDataConfiguration != nil }) {
                group.addTask {
                    try await ExternalTableWatch(warehouse: stack.warehouse, log: self.log, clock: SystemClock()).run()
                }
            }
            if options.resumesTriggers {
                for job in await stack.scheduler.metrics where job.job.state == .paused {
                    let answer = await perform(.resumeJob(name: job.job.shortName))
                    if case .refused(let reason) = answer { log.add(.warning, "job \(job.job.shortName)", reason) }
                }
            }
            group.addTask {
                await self.shutdown.wait()
                throw CancellationError()
            }
            defer { group.cancelAll() }
            // Only errors and the shutdown end a group of things that live until they are cancelled.
            while try await group.next() != nil {}
        }
    }

    private func opened(_ door: PubSubDoor) { sampler.pubsub = door }

    /// Takes a reading of every step's lag twice a second, in real time: a jump of the clock is no reading.
    private func keepHistory(_ stack: Stack) async throws {
        while true {
            try await Task.sleep(for: .seconds(Snapshot.historyInterval))
            sampler.keepHistory(await StackReadings.pipelines(of: stack))
        }
    }

    private func end(_ stack: Stack) async {
        state = .stopping(stack)
        await stack.stopPipelines()
        state = .ended(await sample(stack))
        await stack.close(log: log)
    }
}

/// The addresses that open one after the other.
private final class Addresses: Sendable {
    private let state: Mutex<[String]>
    private let expected: Int

    init(expected: Int) {
        state = Mutex([])
        self.expected = expected
    }

    /// All of them once the last has come.
    func add(_ address: String) -> [String]? {
        state.withLock { addresses in
            addresses.append(address)
            return addresses.count == expected ? addresses : nil
        }
    }
}

/// Opens once; the one who waits goes on, or when its task is cancelled.
private struct Gate: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func open() { continuation.finish() }

    func wait() async { for await _ in stream {} }
}
