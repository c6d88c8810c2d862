import Foundation
import Testing

@testable import SubwayApps

@Suite struct StationsTests {
    @Test func theSampleTableHasOneWellFormedRowAStation() throws {
        let lines = try String(contentsOf: Recordings.stations, encoding: .utf8).split(separator: "\n")
        #expect(lines.first == "stop_id,stop_name,stop_lat,stop_lon")
        let rows = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(rows.allSatisfy { $0.count == 4 && !$0[1].isEmpty })
        let isInTheCity = rows.map { row in
            (40.5...40.9).contains(Double(row[2]) ?? 0) && (-74.1 ... -73.7).contains(Double(row[3]) ?? 0)
        }
        #expect(!isInTheCity.contains(false))
        #expect(Set(rows.map { $0[0] }).count == rows.count)
    }

    @Test(.enabled(if: Recordings.isPresent)) func itsFactsAreTheAgencys() throws {
        let agency = Set(
            try String(contentsOf: Recordings.folder.appending(path: "stops.csv"), encoding: .utf8)
                .split(whereSeparator: \.isNewline).map { $0.split(separator: ",").prefix(4).joined(separator: ",") })
        let ours = try String(contentsOf: Recordings.stations, encoding: .utf8).split(separator: "\n").dropFirst()
        for row in ours { #expect(agency.contains(String(row)), "\(row)") }
    }

    @Test(.enabled(if: Recordings.isPresent), arguments: 1...4)
    func everyRecordedTrainIsAtOneOfItsStations(poll: Int) throws {
        let known = Set(try Recordings.ids(in: Recordings.stations))
        for entity in try GTFSFeedMessage(feed: Recordings.poll(poll)).entity where entity.hasVehicle {
            #expect(known.contains(String(entity.vehicle.stopID.dropLast())), "\(entity.vehicle.stopID)")
        }
    }
}
