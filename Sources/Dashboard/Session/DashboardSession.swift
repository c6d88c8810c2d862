public import Control
public import Terminal
public import Time

/// The loop around the two pure functions: events in, effects out, a grid to the screen.
///
///     let session = DashboardSession(
///         screen: terminal, clock: SystemClock(), theme: theme, catalog: catalog, keymap: keymap,
///         send: { await host.perform($0) })
///     let ending = await session.run(snapshots: host.snapshots(every: .milliseconds(250)))
///     await terminal.close()
///
/// It draws at once on keys, on a new size and on the first snapshot, else four times a second.
public struct DashboardSession: Sendable {
    private let screen: any Screen
    private let clock: any WallClock
    private let theme: Theme
    private let catalog: ThemeCatalog
    private let keymap: Keymap
    private let send: @Sendable (Command) async -> CommandAnswer
    private let keepTheme: @Sendable (String) async -> Void

    /// - Parameters:
    ///   - clock: paces the screen and measures how old a snapshot is: real time, also where the host's clock jumps.
    ///   - theme: to begin with.
    ///   - catalog: what the theme picker offers.
    ///   - send: carries out a command.
    ///   - keepTheme: remembers the theme that the person chose.
    public init(
        screen: any Screen, clock: any WallClock, theme: Theme = .standard, catalog: ThemeCatalog = ThemeCatalog(),
        keymap: Keymap = Keymap(), send: @escaping @Sendable (Command) async -> CommandAnswer,
        keepTheme: @escaping @Sendable (String) async -> Void = { _ in }
    ) {
        self.screen = screen
        self.clock = clock
        self.theme = theme
        self.catalog = catalog
        self.keymap = keymap
        self.send = send
        self.keepTheme = keepTheme
    }

    /// The time between two frames when nothing is pressed.
    public static let framePeriod = Duration.milliseconds(250)

    /// Shows snapshots until the person quits or the terminal is gone; ends too when its task is cancelled.
    public func run(snapshots: AsyncStream<Snapshot>) async -> DashboardEnding {
        let (events, queue) = AsyncStream.makeStream(of: DashboardEvent.self)
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await event in screen.events { queue.yield(.input(event)) }
                queue.yield(.input(.hangUp))
            }
            group.addTask {
                for await snapshot in snapshots { queue.yield(.snapshot(snapshot, at: clock.now)) }
                queue.yield(.snapshotsEnded)
            }
            group.addTask {
                while (try? await clock.sleep(for: Self.framePeriod)) != nil { queue.yield(.tick(clock.now)) }
            }
            let ending = await loop(events, queue, &group)
            group.cancelAll()
            return ending
        }
    }

    private func loop(
        _ events: AsyncStream<DashboardEvent>, _ queue: AsyncStream<DashboardEvent>.Continuation,
        _ group: inout TaskGroup<Void>
    ) async -> DashboardEnding {
        var state = DashboardState(
            size: Size(columns: 0, rows: 0), now: clock.now, themeName: theme.name, themeNames: catalog.names(),
            keymap: keymap)
        let depth = await screen.colorDepth
        var look = Look(theme: theme, depth: depth)
        await screen.setMouse(state.isMouseOn)
        for await event in events {
            let isFirstSnapshot = state.snapshot == nil
            for effect in state.reduce(event) {
                switch effect {
                case .end(let ending): return ending
                case .send(let command):
                    group.addTask { queue.yield(.answered(command, await send(command))) }
                case .loadTheme(let name):
                    do {
                        let loaded = try catalog.load(name)
                        look = Look(theme: loaded.theme, depth: depth)
                        await screen.resetColors()
                        _ = state.reduce(.themeLoaded(name: loaded.theme.name, warnings: loaded.warnings))
                    } catch {
                        _ = state.reduce(.themeRefused(error.description))
                    }
                case .keepTheme(let name): group.addTask { await keepTheme(name) }
                case .setMouse(let isOn): await screen.setMouse(isOn)
                case .refresh: await screen.refresh()
                case .suspend: await screen.suspend()
                }
            }
            guard event.isDrawnAtOnce || isFirstSnapshot, state.size.columns > 0 else { continue }
            await screen.draw(state.render(look))
        }
        return .hungUp
    }
}

extension DashboardEvent {
    /// Snapshots are drawn with the next tick.
    fileprivate var isDrawnAtOnce: Bool {
        switch self {
        case .snapshot, .snapshotsEnded: false
        default: true
        }
    }
}
