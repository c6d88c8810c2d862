import Journal
import Pipes
import PubSub
import Time

/// A broker in the scenario's folder, and what the scenarios do with it.
struct Bench {
    static let topic = "bench"

    let broker: Broker
    let calls = CountingDiskCalls()

    init(_ options: Options) async throws {
        broker = try await Broker.open(folder: options.folder, clock: SystemClock(), calls: calls)
    }

    /// Messages of random bytes, made before anything is measured.
    static func messages(_ count: Int, bytes: Int) -> [OutgoingMessage] {
        let random = randomBytes(count * bytes)
        return (0..<count).map { OutgoingMessage(data: Array(random[$0 * bytes..<($0 + 1) * bytes])) }
    }

    /// Bytes that no disk compresses.
    static func randomBytes(_ count: Int) -> [UInt8] {
        var state = UInt64.random(in: .min ... .max) | 1
        return (0..<count).map { _ in
            // Marsaglia's xorshift: asking the system for each byte would take longer than what is measured.
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 32)
        }
    }

    static func subscription(_ number: Int, topic: String = Bench.topic, isExactlyOnce: Bool = false) -> Subscription {
        Subscription(
            name: "sub-\(number)", topic: topic, ackDeadlineSeconds: 600, enableExactlyOnceDelivery: isExactlyOnce)
    }

    /// Publishes `count` messages in batches by `tasks` publishers, each one batch after the other.
    ///
    /// - Returns: how long each publish took.
    @discardableResult
    func publish(
        _ count: Int, bytes: Int, batch: Int, tasks: Int = 1, topics: [String] = [Bench.topic]
    ) async throws -> [Duration] {
        let messages = Bench.messages(batch, bytes: bytes)
        let batches = count / batch
        return try await withThrowingTaskGroup(of: [Duration].self) { group in
            for task in 0..<tasks {
                group.addTask {
                    let clock = ContinuousClock()
                    var times: [Duration] = []
                    times.reserveCapacity(batches / tasks + 1)
                    for number in stride(from: task, to: batches, by: tasks) {
                        let start = clock.now
                        _ = try await broker.publish(messages, to: topics[number % topics.count])
                        times.append(clock.now - start)
                    }
                    return times
                }
            }
            var times: [Duration] = []
            for try await some in group { times += some }
            return times
        }
    }

    /// Publishes a backlog as fast as it goes.
    func publishBacklog(_ options: Options) async throws {
        try await publish(options.messages, bytes: options.bytes, batch: min(1000, options.messages), tasks: 4)
    }
}
