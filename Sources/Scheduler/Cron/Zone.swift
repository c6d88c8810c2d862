import Foundation
import Spelling
import Time

/// A time zone of the tz database: what the clocks on its walls show, and when they show it.
public struct Zone: Sendable, Hashable {
    /// Its name in the tz database: `Europe/Berlin`.
    public let name: String
    private let zone: TimeZone

    /// Coordinated universal time, where clocks never change.
    public static let utc = Zone(name: "Etc/UTC", zone: .gmt)

    /// Finds a zone by its tz database name; throws `UnknownZone` with the nearest name.
    public init(named name: String) throws {
        // Foundation also takes 'PST' and 'GMT+3', which the tz database does not know or means otherwise.
        guard name.contains("/") || Self.singleWords.contains(name), let zone = TimeZone(identifier: name) else {
            throw UnknownZone(name: name, suggestion: Self.suggestion(for: name))
        }
        self.init(name: name, zone: zone)
    }

    private init(name: String, zone: TimeZone) {
        self.name = name
        self.zone = zone
    }

    /// What to add to universal time to get local time, in seconds.
    func offset(at time: Timestamp) -> Int64 {
        let seconds = time.micros.dividedFloored(by: 1_000_000).quotient
        return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }

    /// The first moment after `start`, until `end`, at which the clocks are changed.
    ///
    /// Two changes within a day that cancel each other are not seen; no zone has ever had them.
    func firstChange(after start: Timestamp, upTo end: Timestamp) -> ClockChange? {
        let before = offset(at: start)
        var low = start.micros.dividedFloored(by: 1_000_000).quotient
        let last = end.micros.dividedFloored(by: 1_000_000).quotient
        while low < last {
            var high = min(low + 86_400, last)
            guard offset(at: Timestamp(seconds: high)) != before else {
                low = high
                continue
            }
            while high - low > 1 {
                let middle = (low + high) / 2
                if offset(at: Timestamp(seconds: middle)) == before { low = middle } else { high = middle }
            }
            let time = Timestamp(seconds: high)
            return ClockChange(time: time, offsetBefore: before, offsetAfter: offset(at: time))
        }
        return nil
    }

    /// Names of the tz database without a slash.
    private static let singleWords: Set<String> = [
        "UTC", "GMT", "UCT", "Zulu", "Universal", "Greenwich", "GMT0", "CET", "EET", "MET", "WET", "EST", "MST", "HST",
        "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT", "Cuba", "Egypt", "Eire", "GB", "GB-Eire", "Hongkong", "Iceland",
        "Iran",
        "Israel", "Jamaica", "Japan", "Kwajalein", "Libya", "NZ", "NZ-CHAT", "Navajo", "PRC", "Poland", "Portugal",
        "ROC",
        "ROK", "Singapore", "Turkey", "W-SU",
    ]

    private static func suggestion(for name: String) -> String? {
        let known = TimeZone.knownTimeZoneIdentifiers + ["Etc/UTC", "UTC"]
        if let near = Spelling.nearest(to: name, in: known) { return near }
        // A city alone, or in the wrong region.
        let city = name.split(separator: "/").last.map { String($0).replacing(" ", with: "_") } ?? ""
        let cities = known.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        guard let near = Spelling.nearest(to: city, in: cities), let index = cities.firstIndex(of: near) else {
            return nil
        }
        return known[index]
    }
}

/// A time zone's name that the tz database does not have.
public struct UnknownZone: Error, Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    public var name: String
    /// The nearest name that exists.
    public var suggestion: String?

    /// The whole message, for people.
    public var description: String {
        let remedy = suggestion.map { "did you mean '\($0)'?" } ?? "write a name as in 'Europe/Berlin' or 'Etc/UTC'"
        return "'\(name)' is not a time zone; \(remedy)"
    }
}

/// A moment at which the clocks of a zone are set forward or back.
struct ClockChange: Equatable {
    var time: Timestamp
    /// In seconds.
    var offsetBefore: Int64
    var offsetAfter: Int64

    /// What the clocks would show at that moment had they not been changed, in seconds since the epoch.
    var shownBefore: Int64 { time.micros.dividedFloored(by: 1_000_000).quotient + offsetBefore }
    /// What they show instead.
    var shownAfter: Int64 { shownBefore - offsetBefore + offsetAfter }
    /// By how much they are set forward; negative: back. In seconds.
    var jump: Int64 { offsetAfter - offsetBefore }
}
