/// One train on one trip of the timetable, with the small delays of its own day.
///
/// Everything follows from the pattern, the trip's number and the seed; all times are seconds since the Unix epoch.
struct SimulatedTrip {
    /// Where the train is.
    enum Phase: Hashable {
        /// Not yet off; the train stands at the terminal without having been heard of.
        case waiting
        /// In the station with that index in the pattern.
        case stopped(at: Int)
        /// In the last seconds before it.
        case incoming(at: Int)
        case inTransit(to: Int)
        /// The trip is over and the train out of the feed.
        case gone

        /// The index of the station that the phase speaks of.
        var station: Int {
            switch self {
            case .waiting: 0
            case .stopped(let index), .incoming(let index), .inTransit(let index): index
            case .gone: .max
            }
        }
    }

    /// How long a train is still shown at its terminal.
    static let lingering: Int64 = 300
    private static let dwell: ClosedRange<Int64> = 20...35
    private static let approach: Int64 = 20

    let pattern: ServicePattern
    /// By the timetable.
    let scheduledDeparture: Int64
    /// By station; the first is a second or more before its departure.
    let arrivals: [Int64]
    let departures: [Int64]

    init(pattern: ServicePattern, patternIndex: Int, number: Int64, hash: SeededHash) {
        self.pattern = pattern
        scheduledDeparture = pattern.offset + number * pattern.headway
        let key = Int64(patternIndex)
        let hop = pattern.runningTime / Int64(pattern.stations.count - 1)
        var arrivals = [scheduledDeparture]
        var departures = [scheduledDeparture + hash.pick(0...75, key, number)]
        for station in 1..<pattern.stations.count {
            let dwell = hash.pick(Self.dwell, key, number, Int64(station))
            // A hop is as long on every trip, but for the traffic of the day.
            let length = hop + hash.pick(-hop / 4...hop / 4, key, Int64(station))
            let traffic = hash.pick(-8...8, key, number, Int64(station), 1)
            arrivals.append(departures[station - 1] + max(Self.approach + 5, length - dwell + traffic))
            departures.append(arrivals[station] + dwell)
        }
        self.arrivals = arrivals
        self.departures = departures
    }

    /// The seconds after the scheduled departure by which every trip of the pattern is out of the feed.
    static func longest(of pattern: ServicePattern) -> Int64 { pattern.runningTime * 5 / 4 + 600 + lingering }

    func phase(at moment: Int64) -> Phase {
        if moment < departures[0] { return .waiting }
        let last = arrivals.count - 1
        if moment >= arrivals[last] { return moment < arrivals[last] + Self.lingering ? .stopped(at: last) : .gone }
        // The last station that has been reached.
        let reached = arrivals.lastIndex { $0 <= moment } ?? 0
        if moment < departures[reached] { return .stopped(at: reached) }
        let next = reached + 1
        return moment >= arrivals[next] - Self.approach ? .incoming(at: next) : .inTransit(to: next)
    }

    /// When the train's phase last changed: what a tracker that only reports changes says.
    func lastChange(at moment: Int64) -> Int64 {
        switch phase(at: moment) {
        case .waiting: scheduledDeparture
        case .stopped(let station): arrivals[station]
        case .incoming(let station): arrivals[station] - Self.approach
        case .inTransit(let station): departures[station - 1]
        case .gone: arrivals[arrivals.count - 1]
        }
    }

    /// `106600_A..S51R`.
    var id: String {
        "\(ServiceDay(at: scheduledDeparture).origin)_\(pattern.route)..\(pattern.direction.rawValue)\(pattern.path)"
    }

    /// A stop's id: the station's with the letter of the direction.
    func stop(_ station: Int) -> String { pattern.stations[station] + pattern.direction.rawValue }
}
