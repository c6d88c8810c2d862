import Foundation
import Logging
import Pipes
import Run
import SwiftProtobuf
import Testing
import Time

@testable import SubwayApps

@Suite struct MTAProcessorTests {
    private static let time = Timestamp(micros: 1_772_239_225_700_000)
    private let publisher = FakePublisher()
    private let clock = ManualClock(now: time)

    @Test func aPollBecomesOneMessage() async throws {
        let bytes = try SubwaySimulation().feed(at: Self.time)
        let http = FakeHTTP { _ in HTTPResponse(status: 200, body: bytes) }
        let response = try await run(http)

        #expect(response.status == 200)
        #expect(http.requests.map(\.url) == ["http://127.0.0.1:1/gtfs-ace"])
        #expect(http.requests.map(\.method) == ["GET"])
        #expect(http.requests.first?.header("Idempotency-Key") == "poll-1")
        let (topic, message) = try #require(publisher.messages.first)
        #expect(publisher.messages.count == 1)
        #expect(topic == "mta-gtfs-ace")
        #expect(message.attributes["feed_timestamp"] == "1772239225000")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(message.data)) as? [String: Any])
        #expect(object["unique_event_id"] as? String == message.attributes["unique_event_id"])
        #expect(object["event_timestamp_unix"] as? Int == 1_772_239_225)
        #expect((object["header"] as? [String: Any])?["timestamp"] as? String == "1772239225")
        #expect((object["entity"] as? [Any])?.count == (try GTFSFeedMessage(feed: bytes)).entity.count)
    }

    @Test func aTaskTriedAgainPublishesTheSameEventAndAnotherTaskAnother() async throws {
        let bytes = try SubwaySimulation().feed(at: Self.time)
        let http = FakeHTTP { _ in HTTPResponse(status: 200, body: bytes) }
        _ = try await run(http)
        clock.advance(by: .seconds(9))
        _ = try await run(http)
        _ = try await run(http, task: "poll-2")
        let ids = publisher.messages.compactMap { $0.message.attributes["unique_event_id"] }
        #expect(ids.count == 3)
        #expect(ids[0] == ids[1])
        #expect(ids[0] != ids[2])
    }

    @Test func aCallByHandHasNoKeyAndAnIdOfItsTime() async throws {
        let bytes = try SubwaySimulation().feed(at: Self.time)
        let http = FakeHTTP { _ in HTTPResponse(status: 200, body: bytes) }
        _ = try await run(http, task: nil)
        clock.advance(by: .milliseconds(1))
        _ = try await run(http, task: nil)
        #expect(http.requests.allSatisfy { $0.header("Idempotency-Key") == nil })
        #expect(Set(publisher.messages.compactMap { $0.message.attributes["unique_event_id"] }).count == 2)
    }

    @Test func aFeedWithoutATimestampIsPublishedWithoutOne() async throws {
        var feed = GTFSFeedMessage()
        feed.header.gtfsRealtimeVersion = "2.0"
        let bytes: [UInt8] = try feed.serializedBytes()
        _ = try await run(FakeHTTP { _ in HTTPResponse(status: 200, body: bytes) })
        #expect(publisher.messages.first?.message.attributes.keys.sorted() == ["unique_event_id"])
    }

    @Test func nothingNewIsASuccessWithoutAMessage() async throws {
        #expect(try await run(FakeHTTP { _ in HTTPResponse(status: 304) }).status == 204)
        #expect(publisher.messages.isEmpty)
    }

    @Test(
        arguments: [
            (HTTPResponse(status: 500, text: "out of order\nmore"), 502, "answered 500: out of order"),
            (HTTPResponse(status: 404), 502, "answered 404"),
            (HTTPResponse(status: 429, text: "slow down"), 502, "answered 429: slow down"),
            (HTTPResponse(status: 200), 502, "is empty"),
            (HTTPResponse(status: 200, text: "<html>busy</html>"), 502, "not a GTFS-realtime"),
            (HTTPResponse(status: 200, body: [0x12, 3, 0x0a, 1, 0x78]), 502, "lacks a field"),
        ])
    func aFeedThatFailsMakesTheTaskFail(answer: HTTPResponse, status: Int, words: String) async throws {
        let response = try await run(FakeHTTP { _ in answer })
        #expect(response.status == status)
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.contains(words), "\(text)")
        #expect(text.contains("http://127.0.0.1:1/gtfs-ace"))
        #expect(publisher.messages.isEmpty)
    }

    @Test(arguments: [(HTTPFailure.Reason.timeout, 504), (.unreachable, 502), (.badURL, 502)])
    func aFeedThatDoesNotAnswerMakesTheTaskFail(reason: HTTPFailure.Reason, status: Int) async throws {
        let response = try await run(FakeHTTP { _ in throw HTTPFailure(reason, "no luck") })
        #expect(response.status == status)
        #expect(String(decoding: response.body, as: UTF8.self).contains("no luck"))
    }

    @Test func aBrokerThatRefusesIsNoSuccess() async throws {
        let bytes = try SubwaySimulation().feed(at: Self.time)
        let http = FakeHTTP { _ in HTTPResponse(status: 200, body: bytes) }
        let publisher = FakePublisher(refuses: true)
        await #expect(throws: FakePublisher.Refusal.self) { try await run(http, publisher: publisher) }
    }

    @Test func withoutAFeedItSaysWhatToSet() async throws {
        let response = try await run(FakeHTTP { _ in HTTPResponse(status: 200) }, environment: [:])
        #expect(response.status == 500)
        #expect(String(decoding: response.body, as: UTF8.self).contains("FEED_URL"))
    }

    private func run(
        _ http: FakeHTTP, task: String? = "poll-1", publisher: FakePublisher? = nil,
        environment: [String: String] = ["FEED_URL": "http://127.0.0.1:1/gtfs-ace"]
    ) async throws -> HTTPResponse {
        var request = HTTPRequest(method: "POST", url: "http://mta-processor-endpoint/")
        request.headers["X-CloudTasks-TaskName"] = task
        request.headers["X-CloudTasks-QueueName"] = task == nil ? nil : "event-feed-queue"
        let context = ServiceContext(
            clock: clock, http: http, publisher: publisher ?? self.publisher, tasks: FakeTasks(),
            environment: environment, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await MTAProcessor().handle(request, context: context)
    }
}
