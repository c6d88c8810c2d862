import Time

/// From when on a subscription's messages are to be handed out again, as a person writes it.
enum SeekTarget: Hashable, Sendable {
    /// So long before the moment when it is done.
    case back(Duration)
    /// Since a time.
    case since(Timestamp)

    /// What `init` reads.
    static let accepted = "90s, 10m, 2h or 1d; or since 08:30 or 2026-03-14 08:30 (UTC)"

    /// No message is kept for longer (Pub/Sub documentation, "message retention").
    static let furthest = Duration.seconds(31 * 86_400)

    /// Reads `10m`, a time of the last 24 hours (`08:30`, `08:30:15`), a day (`2026-03-14`), or both with a space or a `T`
    /// between them and perhaps a zone after them. Throws what is wrong with it, and what would do.
    init(_ text: String, now: Timestamp) throws(Complaint) {
        if let back = Duration(text: text) {
            guard back > .zero else { throw Complaint("'\(text)' is not in the past: write \(Self.accepted)") }
            guard back <= Self.furthest else { throw Complaint("'\(text)' is too far: no message is kept beyond 31d") }
            self = .back(back)
            return
        }
        guard let time = Self.time(text, now: now) else {
            throw Complaint("'\(text)' is no time: write \(Self.accepted)")
        }
        guard time <= now else { throw Complaint("'\(text)' is still to come: write \(Self.accepted)") }
        guard now - time <= Self.furthest else {
            throw Complaint("'\(text)' is too far: no message is kept beyond 31d")
        }
        self = .since(time)
    }

    struct Complaint: Error, Hashable {
        let text: String
        init(_ text: String) { self.text = text }
    }

    /// The time that is meant.
    func time(now: Timestamp) -> Timestamp {
        switch self {
        case .back(let duration): now - duration
        case .since(let time): time
        }
    }

    private static func time(_ text: String, now: Timestamp) -> Timestamp? {
        let parts = text.uppercased().split { $0 == " " || $0 == "T" }.map(String.init)
        switch parts.count {
        case 1 where parts[0].contains(":"):
            let today = now.rfc3339.prefix(10)
            guard let time = time(day: String(today), clock: parts[0]) else { return nil }
            // A clock that is ahead was meant yesterday.
            return time <= now ? time : time - .seconds(86_400)
        case 1: return time(day: parts[0], clock: "00:00")
        case 2: return time(day: parts[0], clock: parts[1])
        default: return nil
        }
    }

    private static func time(day: String, clock: String) -> Timestamp? {
        let zoneStart = clock.firstIndex { $0 == "Z" || $0 == "+" || $0 == "-" } ?? clock.endIndex
        var parts = clock[..<zoneStart].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2 { parts.append("00") }
        if parts[0].count == 1 { parts[0] = "0" + parts[0] }
        let zone = zoneStart == clock.endIndex ? "Z" : String(clock[zoneStart...])
        return Timestamp(rfc3339: "\(day)T\(parts.joined(separator: ":"))\(zone)")
    }
}
