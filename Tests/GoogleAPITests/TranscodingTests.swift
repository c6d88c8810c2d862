import Foundation
import PubSub
import Testing
import Time

@testable import GoogleAPI

/// Requests to the REST routes, without a network.
@Suite struct TranscodingTests {
    private final class Door {
        let broker: Broker
        let router: RestRouter
        private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

        init() async throws {
            let clock = ManualClock(now: Timestamp(seconds: 1_700_000_000))
            broker = try await Broker.open(folder: folder, clock: clock)
            router = RestRouter(PubSubServer(broker: broker, clock: clock).methods)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func call(_ verb: String, _ uri: String, _ body: String = "") async -> (status: Int, json: [String: Any]) {
            let answer = await router.respond(to: RestRequest(verb: verb, uri: uri, body: Array(body.utf8)))
            let json = try? JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            return (answer.status, json ?? ["unreadable": String(decoding: answer.body, as: UTF8.self)])
        }

        func error(_ verb: String, _ uri: String, _ body: String = "") async -> String {
            let (status, json) = await call(verb, uri, body)
            let error = json["error"] as? [String: Any]
            guard error?["code"] as? Int == status else { return "\(json)" }
            return "\(status) \(error?["status"] ?? "-")"
        }
    }

    @Test func aMessageGoesThrough() async throws {
        let door = try await Door()
        #expect(await door.call("PUT", "/v1/projects/p/topics/rail", #"{"labels":{"a":"b"}}"#).status == 200)
        #expect(
            await door.call("PUT", "/v1/projects/p/subscriptions/sub", #"{"topic":"projects/p/topics/rail"}"#).json[
                "ackDeadlineSeconds"] as? Int == 10)
        let published = await door.call(
            "POST", "/v1/projects/p/topics/rail:publish", #"{"messages":[{"data":"AP8=","attributes":{"k":"v"}}]}"#)
        #expect(published.json["messageIds"] as? [String] == ["1"])
        let pulled = await door.call(
            "POST", "/v1/projects/p/subscriptions/sub:pull", #"{"maxMessages":5,"returnImmediately":true}"#)
        let messages = try #require(pulled.json["receivedMessages"] as? [[String: Any]])
        let message = try #require(messages.first?["message"] as? [String: Any])
        #expect(message["data"] as? String == "AP8=")
        #expect(message["publishTime"] as? String == "2023-11-14T22:13:20Z")
        let id = try #require(messages.first?["ackId"] as? String)
        let acknowledged = await door.call(
            "POST", "/v1/projects/p/subscriptions/sub:acknowledge", #"{"ackIds":["\#(id)"]}"#)
        #expect(acknowledged.status == 200)
        #expect(acknowledged.json.isEmpty)
    }

    @Test func updatesGoByTheirMasks() async throws {
        let door = try await Door()
        _ = await door.call("PUT", "/v1/projects/p/topics/rail", #"{"labels":{"a":"b"}}"#)
        _ = await door.call("PUT", "/v1/projects/p/subscriptions/sub", #"{"topic":"projects/p/topics/rail"}"#)
        let changed = await door.call(
            "PATCH", "/v1/projects/p/subscriptions/sub",
            #"{"subscription":{"ackDeadlineSeconds":33,"labels":{"x":"y"}},"updateMask":"ackDeadlineSeconds"}"#)
        #expect(changed.json["ackDeadlineSeconds"] as? Int == 33)
        #expect(changed.json["labels"] == nil)
        // Google's services take masks in snake case, too.
        let again = await door.call(
            "PATCH", "/v1/projects/p/subscriptions/sub",
            #"{"subscription":{"ack_deadline_seconds":44},"update_mask":"ack_deadline_seconds,retry_policy"}"#)
        #expect(again.json["ackDeadlineSeconds"] as? Int == 44)
        #expect(await door.error("PATCH", "/v1/projects/p/topics/rail", "{}") == "400 INVALID_ARGUMENT")
    }

    @Test func theRootSaysThatTheServerIsUp() async throws {
        let door = try await Door()
        let answer = await door.router.respond(to: RestRequest(verb: "GET", uri: "/", body: []))
        #expect(answer.status == 200)
        #expect(await door.error("POST", "/") == "404 NOT_FOUND")
    }

    @Test func namesAreFullEverywhere() async throws {
        let door = try await Door()
        _ = await door.call("PUT", "/v1/projects/streamtop/topics/rail")
        let dead = #"{"topic":"projects/streamtop/topics/rail","deadLetterPolicy":{"deadLetterTopic":"rail"}}"#
        #expect(await door.error("PUT", "/v1/projects/streamtop/subscriptions/sub", dead) == "400 INVALID_ARGUMENT")
        let schema = #"{"schemaSettings":{"schema":"rail","encoding":"JSON"}}"#
        #expect(await door.error("PUT", "/v1/projects/streamtop/topics/other", schema) == "400 INVALID_ARGUMENT")
    }

    @Test func listsHavePages() async throws {
        let door = try await Door()
        for name in ["aaa", "bbb", "ccc"] { _ = await door.call("PUT", "/v1/projects/p/topics/\(name)") }
        _ = await door.call("PUT", "/v1/projects/q/topics/other")
        let first = await door.call("GET", "/v1/projects/p/topics?pageSize=2&$alt=json;enum-encoding=int")
        #expect((first.json["topics"] as? [[String: Any]])?.count == 2)
        let token = try #require(first.json["nextPageToken"] as? String)
        let second = await door.call("GET", "/v1/projects/p/topics?page_size=2&pageToken=\(token)")
        #expect((second.json["topics"] as? [[String: Any]])?.first?["name"] as? String == "projects/p/topics/ccc")
        #expect(second.json["nextPageToken"] == nil)
    }

    @Test(arguments: [
        ("GET", "/v1/projects/p/topics/nope", "", "404 NOT_FOUND"),
        ("GET", "/v1/projects/p/topics/nope?colour=red", "", "400 INVALID_ARGUMENT"),
        ("GET", "/v1/projects/p/topics?pageSize=many", "", "400 INVALID_ARGUMENT"),
        ("PUT", "/v1/projects/p/topics/x", "", "400 INVALID_ARGUMENT"),
        ("PUT", "/v1/projects/p/topics/abc", "{", "400 INVALID_ARGUMENT"),
        ("PUT", "/v1/projects/p/topics/abc", #"{"colour":"red"}"#, "400 INVALID_ARGUMENT"),
        ("PUT", "/v1/projects/p/topics/abc", #"{"kmsKeyName":"k"}"#, "501 UNIMPLEMENTED"),
        ("POST", "/v1/projects/p/topics/nope:publish", #"{"messages":[{"data":"!"}]}"#, "400 INVALID_ARGUMENT"),
        ("POST", "/v1/projects/p/topics/nope:publish", #"{"messages":[]}"#, "400 INVALID_ARGUMENT"),
        ("POST", "/v1/projects/p/topics/nope:publish", #"{"messages":[{"data":"AA=="}]}"#, "404 NOT_FOUND"),
        ("POST", "/v1/projects/p/topics/nope", "", "501 UNIMPLEMENTED"),
        ("GET", "/v1/nothing", "", "404 NOT_FOUND"), ("GET", "/v2", "", "404 NOT_FOUND"),
        ("POST", "/v1/projects/p/subscriptions/nope:seek", "{}", "400 INVALID_ARGUMENT"),
    ])
    func errorsHaveCodesAndStatuses(verb: String, uri: String, body: String, expected: String) async throws {
        let door = try await Door()
        #expect(await door.error(verb, uri, body) == expected)
    }

    @Test func errorsAreJSONWhateverTheySay() throws {
        let error = APIError(
            .failedPrecondition, "a \"quoted\"\nline\u{1}ß", info: .init(reason: "R", metadata: ["k\"": "v"]))
        let json = try JSONSerialization.jsonObject(with: Data(RestAnswer(error).body)) as? [String: Any]
        let body = try #require(json?["error"] as? [String: Any])
        #expect(body["message"] as? String == error.message)
        #expect(body["status"] as? String == "FAILED_PRECONDITION")
        #expect(body["code"] as? Int == 400)
        #expect((body["details"] as? [[String: Any]])?.first?["metadata"] as? [String: String] == ["k\"": "v"])
    }
}
