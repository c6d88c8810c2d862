import Testing
import Time

@testable import GoogleAPI

@Suite struct StreamingPullSessionTests {
    private static func opening(
        messages: Int64 = 0, bytes: Int64 = 0, deadline: Int32 = 10,
        _ change: (inout PBStreamingPullRequest) -> Void = { _ in }
    ) -> PBStreamingPullRequest {
        var request = PBStreamingPullRequest()
        request.subscription = "projects/p/subscriptions/sub"
        request.streamAckDeadlineSeconds = deadline
        request.maxOutstandingMessages = messages
        request.maxOutstandingBytes = bytes
        change(&request)
        return request
    }

    /// A session that may be asked within expectations.
    private final class Stream {
        var session: StreamingPullSession

        init(messages: Int64 = 0, bytes: Int64 = 0) throws {
            session = try StreamingPullSession(opening: opening(messages: messages, bytes: bytes))
        }

        func room(at now: Timestamp) -> StreamingPullSession.Room { session.room(at: now) }
        func settle(_ sequences: [UInt64]) -> Bool { session.settle(sequences) }
        func send(_ sequence: UInt64, bytes: Int, until deadline: Timestamp) {
            session.send(sequence, bytes: bytes, until: deadline)
        }
    }

    private func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    @Test(arguments: [0, 9, 601, -1] as [Int32])
    func aDeadlineOutsideOfTheRangeIsRefused(seconds: Int32) {
        #expect(throws: APIError.self) { try StreamingPullSession(opening: Self.opening(deadline: seconds)) }
    }

    @Test func theFirstRequestNamesTheSubscription() {
        #expect(throws: (any Error).self) { try StreamingPullSession(opening: Self.opening { $0.subscription = "" }) }
        #expect(throws: (any Error).self) {
            try StreamingPullSession(opening: Self.opening { $0.subscription = "sub" })
        }
    }

    @Test func whatTheFirstRequestSaysMayNotBeRepeated() throws {
        let changes: [(inout PBStreamingPullRequest) -> Void] = [
            { $0.subscription = "projects/p/subscriptions/sub" }, { $0.clientID = "me" },
            { $0.maxOutstandingMessages = 5 }, { $0.maxOutstandingBytes = 5 },
        ]
        for change in changes {
            var session = try StreamingPullSession(opening: Self.opening())
            var request = PBStreamingPullRequest()
            change(&request)
            #expect(throws: APIError.self) { _ = try session.take(request) }
        }
    }

    @Test func listsOfUnequalLengthAreRefused() throws {
        var session = try StreamingPullSession(opening: Self.opening())
        var request = PBStreamingPullRequest()
        request.modifyDeadlineAckIds = ["a", "b"]
        request.modifyDeadlineSeconds = [10]
        #expect(throws: APIError.self) { try session.take(request) }
        request.modifyDeadlineSeconds = [10, 601]
        #expect(throws: APIError.self) { try session.take(request) }
        request.modifyDeadlineSeconds = [10, 0]
        let wishes = try session.take(request)
        #expect(wishes.deadlines.map(\.seconds) == [10, 0])
    }

    @Test func theDeadlineMayChangeOnTheWay() throws {
        var session = try StreamingPullSession(opening: Self.opening())
        #expect(session.ackDeadline == .seconds(10))
        var request = PBStreamingPullRequest()
        _ = try session.take(request)
        #expect(session.ackDeadline == .seconds(10))
        request.streamAckDeadlineSeconds = 60
        _ = try session.take(request)
        #expect(session.ackDeadline == .seconds(60))
    }

    @Test func withoutLimitsThereIsAlwaysRoom() throws {
        let session = try Stream(messages: 0, bytes: -1)
        for sequence in 0..<5000 { session.send(UInt64(sequence), bytes: 1000, until: time(10)) }
        #expect(session.room(at: time(0)) == StreamingPullSession.answer)
        #expect(session.session.heldMessages == 0)
    }

    @Test func messagesFillTheRoomAndAcknowledgementsMakeIt() throws {
        let session = try Stream(messages: 3)
        #expect(session.room(at: time(0)).messages == 3)
        for sequence in [1, 2, 3] as [UInt64] { session.send(sequence, bytes: 1, until: time(10)) }
        #expect(session.room(at: time(0)) == .none)
        #expect(session.settle([9]) == false)
        #expect(session.settle([2]))
        #expect(session.settle([1]) == false)
        #expect(session.room(at: time(0)).messages == 2)
    }

    @Test func bytesFillTheRoomAndOneMessageMayOverfillIt() throws {
        let session = try Stream(bytes: 100)
        session.send(1, bytes: 60, until: time(10))
        #expect(session.room(at: time(0)).bytes == 40)
        session.send(2, bytes: 90, until: time(10))
        #expect(session.room(at: time(0)) == .none)
        #expect(session.settle([1]))
        #expect(session.room(at: time(0)).bytes == 10)
    }

    @Test func aMessageThatIsSentAgainCountsOnce() throws {
        let session = try Stream(messages: 5, bytes: 100)
        session.send(1, bytes: 60, until: time(10))
        session.send(1, bytes: 60, until: time(20))
        #expect(session.session.heldMessages == 1)
        #expect(session.session.heldBytes == 60)
    }

    @Test func leasesThatRunOutMakeRoom() throws {
        let session = try Stream(messages: 2)
        session.send(1, bytes: 1, until: time(10))
        session.send(2, bytes: 1, until: time(20))
        #expect(session.session.nextRoom == time(10))
        #expect(session.room(at: time(9)) == .none)
        #expect(session.room(at: time(10)).messages == 1)
        #expect(session.session.nextRoom == nil)
    }

    @Test func extendedLeasesKeepTheirRoom() throws {
        let session = try Stream(messages: 1)
        session.send(1, bytes: 1, until: time(10))
        session.session.extend([1, 7], until: time(40))
        #expect(session.room(at: time(10)) == .none)
        #expect(session.session.nextRoom == time(40))
        #expect(session.room(at: time(40)).messages == 1)
    }
}
