import Foundation
import SwiftProtobuf
import Testing

@testable import GoogleAPI

/// Random and damaged bytes for what reads requests: an error or a request, never the program's end.
///
/// A quick run by default; `DECODER_FUZZ_SECONDS=3600 DECODER_FUZZ_SEED=7 swift test --filter DecoderFuzzTests` goes on
/// for an hour. `Tests/Conformance/fuzz.py` does the same to the whole program, through its port.
@Suite struct DecoderFuzzTests {
    @Test func aPublishRequestIsReadAsProtobufReadsItOrRefused() {
        each(20_000) { random in
            let bytes = mutated(publishRequest(&random), &random)
            let ours = try? bytes.withUnsafeBytes { try PublishDecoder.decode($0) }
            let theirs = try? PBPublishRequest(serializedBytes: bytes)
            // What both can read, they read alike; ours passes over what it does not need.
            if let ours, let theirs { #expect(ours == PublishCall(theirs), "\(bytes)") }
            if let ours { _ = try? ours.check() }
        }
    }

    @Test func targetsAndBodiesOfAnyKindAreReadOrRefused() {
        let targets = [
            "/v1/projects/p/topics/t:publish?pageSize=1&pageToken=AA%3D%3D", "/v1/projects/p/subscriptions?x=%ff",
            "/v1/projects%2Fp%2Ftopics%2Ft", "//v1/:::?&&==%", "",
        ].map { Array($0.utf8) }
        let template: PathTemplate = "{projects/*/topics/*}:publish"
        each(20_000) { random in
            let target = String(
                decoding: mutated(targets[Int.random(in: 0..<5, using: &random)], &random), as: UTF8.self)
            if let request = RestRequest(verb: "POST", uri: target, body: []), let path = RestPath(request.path) {
                _ = template.match(path)
            }
            let body = mutated(Array(Self.body.utf8), &random)
            _ = try? RestJSON.message(body, of: PBSubscription.self)
        }
    }

    private static let body = #"""
        {"name":"projects/p/subscriptions/s","topic":"projects/p/topics/t","ackDeadlineSeconds":10,"labels":{"a":"b"},
        "retryPolicy":{"minimumBackoff":"1.5s","maximumBackoff":"600s"},"expirationPolicy":{"ttl":"86400s"},
        "pushConfig":{"attributes":{"x":"y"},"oidcToken":{"audience":"é\u0041"}},"filter":"attributes:k"}
        """#

    private func publishRequest(_ random: inout SeededGenerator) -> [UInt8] {
        var request = PBPublishRequest()
        request.topic = "projects/p/topics/t"
        request.messages = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            var message = PBPubsubMessage()
            message.data = Data(
                (0..<Int.random(in: 0...200, using: &random)).map { _ in .random(in: 0...255, using: &random) })
            if Bool.random(using: &random) { message.attributes = ["a": "b", "é": ""] }
            if Bool.random(using: &random) { message.orderingKey = "key" }
            return message
        }
        return (try? request.serializedBytes()) ?? []
    }

    private func mutated(_ sound: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = sound
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.removeSubrange(place...)
            case 2: bytes.insert(.random(in: 0...255, using: &random), at: place)
            case 3: bytes.insert(contentsOf: [UInt8](repeating: 0xFF, count: 9) + [1], at: place)
            default: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
            }
        }
        return bytes
    }

    private func each(_ cases: Int, _ body: (inout SeededGenerator) -> Void) {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["DECODER_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        let seconds = environment["DECODER_FUZZ_SECONDS"].flatMap { Double($0) }
        var random = SeededGenerator(state: seed)
        let start = ContinuousClock.now
        var count = 0
        while count < cases || seconds.map({ ContinuousClock.now - start < .seconds($0) }) ?? false {
            body(&random)
            count += 1
        }
        if seconds != nil { print("\(count) cases from seed \(seed)") }
    }
}

/// Chance that can be had again (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
