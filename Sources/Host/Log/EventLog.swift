public import Control
public import Logging
import Synchronization
public import Time

/// The last lines of what happened, for the dashboard, and all of them in a file: never on the screen.
public final class EventLog: Sendable {
    private struct State {
        var events: [Control.LogEvent] = []
        var nextID: Int64 = 1
    }

    private let state = Mutex(State())
    private let clock: any WallClock
    private let capacity: Int
    private let sink: (@Sendable (Control.LogEvent) -> Void)?

    /// - Parameters:
    ///   - capacity: how many events `recent` keeps.
    ///   - sink: gets every event: the log file, or headless mode's standard error.
    public init(clock: any WallClock, capacity: Int = 500, sink: (@Sendable (Control.LogEvent) -> Void)? = nil) {
        self.clock = clock
        self.capacity = capacity
        self.sink = sink
    }

    /// Newest last.
    public var recent: [Control.LogEvent] { state.withLock { $0.events } }

    /// Adds an event at the clock's time. `source` names the resource: `queue event-feed-queue`.
    public func add(_ level: Control.LogEvent.Level, _ source: String, _ message: String) {
        let now = clock.now
        let message = Self.line(message)
        let event = state.withLock { state -> Control.LogEvent in
            let event = Control.LogEvent(id: state.nextID, time: now, level: level, source: source, message: message)
            state.nextID += 1
            state.events.append(event)
            if state.events.count > capacity { state.events.removeFirst(state.events.count - capacity) }
            return event
        }
        sink?(event)
    }

    /// A message may quote what came from outside: a line of the log stays one line, and commands no terminal.
    private static func line(_ text: String) -> String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            line.append(!isControl(scalar) ? scalar : scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}")
        }
        return String(line)
    }

    /// A logger whose lines become events; its label becomes their source.
    public func logger(_ label: String, level: Logger.Level = .info) -> Logger {
        Logger(label: label) { EventLogHandler(label: $0, log: self, logLevel: level) }
    }
}

private struct EventLogHandler: LogHandler {
    let label: String
    let log: EventLog
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: Logging.LogEvent) {
        let level: Control.LogEvent.Level =
            switch event.level {
            case .trace, .debug: .debug
            case .info, .notice: .info
            case .warning: .warning
            case .error, .critical: .error
            }
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let details =
            all.isEmpty
            ? "" : " " + all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        log.add(level, label, event.message.description + details)
    }
}
