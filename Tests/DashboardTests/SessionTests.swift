import Control
import Dashboard
import Terminal
import Testing
import Time

/// A screen that remembers what it was given, and lets a test wait for text to appear.
actor RecordingScreen: Screen {
    nonisolated let events: AsyncStream<InputEvent>
    private nonisolated let input: AsyncStream<InputEvent>.Continuation
    let colorDepth = ColorDepth.palette
    private(set) var grid: CellGrid?
    private(set) var calls: [String] = []
    private var waiting: [(condition: @Sendable (CellGrid) -> Bool, continuation: CheckedContinuation<Void, Never>)] =
        []

    init() { (events, input) = AsyncStream.makeStream() }

    nonisolated func send(_ event: InputEvent) { input.yield(event) }
    nonisolated func press(_ name: String) {
        if let key = Key(name: name) { input.yield(.key(key)) }
    }
    nonisolated func finish() { input.finish() }

    func wait(_ condition: @escaping @Sendable (CellGrid) -> Bool) async {
        if let grid, condition(grid) { return }
        await withCheckedContinuation { waiting.append((condition, $0)) }
    }

    func see(_ text: String) async { await wait { $0.text.contains(text) } }

    func draw(_ grid: CellGrid) {
        self.grid = grid
        for waiter in waiting where waiter.condition(grid) { waiter.continuation.resume() }
        waiting.removeAll { $0.condition(grid) }
    }

    func setMouse(_ isOn: Bool) { calls.append("mouse \(isOn)") }
    func refresh() { calls.append("refresh") }
    func resetColors() { calls.append("reset") }
    func suspend() { calls.append("suspend") }
}

@Suite(.timeLimit(.minutes(1))) struct SessionTests {
    let screen = RecordingScreen()
    let clock = ManualClock(now: SampleSnapshots.start)

    @Test func aNewcomerStartsTheTriggerScalesAndQuits() async {
        let (snapshots, source) = AsyncStream.makeStream(of: Snapshot.self)
        let commands = Commands()
        let session = DashboardSession(screen: screen, clock: clock, send: { await commands.take($0, source) })
        async let ending = session.run(snapshots: snapshots)
        screen.send(.resize(Size(columns: 100, rows: 30)))
        await screen.see("STARTING")
        source.yield(SampleSnapshots.subway(isTriggered: false))
        await screen.see("space resumes")
        screen.press("space")
        await screen.see("✔ done")
        clock.advance(by: DashboardSession.framePeriod)
        await screen.see(" LIVE ")
        screen.press("5")
        screen.press("+")
        await screen.see("▲ no more")
        screen.press("q")
        await screen.see("(y/n)")
        screen.press("y")
        #expect(await ending == .quit)
        #expect(
            await commands.all == [
                .resumeJob(name: "trigger-event-task-enqueuer"), .setWorkers(pipeline: "realtime_updates", count: 3),
            ])
        #expect(await screen.calls == ["mouse true"])
    }

    actor Commands {
        private(set) var all: [Command] = []

        func take(_ command: Command, _ source: AsyncStream<Snapshot>.Continuation) -> CommandAnswer {
            all.append(command)
            guard case .resumeJob = command else { return .refused("no more") }
            source.yield(SampleSnapshots.subway())
            return .done("done")
        }
    }

    @Test func aThemeIsPreviewedInItsColors() async {
        let (snapshots, source) = AsyncStream.makeStream(of: Snapshot.self)
        let (keptNames, keeper) = AsyncStream.makeStream(of: String.self)
        let session = DashboardSession(
            screen: screen, clock: clock, send: { _ in .done("") }, keepTheme: { keeper.yield($0) })
        async let ending = session.run(snapshots: snapshots)
        screen.send(.resize(Size(columns: 100, rows: 30)))
        source.yield(SampleSnapshots.empty())
        await screen.see("LIVE")
        screen.press("t")
        screen.press("down")
        let light = ThemeCatalog.theme("streamtop-light")
        await screen.wait { $0[0, 0].background == light[.mainBackground] }
        screen.press("enter")
        var names = keptNames.makeAsyncIterator()
        #expect(await names.next() == "streamtop-light")
        screen.press("q")
        #expect(await ending == .quit)
        #expect(await screen.calls == ["mouse true", "reset"])
    }

    @Test func theEndOfTheTerminalEndsTheDashboard() async {
        let (snapshots, _) = AsyncStream.makeStream(of: Snapshot.self)
        let session = DashboardSession(screen: screen, clock: clock, send: { _ in .done("") })
        async let ending = session.run(snapshots: snapshots)
        screen.finish()
        #expect(await ending == .hungUp)
    }

    @Test func theEndOfTheSnapshotsIsSaid() async {
        let (snapshots, source) = AsyncStream.makeStream(of: Snapshot.self)
        let session = DashboardSession(screen: screen, clock: clock, send: { _ in .done("") })
        async let ending = session.run(snapshots: snapshots)
        screen.send(.resize(Size(columns: 80, rows: 24)))
        source.yield(SampleSnapshots.subway())
        await screen.see("LIVE")
        source.finish()
        await clock.waitForSleepers()
        clock.advance(by: DashboardSession.framePeriod)
        await screen.see("ENDED")
        screen.press("q")
        // Nothing is in flight any more, whatever the last figures said.
        #expect(await ending == .quit)
    }
}
