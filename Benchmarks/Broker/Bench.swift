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
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            OutgoingMessage(data: (0..<bytes).map { _ in UInt8.random(in: .min ... .max, using: &random) })
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
