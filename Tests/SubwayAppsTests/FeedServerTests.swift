import Foundation
import FoundationNetworking
import Logging
import Testing
import Time

@testable import SubwayApps

@Suite struct FeedServerTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func theSimulatorIsServedAsProtobuf() async throws {
        let clock = ManualClock(now: Timestamp(seconds: 1_772_239_225))
        let server = FeedServer(FeedSimulator(clock: clock), logger: logger)
        let url = try await server.start()
        let (status, body, type) = try await get(url)
        #expect(status == 200)
        #expect(type == "application/x-protobuf")
        #expect(try GTFSFeedMessage(feed: body).header.timestamp == 1_772_239_225)
        #expect(try await get(url + "/elsewhere").status == 404)
        await server.stop()
        await #expect(throws: (any Error).self) { try await get(url) }
    }

    @Test func theKeyReachesTheSourceAndItsAnswersBecomeStatuses() async throws {
        let server = FeedServer(ScriptedSource(), logger: logger)
        let url = try await server.start()
        #expect(try await get(url, key: "k1").body == Array("k1".utf8))
        #expect(try await get(url).status == 304)
        let (status, body, _) = try await get(url, key: "bad")
        #expect(status == 500)
        #expect(String(decoding: body, as: UTF8.self) == "the recording is gone\n")
        await server.stop()
    }

    @Test func aTakenPortIsAnErrorThatNamesIt() async throws {
        let server = FeedServer(ScriptedSource(), logger: logger)
        let url = try await server.start()
        let port = try #require(URL(string: url)?.port)
        await #expect {
            try await FeedServer(ScriptedSource(), logger: logger).start(port: port)
        } throws: { error in
            "\(error)".contains("127.0.0.1:\(port)")
        }
        await #expect(throws: FeedServerError.self) { try await server.start() }
        await server.stop()
        await server.stop()
    }

    private func get(
        _ url: String, key: String? = nil
    ) async throws -> (status: Int, body: [UInt8], type: String?) {
        var request = URLRequest(url: try #require(URL(string: url)))
        request.setValue(key, forHTTPHeaderField: "Idempotency-Key")
        let (data, response) = try await URLSession.shared.data(for: request)
        let http = try #require(response as? HTTPURLResponse)
        return (http.statusCode, [UInt8](data), http.value(forHTTPHeaderField: "Content-Type"))
    }
}

/// Answers with the key, with nothing new where there is none, and fails for `bad`.
private struct ScriptedSource: FeedSource {
    func answer(toPoll key: String?) async throws -> FeedAnswer {
        guard let key else { return .nothingNew }
        guard key != "bad" else { throw ReplayError(message: "the recording is gone") }
        return .feed(Array(key.utf8))
    }
}
