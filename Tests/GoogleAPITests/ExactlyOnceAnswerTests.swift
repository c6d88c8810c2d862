import GRPCCore
import Testing

@testable import GoogleAPI

/// What clients make of an answer that names some ids that did not count.
@Suite struct ExactlyOnceAnswerTests {
    private static func outcome(_ accepted: Int, _ stale: Int, _ unordered: Int = 0) -> Acknowledgements.Outcome {
        func ids(_ prefix: String, _ count: Int) -> [String] {
            (0..<count).map { index in
                let number = String(index)
                return prefix + String(repeating: "A", count: 31 - number.count) + number
            }
        }
        return Acknowledgements.Outcome(
            accepted: ids("Y", accepted), invalid: ids("N", stale), unordered: ids("U", unordered))
    }

    /// What Google's libraries for Python and Go do with every id of a request: done, given up or to be sent again.
    private struct Reading: Equatable {
        var done: Set<String> = []
        var givenUp: Set<String> = []
        var again: Set<String> = []

        init(_ ids: [String], _ error: APIError) {
            for id in ids {
                if let failure = error.info?.metadata[id] {
                    if failure.hasPrefix("TRANSIENT_") { again.insert(id) } else { givenUp.insert(id) }
                } else if [.aborted, .unavailable].contains(error.code) {
                    again.insert(id)
                } else {
                    givenUp.insert(id)
                }
            }
        }
    }

    /// How often a client sends ids until all are settled, and what it was told of them.
    private func settle(_ outcome: Acknowledgements.Outcome) -> (rounds: Int, givenUp: Set<String>) {
        var left = outcome
        var givenUp: Set<String> = []
        for round in 1... {
            guard !left.invalid.isEmpty || !left.unordered.isEmpty else { return (round, givenUp) }
            let error = APIError(exactlyOnce: left, of: "projects/p/subscriptions/s")
            let reading = Reading(left.accepted + left.invalid + left.unordered, error)
            givenUp.formUnion(reading.givenUp)
            left.accepted = (left.accepted + left.unordered).filter(reading.again.contains)
            left.invalid = left.invalid.filter(reading.again.contains)
            left.unordered = []
            if left.accepted.isEmpty, left.invalid.isEmpty { return (round, givenUp) }
        }
        return (0, givenUp)
    }

    @Test(arguments: [
        // accepted, stale, out of order; how often it is sent
        (0, 1, 0, 1), (0, 75, 0, 1), (0, 76, 0, 1), (0, 1000, 0, 1), (0, 2500, 0, 1),
        (1, 1, 0, 2), (925, 75, 0, 2), (25, 75, 0, 2), (24, 76, 0, 2), (75, 925, 0, 2), (75, 2425, 0, 2),
        (0, 0, 10, 2), (0, 0, 1000, 2), (0, 100, 10, 2), (10, 50, 1000, 2), (40, 900, 35, 2),
    ])
    func staleIdsAreGivenUpAtOnceAndValidOnesNever(accepted: Int, stale: Int, unordered: Int, rounds: Int) {
        let outcome = Self.outcome(accepted, stale, unordered)
        let settled = settle(outcome)
        #expect(settled.rounds == rounds)
        #expect(settled.givenUp == Set(outcome.invalid))
    }

    @Test func whereBothAreManyTheStaleOnesAreToldInTurn() {
        let outcome = Self.outcome(500, 500)
        let settled = settle(outcome)
        #expect(settled.rounds == 8)
        #expect(settled.givenUp == Set(outcome.invalid))
    }

    @Test func anExtensionIsNotSentAgainForThoseThatAreTold() {
        let error = APIError(exactlyOnce: Self.outcome(500, 500), of: "s", isExtension: true)
        #expect(error.code == .invalidArgument)
        // Those that come last have entries: a client drops them and works on the earlier ones of a key.
        let named = Set(Self.outcome(500, 500).invalid.sorted().suffix(75))
        #expect(error.info.map { Set($0.metadata.keys) } == named)
        #expect(APIError(exactlyOnce: Self.outcome(500, 75), of: "s", isExtension: true).code == .aborted)
    }

    @Test(arguments: [(0, 2500, 0), (75, 2000, 0), (0, 0, 2500), (30, 2000, 45), (1000, 1000, 500)])
    func anAnswerFitsIntoWhatAClientReads(accepted: Int, stale: Int, unordered: Int) {
        let name = "projects/a-project-with-quite-a-name/subscriptions/" + String(repeating: "s", count: 60)
        let error = APIError(exactlyOnce: Self.outcome(accepted, stale, unordered), of: name)
        // As HPACK counts it (RFC 7541, section 4.1), in base64, with the message and the status beside it.
        var bytes = "grpc-status".utf8.count + 2 + 32 + "grpc-message".utf8.count + error.message.utf8.count + 32
        for (key, value) in error.rpcErrorMetadata {
            switch value {
            case .string(let text): bytes += key.utf8.count + text.utf8.count + 32
            case .binary(let binary): bytes += key.utf8.count + (binary.count + 2) / 3 * 4 + 32
            }
        }
        #expect(bytes < 8192)
    }
}
