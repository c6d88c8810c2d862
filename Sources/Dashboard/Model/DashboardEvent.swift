public import Control
public import Terminal
public import Time

/// What happens to the dashboard.
public enum DashboardEvent: Sendable {
    case snapshot(Snapshot, at: Timestamp)
    /// The host gives no more snapshots.
    case snapshotsEnded
    case input(InputEvent)
    case tick(Timestamp)
    case answered(Command, CommandAnswer)
    /// A theme was loaded and is in use; with what was wrong in its file.
    case themeLoaded(name: String, warnings: [String])
    /// A theme could not be loaded: why.
    case themeRefused(String)
}

/// What the dashboard wants done.
public enum DashboardEffect: Sendable, Hashable {
    /// Tell the host; its answer comes back as `DashboardEvent.answered`.
    case send(Command)
    /// Load a theme and draw with it; comes back as `themeLoaded` or `themeRefused`.
    case loadTheme(String)
    /// The person chose this theme: it may be remembered.
    case keepTheme(String)
    case setMouse(Bool)
    /// Draw everything anew.
    case refresh
    /// Stop the process until its shell continues it.
    case suspend
    case end(DashboardEnding)
}

/// How the dashboard ended.
public enum DashboardEnding: Sendable, Hashable {
    /// The person quit.
    case quit
    /// The person quit again while the question was open: at once.
    case forced
    /// The terminal is gone.
    case hungUp
}
