import Testing

@testable import Dataflow

@Suite struct BellTests {
    @Test func aRingIsKeptUntilSomebodyComes() async throws {
        let bell = Bell()
        #expect(!bell.isRung)
        bell.ring()
        bell.ring()
        #expect(bell.isRung)
        try await bell.wait()
        #expect(!bell.isRung)
    }

    @Test func aRingWakesWhoWaits() async throws {
        let bell = Bell()
        let waiting = Task { try await bell.wait() }
        while !bell.hasWaiter { await Task.yield() }
        bell.ring()
        try await waiting.value
        #expect(!bell.isRung)
    }

    @Test func whoIsCancelledLeaves() async {
        let bell = Bell()
        let waiting = Task { try await bell.wait() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        bell.ring()
        #expect(bell.isRung, "the ring is for the next")
    }
}

@Suite struct WorkersTests {
    @Test(arguments: 1...8) func answersComeInTheItemsOrder(workers: Int) async {
        let answers = await Workers.map(Array(0..<100), workers: workers) { item in
            for _ in 0..<(item * 7 % 5) { await Task.yield() }
            return item * 2
        }
        #expect(answers == (0..<100).map { $0 * 2 })
    }

    @Test func settingsKeepTheirBounds() {
        #expect(PipelineSettings(workers: 0).workers == 1)
        #expect(PipelineSettings(workers: 99).workers == 8)
        #expect(PipelineSettings(maxMessagesPerEpoch: 0).maxMessagesPerEpoch == 1)
    }
}
