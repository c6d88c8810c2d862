public import Control
public import Terminal
public import Time

/// All that the screen depends on, besides its colours.
public struct DashboardState: Sendable {
    /// The terminal's size.
    public internal(set) var size: Size
    /// The time of the last event, by the clock that paces the screen.
    public internal(set) var now: Timestamp
    /// What is shown: the latest snapshot, or the one of the moment when the picture was frozen.
    public internal(set) var snapshot: Snapshot?
    /// What arrived while the picture is frozen.
    var behind: Snapshot?
    var arrivedAt: Timestamp?
    var frozenAt: Timestamp?
    /// No snapshot will come any more.
    var hasEnded = false
    /// The panel that keys act in.
    public internal(set) var focus = Panel.scheduler
    /// Whether that panel fills the screen.
    public internal(set) var isZoomed = false
    /// By panel; a panel without one has its first row selected, the log its last.
    var selection: [Panel: RowID] = [:]
    /// By panel; absent: everything is shown.
    var filters: [Panel: String] = [:]
    /// What the keys mean now.
    public internal(set) var mode = Mode.normal
    /// What is said to the person now.
    public internal(set) var notice: Notice?
    /// The theme in use.
    public internal(set) var themeName: String
    let themeNames: [String]
    let keymap: Keymap
    /// Whether clicks are ours and not the terminal's.
    public internal(set) var isMouseOn = true
    /// What the lag graphs show.
    var graphSpan = GraphSpan.twoMinutes
    /// Numbers of workers and of instances that were asked for and are not in a snapshot yet.
    var requested: [RowID: Requested] = [:]

    /// - Parameters:
    ///   - themeNames: what the theme picker offers.
    ///   - now: by the clock that paces the screen, not the host's.
    public init(size: Size, now: Timestamp, themeName: String, themeNames: [String], keymap: Keymap) {
        self.size = size
        self.now = now
        self.themeName = themeName
        self.themeNames = themeNames
        self.keymap = keymap
    }

    /// A number that was asked for, until the host shows it or some seconds have passed.
    struct Requested: Hashable {
        var count: Int
        var until: Timestamp
    }

    /// The host's time now: a snapshot's, moved on by what has passed since, so that countdowns run between snapshots.
    var hostNow: Timestamp {
        guard let snapshot else { return now }
        guard frozenAt == nil, !snapshot.isFastForward, let arrivedAt else { return snapshot.takenAt }
        return snapshot.takenAt + min(max(now - arrivedAt, .zero), Self.staleAfter)
    }

    // MARK: Rows

    func rows(of panel: Panel) -> [RowID] {
        snapshot?.rows(of: panel, filter: filters[panel] ?? "") ?? []
    }

    /// The place of the selected row among `rows`; nil when there are none.
    func selectedIndex(in rows: [RowID], of panel: Panel) -> Int? {
        guard !rows.isEmpty else { return nil }
        if let id = selection[panel], let index = rows.firstIndex(of: id) { return index }
        return panel == .log ? rows.count - 1 : 0
    }

    func selectedRow(of panel: Panel) -> RowID? {
        let rows = rows(of: panel)
        return selectedIndex(in: rows, of: panel).map { rows[$0] }
    }

    /// The trigger that keys act on from everywhere.
    var selectedJob: JobFigures? {
        guard case .job(let name) = selectedRow(of: .scheduler) else { return snapshot?.jobs.first }
        return snapshot?.job(name)
    }

    var selectedQueue: QueueFigures? {
        guard case .queue(let name) = selectedRow(of: .queues) else { return nil }
        return snapshot?.queue(name)
    }

    var selectedService: ServiceFigures? {
        guard case .service(let name) = selectedRow(of: .services) else { return nil }
        return snapshot?.service(name)
    }

    var selectedSubscription: SubscriptionFigures? {
        guard case .subscription(let name) = selectedRow(of: .topics) else { return nil }
        return snapshot?.subscription(name)
    }

    /// How long acknowledged messages of a subscription are kept by it or its topic, seconds; nil: not at all.
    func acknowledgedRetention(_ subscription: SubscriptionFigures, _ terms: SubscriptionTerms) -> Double? {
        [terms.retainsAcknowledged ? terms.retention : nil, snapshot?.topic(subscription.topic)?.retention]
            .compactMap { $0 }.max()
    }

    /// What of a subscription's past can come again, in a sentence; nil when that is not known.
    func keepsAcknowledged(_ name: String) -> String? {
        guard let subscription = snapshot?.subscription(name), let terms = subscription.terms else { return nil }
        guard let kept = acknowledgedRetention(subscription, terms) else {
            return "Acknowledged messages are not kept: only those that wait come again."
        }
        return "Acknowledged messages are kept for \(Figures.duration(kept))."
    }

    /// The selected pipeline, or the one whose step is selected.
    var selectedPipeline: PipelineFigures? {
        switch selectedRow(of: .pipelines) {
        case .pipeline(let name), .step(let name, _): snapshot?.pipeline(name)
        default: nil
        }
    }

    /// The first row shown of `count` in a panel of `height` rows: the selected one stays in the middle.
    static func scroll(selected: Int?, count: Int, height: Int) -> Int {
        guard count > height, let selected else { return 0 }
        return min(max(0, selected - height / 2), count - height)
    }
}

/// How much time a lag graph shows.
enum GraphSpan: Int, CaseIterable {
    case thirtySeconds, oneMinute, twoMinutes, fiveMinutes

    /// Seconds.
    var seconds: Int {
        switch self {
        case .thirtySeconds: 30
        case .oneMinute: 60
        case .twoMinutes: 120
        case .fiveMinutes: 300
        }
    }
}
