import Foundation
import SwiftProtobuf
import Testing
import Time

@testable import SubwayApps

@Suite struct FeedJSONTests {
    @Test func fieldsHaveTheirOriginalNamesAndTheMappingsTypes() throws {
        var feed = GTFSFeedMessage()
        feed.header.gtfsRealtimeVersion = "1.0"
        feed.header.timestamp = 1_772_239_225
        var entity = GTFSFeedEntity()
        entity.id = "1\"é"
        entity.vehicle.trip.tripID = "106600_A..S51R"
        entity.vehicle.currentStatus = .incomingAt
        entity.vehicle.currentStopSequence = 22
        entity.vehicle.timestamp = 1_772_235_967
        entity.vehicle.stopID = "A55S"
        var arrival = GTFSTripUpdate.StopTimeUpdate()
        arrival.arrival.time = -5
        arrival.arrival.delay = -5
        entity.tripUpdate.trip.directionID = 1
        entity.tripUpdate.stopTimeUpdate = [arrival]
        feed.entity = [entity]

        let json = try feed.eventJSON(id: "abc", polledAt: Timestamp(micros: 1_772_239_230_999_999))
        let expected = """
            {"unique_event_id":"abc","event_timestamp_unix":1772239230,\
            "header":{"gtfs_realtime_version":"1.0","timestamp":"1772239225"},\
            "entity":[{"id":"1\\"é",\
            "trip_update":{"trip":{"direction_id":1},"stop_time_update":[{"arrival":{"delay":-5,"time":"-5"}}]},\
            "vehicle":{"trip":{"trip_id":"106600_A..S51R"},"current_stop_sequence":22,"current_status":"INCOMING_AT",\
            "timestamp":"1772235967","stop_id":"A55S"}}]}
            """
        #expect(String(decoding: json, as: UTF8.self) == expected)
    }

    @Test(.enabled(if: Recordings.isPresent), arguments: 1...4)
    func aRecordingsJSONReadsBackAsTheSameFeedLessItsExtensions(poll: Int) throws {
        let bytes = try Recordings.poll(poll)
        let json = try GTFSFeedMessage(feed: bytes).eventJSON(id: "abc", polledAt: Timestamp(seconds: 1))
        var reading = JSONDecodingOptions()
        reading.ignoreUnknownFields = true
        let back = try GTFSFeedMessage(jsonUTF8Bytes: json, options: reading)
        var discarding = BinaryDecodingOptions()
        discarding.discardUnknownFields = true
        #expect(try back == GTFSFeedMessage(serializedBytes: bytes, options: discarding))
    }

    @Test func aFeedWithAHeaderAloneIsStillOneObject() throws {
        var feed = GTFSFeedMessage()
        feed.header.gtfsRealtimeVersion = "1.0"
        let json = try feed.eventJSON(id: "abc", polledAt: Timestamp(micros: -1))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
        #expect(Set(object.keys) == ["unique_event_id", "event_timestamp_unix", "header"])
        #expect(object["event_timestamp_unix"] as? Int == -1)
    }
}
