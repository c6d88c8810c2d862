import Columnar
import Logging
import Pipes
import Synchronization
import Telemetry
public import Time

/// A pipeline at work: pulls messages, drives them through its steps in epochs, commits, acknowledges.
///
/// **Epochs.** The pipeline works in a bulk-synchronous way. In an epoch it closes the windows that the watermarks have
/// passed, pulls what its sources have at hand, drives it through all steps, publishes, and gives the sink everything in
/// one `EpochCommit`: the rows, the state that has changed, and which messages are done. Only then are these
/// acknowledged. Between epochs nothing is in flight. An epoch ends when the sources have nothing more at hand, under
/// load after `PipelineSettings.epochInterval`.
///
/// **Exactly once.** A crash before the commit leaves no trace in the sink: the messages come again. A crash after it
/// leaves them unacknowledged, but the commit names them, and `start()` tells the source. What is *published*
/// (`WriteToPubSub`, dead letters) goes out before the commit and may go out again after a crash: at least once.
///
/// **Workers** are tasks that share an epoch's work: chunks of messages, and the 64 key groups of keyed state. Their
/// number changes between epochs and changes no result.
///
/// **Time.** The clock is the environment's. While there is work the pipeline never sleeps on it, so a clock that only
/// moves when all is quiet (`isQuiet()`) sees each epoch as one instant; at rest it sleeps until the next window can close.
public actor Pipeline {
    /// The graph's name: the pipeline's identity in the sink.
    public nonisolated var name: String { graph.name }
    /// What it runs.
    public nonisolated let graph: Graph

    let plan: Plan
    let environment: PipelineEnvironment
    let settings: PipelineSettings
    let bell = Bell()
    /// Whether the rest's sleep is about to begin or has begun.
    let isAsleep = Atomic<Bool>(false)
    let epochDuration = LatencyHistogram()
    let freshness = LatencyHistogram()

    /// Where the pipeline is in its life; what it is asked and what holds it up is beside.
    enum Phase: Sendable, Hashable { case stopped, starting, running, drained, failed(String) }

    /// What the loop waits for.
    struct Rest: Sendable {
        var deadline: Timestamp?
        /// Whether everything is done, not just put off.
        var isIdle: Bool
    }

    var phase = Phase.stopped
    var loop: Task<Void, Never>?
    var rest: Rest?
    /// Why the last attempt failed, while it is tried again.
    var retryReason: String?
    var lastError: String?

    // What was asked for.
    var workers: Int
    var isPaused = false
    var stopRequested = false
    var drainRequested = false

    // The run; read anew from the sink by every start.
    var readers: [Reader] = []
    var fileReaders: [FileReader] = []
    var rowReaders: [RowReader] = []
    var fileWriters: [FileWriter] = []
    var exhaustedCreates: Set<Int> = []
    var keyGroups: [Int: [KeyGroup]] = [:]
    var joins: [Int: JoinTable] = [:]
    /// What ends the pipeline: state or files that it cannot go on with.
    var fault: (any Error)?
    /// What passes have left that is to be folded and written; empty between epochs.
    var unsettled = Unsettled()
    /// Input watermarks of the `Combine` steps, as of the last epoch.
    var watermarks: [Int: Timestamp] = [:]
    var epoch: UInt64 = 0
    var counts: [StepCounts]
    var changedCounts: Set<Int> = []
    var uncommitted = 0
    /// Output watermarks of the reading steps as they were last shown: they never go back.
    var shownWatermarks: [Int: Timestamp] = [:]

    /// Checks the graph against the environment; nothing is touched before `start()`. Throws `PipelineError`.
    public init(graph: Graph, environment: PipelineEnvironment, settings: PipelineSettings = PipelineSettings()) throws
    {
        plan = try Plan(graph, environment: environment)
        self.graph = graph
        self.environment = environment
        self.settings = settings
        workers = settings.workers
        counts = [StepCounts](repeating: StepCounts(), count: graph.steps.count)
    }

    // MARK: Commands

    /// Reads the last epoch, makes the tables ready, tells the sources what is done, and begins to work.
    ///
    /// Returns when the pipeline runs. Throws, and the state is `failed`, when it cannot: a table that does not fit, a
    /// subscription that does not exist, state that cannot be read. It may be called again, also after `stop()` and
    /// `drain()`; while the pipeline runs it does nothing.
    public func start() async throws {
        guard phase != .running, phase != .starting else { return }
        phase = .starting
        stopRequested = false
        drainRequested = false
        retryReason = nil
        do {
            for calls in graph.pythonCalls { try await environment.python?.load(calls) }
            try await recover()
        } catch {
            phase = .failed(String(describing: error))
            lastError = String(describing: error)
            throw error
        }
        phase = .running
        loop = Task { await self.run() }
    }

    /// Finishes the epoch and stops. While the sink fails the epoch is given up instead: its messages come again.
    public func stop() async {
        stopRequested = true
        bell.ring()
        await loop?.value
        loop = nil
        if phase == .drained { phase = .stopped }
    }

    /// Pulls no more, closes all windows as if event time had ended, commits and stops.
    ///
    /// The stored watermarks stay where they were: a later start goes on from there.
    public func drain() async throws {
        guard phase == .running else {
            if phase == .drained { return }
            throw PipelineError(
                .wrongState, "pipeline '\(name)' is \(state.name): only a running pipeline can be drained")
        }
        drainRequested = true
        bell.ring()
        await loop?.value
        loop = nil
        if phase != .drained {
            throw PipelineError(.wrongState, "pipeline '\(name)' was stopped before it was drained")
        }
    }

    /// How many tasks share the work from the next epoch on; bounded by `PipelineSettings.workerBounds`.
    public func setWorkers(_ count: Int) {
        workers = min(max(count, PipelineSettings.workerBounds.lowerBound), PipelineSettings.workerBounds.upperBound)
    }

    /// Pulls no more messages until `resume()`; what was pulled is finished, and windows still close.
    public func pause() {
        isPaused = true
        bell.ring()
    }

    /// Takes back `pause()`.
    public func resume() {
        isPaused = false
        bell.ring()
    }

    // MARK: Looking

    /// What the pipeline is doing.
    public var state: PipelineState {
        switch phase {
        case .stopped: .stopped
        case .starting: .starting
        case .drained: .drained
        case .failed(let message): .failed(message: message)
        case .running:
            if let retryReason {
                .retrying(reason: retryReason)
            } else if drainRequested {
                .draining
            } else {
                isPaused ? .paused : .running
            }
        }
    }

    /// How far the steps that read files are.
    public var fileProgress: FileProgress {
        FileProgress(
            bytesRead: fileReaders.reduce(0) { $0 + $1.bytesRead },
            totalBytes: fileReaders.reduce(0) { $0 + $1.totalBytes })
    }

    /// Returns when the pipeline no longer runs: at the end of all its input, stopped, or failed; `state` says which.
    public func waitUntilEnd() async { await loop?.value }

    /// Whether nothing will happen until time passes or a message comes.
    ///
    /// Then no element is pulled and not committed, and none is at hand; or the pipeline does not run, is paused, or
    /// waits for the clock before it tries again. A clock that is advanced by hand may be moved when all are quiet, up to
    /// the next of its own deadlines and `nextDeadline`.
    public func isQuiet() async -> Bool {
        guard phase == .running else { return phase != .starting }
        guard isAtRest else { return false }
        if rest?.isIdle == true, !isPaused {
            for reader in readers where await reader.source.backlog().messages > 0 { return false }
        }
        return isAtRest
    }

    /// The time for which the pipeline sleeps, if it does: a clock that is moved by hand must not pass it by. It stands
    /// here a moment before the clock knows of it.
    public var nextDeadline: Timestamp? { rest?.deadline }

    private var isAtRest: Bool {
        guard let rest, !bell.isRung else { return false }
        return rest.deadline.map { $0 > environment.clock.now && isAsleep.load(ordering: .acquiring) } ?? true
    }
}
