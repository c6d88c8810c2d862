import Control
import Time

/// In what state the picture is: the first thing to read.
enum Badge: Hashable {
    /// No snapshot has come yet.
    case starting
    case live
    /// No trigger is enabled.
    case paused
    /// The last snapshot is this old.
    case stale(Duration)
    /// The person stopped the picture this long ago.
    case frozen(Duration)
    /// The host has ended.
    case ended

    var text: String {
        switch self {
        case .starting: "STARTING"
        case .live: "LIVE"
        case .paused: "PAUSED"
        case .stale(let age): "STALE \(Self.compact(age))"
        case .frozen(let age): "FROZEN \(Self.compact(age))"
        case .ended: "ENDED"
        }
    }

    var tone: Look.Tone {
        switch self {
        case .live: .good
        case .paused, .frozen: .warning
        case .starting: .accent
        case .stale, .ended: .bad
        }
    }

    private static func compact(_ age: Duration) -> String {
        String(Figures.age(age).filter { $0 != " " })
    }
}

extension DashboardState {
    /// How old a snapshot may be before it counts as stale: eight snapshots missed.
    static let staleAfter = Duration.seconds(2)

    var badge: Badge {
        if let frozenAt { return .frozen(now - frozenAt) }
        guard let snapshot, let arrivedAt else { return .starting }
        if hasEnded { return .ended }
        let age = now - arrivedAt
        if age >= Self.staleAfter { return .stale(age) }
        return snapshot.isTriggered || snapshot.jobs.isEmpty ? .live : .paused
    }
}
