internal import SwiftProtobuf
public import Time

/// The A, C, E and H lines of New York's subway, run by a timetable that never ends.
///
/// There is no state: what the feed says at a moment follows from the seed and that moment alone, so that a restart
/// changes nothing and any time, past or future, can be asked for. Like the real feed it lists each trip as a pair of
/// entities, a trip update with the stops ahead and a vehicle; trains that have not left yet have no `current_status`.
public struct SubwaySimulation: Sendable, Hashable {
    /// How long before its departure a trip is in the feed, in seconds.
    private static let lookahead: Int64 = 40 * 60
    /// How long before its departure a waiting train announces it instead of reporting itself, in seconds.
    private static let announcement: Int64 = 5 * 60

    private let hash: SeededHash

    /// The same seed runs the same trains with the same small delays.
    public init(seed: UInt64 = 1904) {
        hash = SeededHash(seed: seed)
    }

    /// The feed's answer at `now`, as GTFS-realtime protobuf.
    ///
    /// Throws only if protobuf's encoder does.
    public func feed(at now: Timestamp) throws -> [UInt8] {
        try message(at: now).serializedBytes()
    }

    func message(at now: Timestamp) -> GTFSFeedMessage {
        let moment = now.micros.dividedFloored(by: 1_000_000).quotient
        var feed = GTFSFeedMessage()
        feed.header.gtfsRealtimeVersion = "1.0"
        feed.header.timestamp = unsigned(moment)
        for (patternIndex, pattern) in Timetable.patterns.enumerated() {
            for (number, trip) in trips(of: pattern, patternIndex, at: moment) {
                for entity in entities(of: trip, lag: lag(patternIndex, number), at: moment) {
                    var entity = entity
                    entity.id = padded(Int64(feed.entity.count + 1), 6) + pattern.route
                    feed.entity.append(entity)
                }
            }
        }
        return feed
    }

    /// The trips of a pattern that are in the feed, by their numbers.
    func trips(
        of pattern: ServicePattern, _ patternIndex: Int, at moment: Int64
    ) -> [(number: Int64, trip: SimulatedTrip)] {
        let earliest = moment - SimulatedTrip.longest(of: pattern) - pattern.offset
        let latest = moment + Self.lookahead - pattern.offset
        let numbers =
            earliest.dividedFloored(by: pattern.headway).quotient...latest.dividedFloored(by: pattern.headway).quotient
        return numbers.map { number in
            (number, SimulatedTrip(pattern: pattern, patternIndex: patternIndex, number: number, hash: hash))
        }.filter { $0.trip.phase(at: moment) != .gone }
    }

    /// A tracker's clock: minutes behind on every sixteenth train, a little ahead on another, else right (0 seconds).
    private func lag(_ patternIndex: Int, _ number: Int64) -> Int64 {
        switch (number + Int64(patternIndex) * 5).dividedFloored(by: 16).remainder {
        case 3: hash.pick(180...2400, number, 2)
        case 11: -hash.pick(30...150, number, 3)
        default: 0
        }
    }

    private func entities(of trip: SimulatedTrip, lag: Int64, at moment: Int64) -> [GTFSFeedEntity] {
        let day = ServiceDay(at: trip.scheduledDeparture)
        let descriptor = GTFSTripDescriptor.with {
            $0.tripID = trip.id
            $0.startTime = day.startTime
            $0.startDate = day.startDate
            $0.routeID = trip.pattern.route
        }
        var update = GTFSFeedEntity()
        update.tripUpdate.trip = descriptor
        update.tripUpdate.stopTimeUpdate = stopTimes(ahead: trip, at: moment)
        var vehicle = GTFSFeedEntity()
        vehicle.vehicle = position(of: trip, lag: lag, at: moment)
        vehicle.vehicle.trip = descriptor
        return [update, vehicle]
    }

    private func position(of trip: SimulatedTrip, lag: Int64, at moment: Int64) -> GTFSVehiclePosition {
        var vehicle = GTFSVehiclePosition()
        let phase = trip.phase(at: moment)
        switch phase {
        case .waiting:
            vehicle.stopID = trip.stop(0)
            // A train that is about to leave is announced for its departure: a time that is still to come.
            let isAnnounced = trip.departures[0] - moment < Self.announcement
            vehicle.timestamp = unsigned(isAnnounced ? trip.departures[0] : moment - moment % 60)
            return vehicle
        case .stopped: vehicle.currentStatus = .stoppedAt
        case .incoming: vehicle.currentStatus = .incomingAt
        case .inTransit, .gone: vehicle.currentStatus = .inTransitTo
        }
        vehicle.stopID = trip.stop(phase.station)
        vehicle.currentStopSequence = UInt32(phase.station + 1)
        vehicle.timestamp = unsigned(lag == 0 ? trip.lastChange(at: moment) : moment - lag)
        return vehicle
    }

    /// The stops from the one that the train stands at or goes to; none when the trip is over.
    private func stopTimes(ahead trip: SimulatedTrip, at moment: Int64) -> [GTFSTripUpdate.StopTimeUpdate] {
        let last = trip.arrivals.count - 1
        guard moment < trip.arrivals[last] else { return [] }
        return (trip.phase(at: moment).station...last).map { station in
            GTFSTripUpdate.StopTimeUpdate.with {
                if station > 0 { $0.arrival.time = trip.arrivals[station] }
                if station < last { $0.departure.time = trip.departures[station] }
                $0.stopID = trip.stop(station)
                $0.departureOccupancyStatus = .noDataAvailable
            }
        }
    }

    /// The wire's times are unsigned: whatever is before 1970 reads as 1970.
    private func unsigned(_ seconds: Int64) -> UInt64 { UInt64(max(0, seconds)) }
}
