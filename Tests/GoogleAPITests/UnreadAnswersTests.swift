import Testing

@testable import GoogleAPI

/// What a connection's calls may be handed out while its client has not read what they have.
@Suite struct UnreadAnswersTests {
    @Test func aCallGetsNothingMoreBeforeItsAnswerIsWritten() async throws {
        let output = CallOutput(UnreadAnswers(limit: 100))
        try await output.waitForRoom(60)
        // It is on its way from the method to the handlers.
        let written = Task { try await output.waitUntilWritten() }
        output.willWrite(45)
        #expect(output.unwritten == 45)
        output.didWrite(30)
        #expect(output.unwritten == 15)
        output.didWrite(15)
        try await written.value
    }

    @Test func theCallsOfAConnectionShareItsRoom() async throws {
        let answers = UnreadAnswers(limit: 100)
        let calls = (0..<3).map { _ in CallOutput(answers) }
        try await calls[0].waitForRoom(60)
        try await calls[1].waitForRoom(60)
        #expect(answers.bytes == 120)
        let third = Task { try await calls[2].waitForRoom(60) }
        // What was set aside becomes what it is.
        calls[0].willWrite(80)
        #expect(answers.bytes == 140)
        calls[1].release()
        try await third.value
        #expect(answers.bytes == 140)
        calls[0].didWrite(80)
        #expect(answers.bytes == 60)
        calls[2].end()
        #expect(answers.bytes == 0)
    }

    @Test func whoWaitsIsToldOfTheEnd() async throws {
        let answers = UnreadAnswers(limit: 100)
        let (full, waiting) = (CallOutput(answers), CallOutput(answers))
        try await full.waitForRoom(100)
        let room = Task { try await waiting.waitForRoom(1) }
        let written = Task { try await full.waitUntilWritten() }
        answers.close()
        await #expect(throws: APIError.self) { try await room.value }
        await #expect(throws: APIError.self) { try await written.value }
        let ended = CallOutput(UnreadAnswers(limit: 100))
        ended.willWrite(10)
        let late = Task { try await ended.waitUntilWritten() }
        ended.end()
        await #expect(throws: APIError.self) { try await late.value }
        await #expect(throws: APIError.self) { try await ended.waitForRoom(1) }
    }

    @Test func whoIsCancelledWaitsNoLonger() async throws {
        let answers = UnreadAnswers(limit: 1)
        let (full, waiting) = (CallOutput(answers), CallOutput(answers))
        try await full.waitForRoom(1)
        let room = Task { try await waiting.waitForRoom(1) }
        room.cancel()
        await #expect(throws: CancellationError.self) { try await room.value }
        #expect(answers.bytes == 1)
    }
}
