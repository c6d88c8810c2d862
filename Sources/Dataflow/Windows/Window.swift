import Columnar

/// A stretch of event time, `[start, end)`, in microseconds since the epoch.
struct Window: Hashable, Sendable {
    var start: Int64
    var end: Int64

    /// All of time, with the limits that Beam gives its global window and its smallest timestamp.
    static let global = Window(start: -9_223_372_036_854_775_000, end: 9_223_371_950_454_775_000)

    /// The last millisecond inside: the event time of what is combined from the window. Beam's runners keep times of
    /// elements in milliseconds.
    var maxTimestamp: Int64 { max(start, end - 1000) }

    /// Whether a watermark at `watermark` says that nothing more belongs in here: what comes now is late.
    func isClosed(by watermark: Int64) -> Bool { end <= watermark }
}

extension WindowColumn {
    /// The window of row `index`.
    subscript(index: Int) -> Window {
        switch self {
        case .global: .global
        case .intervals(let starts, let ends): Window(start: starts[index], end: ends[index])
        }
    }

    /// As few words as possible for `windows`: `.global` when all are.
    init(_ windows: some Collection<Window>) {
        if windows.allSatisfy({ $0 == .global }) {
            self = .global
        } else {
            self = .intervals(starts: windows.map(\.start), ends: windows.map(\.end))
        }
    }
}
