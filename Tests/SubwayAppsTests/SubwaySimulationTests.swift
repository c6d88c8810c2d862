import SwiftProtobuf
import Testing
import Time

@testable import SubwayApps

@Suite struct SubwaySimulationTests {
    private static let start: Int64 = 1_772_239_225
    private let simulation = SubwaySimulation()

    /// A day in steps that hit no period of the timetable.
    private static let moments = stride(from: start, to: start + 86_400, by: 1_739)

    @Test func aboutAHundredAndThirtyVehiclesDayAndNight() {
        for moment in Self.moments {
            let vehicles = vehicles(at: moment)
            #expect((118...142).contains(vehicles.count), "\(vehicles.count) at \(moment)")
            let share = Double(vehicles.count(where: \.hasCurrentStatus)) / Double(vehicles.count)
            #expect((0.55...0.66).contains(share), "\(share) at \(moment)")
        }
    }

    @Test func allLinesRunAndAllStatesOccur() {
        for moment in Self.moments {
            let vehicles = vehicles(at: moment)
            #expect(Set(vehicles.map(\.trip.routeID)) == ["A", "C", "E", "H"])
            let states = Set(vehicles.filter(\.hasCurrentStatus).map(\.currentStatus))
            #expect(states == [.incomingAt, .inTransitTo, .stoppedAt])
        }
    }

    @Test func aFewClocksAreMinutesLateAndAFewAhead() {
        for moment in Self.moments {
            let heard = vehicles(at: moment)
            let late = heard.count { Int64($0.timestamp) <= moment - 180 && $0.hasCurrentStatus }
            let ahead = heard.count { Int64($0.timestamp) > moment }
            #expect((1...25).contains(late), "\(late) late at \(moment)")
            #expect((1...20).contains(ahead), "\(ahead) ahead at \(moment)")
        }
    }

    @Test func everyEntityIsNamedOnceAndPairsATripUpdateWithAVehicle() throws {
        let feed = simulation.message(at: Timestamp(seconds: Self.start))
        #expect(Set(feed.entity.map(\.id)).count == feed.entity.count)
        #expect(feed.entity.first?.id == "000001A")
        for index in stride(from: 0, to: feed.entity.count, by: 2) {
            let (update, vehicle) = (feed.entity[index], feed.entity[index + 1])
            #expect(update.hasTripUpdate && !update.hasVehicle && vehicle.hasVehicle && !vehicle.hasTripUpdate)
            #expect(update.tripUpdate.trip == vehicle.vehicle.trip)
        }
        let trips = feed.entity.filter(\.hasVehicle).map { "\($0.vehicle.trip.tripID) \($0.vehicle.trip.startDate)" }
        #expect(Set(trips).count == trips.count)
    }

    @Test func stopTimesLieAheadInOrderAndBeginWhereTheTrainIs() {
        let feed = simulation.message(at: Timestamp(seconds: Self.start))
        var withStops = 0
        for index in stride(from: 0, to: feed.entity.count, by: 2) {
            let stops = feed.entity[index].tripUpdate.stopTimeUpdate
            let vehicle = feed.entity[index + 1].vehicle
            guard let first = stops.first else { continue }
            withStops += 1
            #expect(first.stopID == vehicle.stopID)
            let times = stops.flatMap { stop in
                (stop.hasArrival ? [stop.arrival.time] : []) + (stop.hasDeparture ? [stop.departure.time] : [])
            }
            #expect(times == times.sorted() && Set(times).count == times.count)
            #expect((times.last ?? 0) > Self.start)
        }
        #expect(withStops > 100)
    }

    @Test func everyStopIsAStationOfTheSampleTable() throws {
        let known = Set(try Recordings.ids(in: Recordings.stations))
        #expect(known.count > 100)
        let feed = simulation.message(at: Timestamp(seconds: Self.start))
        let stops = Set(
            feed.entity.flatMap { entity in
                entity.tripUpdate.stopTimeUpdate.map(\.stopID) + (entity.hasVehicle ? [entity.vehicle.stopID] : [])
            })
        #expect(stops.count > 150)
        for stop in stops {
            #expect(stop.hasSuffix("N") || stop.hasSuffix("S"))
            #expect(known.contains(String(stop.dropLast())), "\(stop)")
        }
    }

    @Test func aTrainOnlyEverMovesOnAndArrives() {
        var last: [String: UInt32] = [:]
        var finished = 0
        for moment in stride(from: Self.start, to: Self.start + 3600, by: 15) {
            for vehicle in vehicles(at: moment) where vehicle.hasCurrentStatus {
                let key = "\(vehicle.trip.tripID) \(vehicle.trip.startDate)"
                let before = last[key] ?? 0
                #expect(vehicle.currentStopSequence >= before)
                if vehicle.currentStopSequence > before { last[key] = vehicle.currentStopSequence }
                if vehicle.currentStopSequence == before, vehicle.stopID.hasPrefix("E01") { finished += 1 }
            }
        }
        #expect(finished > 0)
        #expect(last.values.contains { $0 > 35 })
    }

    @Test func theSameSeedAndTimeGiveTheSameFeedAndAnotherSeedAnother() throws {
        let now = Timestamp(seconds: Self.start)
        #expect(try SubwaySimulation(seed: 5).feed(at: now) == SubwaySimulation(seed: 5).feed(at: now))
        #expect(try SubwaySimulation(seed: 5).feed(at: now) != SubwaySimulation(seed: 6).feed(at: now))
    }

    @Test(arguments: ["1904-10-27T19:00:00Z", "1969-12-31T23:59:59.5Z", "2026-11-01T05:59:00Z", "9999-12-31T23:59:59Z"])
    func anyTimeWillDo(time: String) throws {
        let now = try #require(Timestamp(rfc3339: time))
        let feed = try GTFSFeedMessage(feed: simulation.feed(at: now))
        #expect((118...142).contains(feed.entity.count(where: \.hasVehicle)))
        #expect(feed.entity.allSatisfy { !$0.hasVehicle || $0.vehicle.trip.startDate.count == 8 })
        #expect(Int64(feed.header.timestamp) == max(0, now.micros.dividedFloored(by: 1_000_000).quotient))
        let again: [UInt8] = try feed.serializedBytes()
        #expect(try again == simulation.feed(at: now))
    }

    private func vehicles(at moment: Int64) -> [GTFSVehiclePosition] {
        simulation.message(at: Timestamp(seconds: moment)).entity.filter(\.hasVehicle).map(\.vehicle)
    }
}

@Suite struct ServiceDayTests {
    /// By hand from New York's offsets (UTC-5, UTC-4 in summer) and GTFS's rule of "noon less twelve hours".
    @Test(
        arguments: [
            ("2026-02-27T22:46:00Z", "20260227", "17:46:00", "106600"),
            ("2026-02-28T00:40:30Z", "20260227", "19:40:30", "118050"),
            ("2026-02-28T04:59:59Z", "20260227", "23:59:59", "143998"),
            ("2026-02-28T05:00:00Z", "20260228", "00:00:00", "000000"),
            ("2026-07-04T04:00:00Z", "20260704", "00:00:00", "000000"),
            // Clocks go forward on 8 March: half past midnight EST is an hour and a half into the day.
            ("2026-03-08T04:00:00Z", "20260308", "00:00:00", "000000"),
            ("2026-03-08T05:30:00Z", "20260308", "01:30:00", "009000"),
            // And back on 1 November: half past midnight EDT still belongs to October's last day.
            ("2026-11-01T04:30:00Z", "20261031", "24:30:00", "147000"),
            ("2026-11-01T05:00:00Z", "20261101", "00:00:00", "000000"),
        ])
    func aMomentIsWrittenAsTheTimetableDoes(time: String, date: String, clock: String, origin: String) throws {
        let moment = try #require(Timestamp(rfc3339: time)).micros / 1_000_000
        let day = ServiceDay(at: moment)
        #expect(day.startDate == date)
        #expect(day.startTime == clock)
        #expect(day.origin == origin)
    }
}
