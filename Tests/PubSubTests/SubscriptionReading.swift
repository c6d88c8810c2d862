import Pipes
import Time

@testable import PubSub

/// A subscription's state with a topic of messages that are nothing but numbers and keys.
struct SubscriptionReading {
    var state: SubscriptionState
    /// The key of message 1, 2, 3 …
    var keys: [String]
    var rejected: Set<UInt64> = []

    init(_ count: Int = 0, keys: [String]? = nil, policy: SubscriptionState.Policy = .init()) {
        self.keys = keys ?? [String](repeating: "", count: count)
        state = SubscriptionState(settled: SettledSet(floor: 1), policy: policy)
    }

    var end: UInt64 { UInt64(keys.count) + 1 }

    /// Pulls as the broker does: plans until there is enough or nothing more.
    mutating func pull(_ limit: Int = 100, by consumer: UInt32 = 1, until seconds: Int64? = nil) -> [UInt64] {
        pullWithAttempts(limit, by: consumer, until: seconds).map(\.0)
    }

    mutating func pullWithAttempts(
        _ limit: Int = 100, by consumer: UInt32 = 1, until seconds: Int64? = nil
    ) -> [(UInt64, Int)] {
        let deadline = seconds.map { Timestamp(seconds: $0) } ?? .distantFuture
        var pulled: [(UInt64, Int)] = []
        while pulled.count < limit {
            let plan = state.plan(limit: limit - pulled.count, end: end, consumer: consumer)
            if plan.isEmpty { break }
            let heads = (plan.again + (plan.fresh.map(Array.init) ?? [])).map {
                SubscriptionState.Head(sequence: $0, bytes: 10, key: keys[Int($0) - 1], matches: !rejected.contains($0))
            }
            let leases = state.lease(heads, epoch: plan.epoch, to: consumer, until: deadline)
            pulled += zip(heads, leases).compactMap { head, lease in lease.map { (head.sequence, $0.attempt) } }
        }
        return pulled
    }

    mutating func acknowledge(_ sequences: UInt64...) { _ = state.acknowledge(sequences) }

    mutating func fail(_ sequences: UInt64..., at seconds: Int64 = 0) -> [SubscriptionState.DeadLetter] {
        state.fail(sequences, at: Timestamp(seconds: seconds)).deadLetters
    }

    mutating func advance(to seconds: Int64) -> SubscriptionState.Passage {
        state.advance(to: Timestamp(seconds: seconds))
    }

    var backlog: Int { state.backlogMessages(end: end) }

    /// Bytes that wait, of 10 a message.
    var backlogBytes: Int { keys.count * 10 - state.settledBytes }
}
