import Foundation
import GRPCCore
import Pipes
import PubSub
import Synchronization
import Testing
import Time

@testable import GoogleAPI

/// A stream from its method's side, on clocks that stand still.
@Suite struct StreamingPullTests {
    private static let name = "projects/p/subscriptions/sub"

    /// What a stream writes, and whether it is taken.
    private final class Client: RPCWriterProtocol {
        typealias Element = Delivery

        private struct State {
            var isReading = true
            var blocked: [CheckedContinuation<Void, any Error>] = []
        }

        private let state = Mutex(State())
        let answers: AsyncStream<Delivery>
        private let answer: AsyncStream<Delivery>.Continuation
        /// Told of every write that is not taken.
        let stuck: AsyncStream<Void>
        private let isStuck: AsyncStream<Void>.Continuation

        init() {
            (answers, answer) = AsyncStream.makeStream()
            (stuck, isStuck) = AsyncStream.makeStream()
        }

        func stopReading() { state.withLock { $0.isReading = false } }

        func write(_ element: Delivery) async throws {
            if state.withLock({ $0.isReading }) {
                answer.yield(element)
                return
            }
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    state.withLock { $0.blocked.append(continuation) }
                    isStuck.yield()
                }
            } onCancel: {
                for one in state.withLock({ state in
                    defer { state.blocked = [] }; return state.blocked
                }) {
                    one.resume(throwing: CancellationError())
                }
            }
        }

        func write(contentsOf elements: some Sequence<Delivery>) async throws {
            for element in elements { try await write(element) }
        }
    }

    /// A broker with messages of 600 kB, and a stream that is open to it.
    private struct Fixture {
        let broker: Broker
        /// The broker's, which may run ahead.
        let clock = ManualClock(now: Timestamp(seconds: 1_700_000_000))
        /// Real time.
        let lifetimes = ManualClock(now: Timestamp(seconds: 1_700_000_000))
        let client = Client()
        let method: StreamingPull
        private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

        init(messages: Int) async throws {
            broker = try await Broker.open(folder: folder, clock: clock)
            _ = try await broker.createTopic(Topic(name: "projects/p/topics/top"))
            _ = try await broker.createSubscription(
                Subscription(name: StreamingPullTests.name, topic: "projects/p/topics/top"))
            for index in 0..<messages {
                let data = [UInt8](repeating: UInt8(index), count: 600_000)
                _ = try await broker.publish([OutgoingMessage(data: data)], to: "projects/p/topics/top")
            }
            method = StreamingPull(
                broker: broker,
                acknowledgements: Acknowledgements(broker: broker, streams: OpenStreams(), clock: clock),
                clock: clock, lifetimes: lifetimes, writeTime: .seconds(60))
        }

        /// Opens a stream that says nothing but its first request.
        func open(heartbeats: Bool = false, _ output: CallOutput? = nil) -> Task<Void, any Error> {
            var request = PBStreamingPullRequest()
            request.subscription = StreamingPullTests.name
            request.streamAckDeadlineSeconds = 600
            request.protocolVersion = heartbeats ? 1 : 0
            let (requests, more) = AsyncThrowingStream.makeStream(
                of: PBStreamingPullRequest.self, throwing: (any Error).self)
            more.yield(request)
            return Task { [method, client] in
                try await withTaskCancellationHandler {
                    defer { withExtendedLifetime(more) {} }
                    try await method.run(RPCAsyncSequence(wrapping: requests), RPCWriter(wrapping: client), output)
                } onCancel: {
                    more.finish()
                }
            }
        }

        func close() async throws {
            try await broker.shutDown()
            try? FileManager.default.removeItem(atPath: folder)
        }

        var outstanding: Int { broker.metrics.subscriptions[0].outstanding }
    }

    @Test func theNextMessagesAreHandedOutWhenThoseBeforeAreWritten() async throws {
        let fixture = try await Fixture(messages: 3)
        let output = CallOutput(UnreadAnswers(limit: 10 << 20))
        let stream = fixture.open(output)
        var answers = fixture.client.answers.makeAsyncIterator()
        #expect(await answers.next()?.messages.isEmpty == true)
        for number in 1...3 as ClosedRange<UInt64> {
            #expect(await answers.next()?.messages.map(\.message.sequence) == [number])
            // However long it takes.
            #expect(fixture.outstanding == Int(number))
            output.willWrite(600_000)
            output.didWrite(600_000)
        }
        stream.cancel()
        _ = await stream.result
        try await fixture.close()
    }

    @Test func whatACallHasNotWrittenWhenItEndsComesAgain() async throws {
        let fixture = try await Fixture(messages: 3)
        let output = CallOutput(UnreadAnswers(limit: 10 << 20))
        let stream = fixture.open(output)
        var answers = fixture.client.answers.makeAsyncIterator()
        _ = await answers.next()
        _ = await answers.next()
        output.willWrite(600_000)
        output.didWrite(600_000)
        // The second is on its way when the handlers cut the call off.
        #expect(await answers.next()?.messages.map(\.message.sequence) == [2])
        output.willWrite(600_000)
        output.end()
        await #expect(throws: APIError.self) { try await stream.value }
        #expect(try fixture.broker.pull(subscription: Self.name, limit: 10).map(\.message.sequence) == [2, 3])
        try await fixture.close()
    }

    @Test func aClientThatDoesNotReadIsToldSoAfterAMinute() async throws {
        let fixture = try await Fixture(messages: 0)
        let stream = fixture.open()
        var answers = fixture.client.answers.makeAsyncIterator()
        _ = await answers.next()
        fixture.client.stopReading()
        for _ in 0..<2 {
            _ = try await fixture.broker.publish([OutgoingMessage(data: [1])], to: "projects/p/topics/top")
        }
        var stuck = fixture.client.stuck.makeAsyncIterator()
        await stuck.next()
        // The end of the stream's life, and that of its patience.
        await fixture.lifetimes.waitForSleepers(2)
        fixture.lifetimes.advance(by: .seconds(59))
        #expect(fixture.outstanding > 0)
        // The broker's own time is nobody's patience.
        fixture.clock.advance(by: .seconds(300))
        fixture.lifetimes.advance(by: .seconds(1))
        let error = await #expect(throws: APIError.self) { try await stream.value }
        #expect(error?.code == .resourceExhausted)
        #expect(error?.message.contains(Self.name) == true)
        #expect(try fixture.broker.pull(subscription: Self.name, limit: 10).map(\.message.sequence) == [1, 2])
        #expect(fixture.broker.metrics.subscriptions[0].negativeAcks == 0)
        try await fixture.close()
    }

    @Test func streamsAgeByRealTimeThoughTheBrokersRunsAhead() async throws {
        let fixture = try await Fixture(messages: 0)
        let stream = fixture.open(heartbeats: true)
        var answers = fixture.client.answers.makeAsyncIterator()
        #expect(await answers.next()?.rest.hasSubscriptionProperties == true)
        await fixture.lifetimes.waitForSleepers()
        // A day of the broker's: no heartbeat, no end.
        for _ in 0..<24 { fixture.clock.advance(by: .seconds(3600)) }
        #expect(fixture.lifetimes.nextDeadline == Timestamp(seconds: 1_700_000_030))
        _ = try await fixture.broker.publish(
            [OutgoingMessage(data: [1])], to: "projects/p/topics/top")
        #expect(await answers.next()?.messages.count == 1)
        for beat in 1..<60 {
            await fixture.lifetimes.waitForSleepers()
            #expect(fixture.lifetimes.nextDeadline == Timestamp(seconds: Int64(1_700_000_000 + beat * 30)))
            fixture.lifetimes.advance(by: .seconds(30))
            #expect(await answers.next()?.messages.isEmpty == true)
        }
        await fixture.lifetimes.waitForSleepers()
        fixture.lifetimes.advance(by: .seconds(30))
        let error = await #expect(throws: APIError.self) { try await stream.value }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("half an hour") == true)
        try await fixture.close()
    }
}
