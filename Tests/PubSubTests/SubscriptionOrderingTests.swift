import Pipes
import Testing
import Time

@testable import PubSub

/// Ordering keys.
@Suite struct SubscriptionOrderingTests {
    private let ordered = SubscriptionState.Policy(isOrdered: true)

    @Test func oneReaderGetsAKeyInOrderAndOthersGetOtherKeys() {
        var reading = SubscriptionReading(keys: ["a", "b", "a", "", "a", "b"], policy: ordered)
        #expect(reading.pull(1, by: 1) == [1])
        // "a" is reader 1's.
        #expect(reading.pull(by: 2) == [2, 4, 6])
        #expect(reading.pull(by: 1) == [3, 5])
        #expect(reading.pull(by: 2) == [])
    }

    @Test func aKeyIsFreeForAnybodyWhenNothingOfItIsOut() {
        var reading = SubscriptionReading(keys: ["a", "a", "a"], policy: ordered)
        #expect(reading.pull(1, by: 1) == [1])
        #expect(reading.pull(by: 2) == [])
        reading.acknowledge(1)
        #expect(reading.pull(1, by: 2) == [2])
        #expect(reading.pull(by: 1) == [])
        #expect(reading.pull(by: 2) == [3])
    }

    @Test func aFailedMessageHoldsItsSuccessorsAndOtherKeysFlow() {
        let backoff = RetryBackoff(minimum: .seconds(10), maximum: .seconds(10), maxDoublings: 0)
        var reading = SubscriptionReading(keys: ["a", "a", "b", "a"], policy: .init(isOrdered: true, backoff: backoff))
        #expect(reading.pull(2) == [1, 2])
        _ = reading.fail(1)
        #expect(reading.state.outstanding == 0)
        #expect(reading.pull() == [3])
        #expect(reading.advance(to: 10).wakes)
        // The one after it was taken back; it has not failed.
        #expect(reading.pullWithAttempts().map { "\($0.0):\($0.1)" } == ["1:2", "2:1", "4:1"])
    }

    @Test func whatFollowsAFailedMessageOfItsKeyComesAgainEvenIfItIsAcknowledged() {
        var reading = SubscriptionReading(keys: ["a", "a", "b", "a", "a", "b"], policy: ordered)
        #expect(reading.pull(5) == [1, 2, 3, 4, 5])
        // The first is not: what counts are the messages of the other key.
        #expect(reading.state.acknowledge([2, 3, 5]) == [3])
        #expect(reading.state.outstanding == 2)
        #expect(reading.backlog == 5)
        _ = reading.fail(1)
        // Taken back: too late.
        #expect(reading.state.acknowledge([4]) == [])
        #expect(reading.pull() == [1, 2, 4, 5, 6])
        #expect(reading.state.acknowledge([5, 4, 2, 1, 6]) == [1, 2, 4, 5, 6])
        #expect(reading.backlog == 0)
        #expect(reading.state.entries.isEmpty)
        #expect(reading.state.outstanding == 0)
    }

    @Test func anAcknowledgedMessageWaitsForItsKeyAndDoesNotExpire() {
        var reading = SubscriptionReading(keys: ["a", "a"], policy: ordered)
        _ = reading.pull(until: 10)
        reading.acknowledge(2)
        #expect(reading.state.extend([1], to: Timestamp(seconds: 30)) == 1)
        #expect(reading.advance(to: 20) == .init())
        #expect(reading.state.fail([2], at: Timestamp(seconds: 20)).failed == 0)
        #expect(reading.state.acknowledge([1]) == [1, 2])
    }

    @Test func aLateAcknowledgementOfTheFirstOfAKeyCounts() {
        var reading = SubscriptionReading(keys: ["a", "a"], policy: ordered)
        _ = reading.pull(until: 10)
        reading.acknowledge(2)
        _ = reading.advance(to: 10)
        #expect(reading.state.acknowledge([1]) == [1])
        #expect(reading.pull() == [2])
    }

    @Test func whatIsSettledByOtherWaysFreesTheAcknowledgedOnesAfterIt() {
        var reading = SubscriptionReading(keys: ["a", "a", "a"], policy: ordered)
        _ = reading.pull()
        reading.acknowledge(2)
        #expect(reading.state.settle(1..<2) { _ in 0 } == 2)
        #expect(reading.backlog == 1)
    }

    @Test func aDeadLetterReleasesItsKeyWhenItIsPublished() {
        var reading = SubscriptionReading(keys: ["a", "a"], policy: .init(isOrdered: true, maxDeliveryAttempts: 1))
        #expect(reading.pull(1) == [1])
        #expect(reading.fail(1) == [.init(sequence: 1, attempts: 1)])
        #expect(reading.pull() == [])
        reading.acknowledge(1)
        #expect(reading.pull() == [2])
    }

    @Test func aDeadLetterThatFailsKeepsItsPlace() {
        var reading = SubscriptionReading(keys: ["a", "a"], policy: .init(isOrdered: true, maxDeliveryAttempts: 1))
        _ = reading.pull(1)
        _ = reading.fail(1)
        reading.state.forwardingFailed(1, retryAt: Timestamp(seconds: 10))
        #expect(reading.pull() == [])
        _ = reading.advance(to: 10)
        #expect(reading.pull() == [1, 2])
    }

    @Test func aReaderThatGoesLeavesItsKeysInOrder() {
        var reading = SubscriptionReading(keys: ["a", "a", "a"], policy: ordered)
        #expect(reading.pull(2, by: 1) == [1, 2])
        #expect(reading.state.release(consumer: 1) == 2)
        #expect(reading.pull(by: 2) == [1, 2, 3])
        #expect(reading.state.outstanding == 3)
    }

    @Test func keysDoNotMatterWithoutOrdering() {
        var reading = SubscriptionReading(keys: ["a", "a", "a"])
        _ = reading.pull()
        _ = reading.fail(1)
        #expect(reading.pull(by: 2) == [1])
        #expect(reading.state.outstanding == 3)
    }

    @Test func underExactlyOnceDeliveryAcknowledgementsFollowTheirKeysOrder() {
        var reading = SubscriptionReading(keys: ["a", "b", "a", "a"], policy: ordered)
        _ = reading.pull()
        // All were handed out at once.
        let ids = (0...4).map { AckID(sequence: UInt64($0), lease: reading.state.lastLease) }
        #expect(reading.state.confirm([ids[3], ids[2]]) == .init(settled: [2], unordered: [ids[3]]))
        #expect(reading.state.confirm([ids[3], ids[1]]) == .init(settled: [1, 3]))
        #expect(reading.state.confirm([ids[4]]) == .init(settled: [4]))
    }

    /// Whatever readers do: a message is never with two of them, a key's messages come and are settled in order,
    /// nothing is lost.
    @Test(arguments: 0..<150 as Range<UInt64>) func randomReadersKeepTheOrderOfEveryKey(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let keys = (0..<60).map { _ in ["", "a", "b", "c"].randomElement(using: &random) ?? "" }
        let backoff =
            Bool.random(using: &random)
            ? RetryBackoff(minimum: .seconds(3), maximum: .seconds(9), maxDoublings: 64) : nil
        var reading = SubscriptionReading(keys: keys, policy: .init(isOrdered: true, backoff: backoff))
        var held: [UInt64: UInt32] = [:]
        var done: Set<UInt64> = []
        var now: Int64 = 0
        func isAcknowledged(_ sequence: UInt64) -> Bool { reading.state.entries[sequence]?.status == .acknowledged }
        func before(_ sequence: UInt64) -> [UInt64] {
            let key = keys[Int(sequence) - 1]
            return key.isEmpty ? [] : (1..<sequence).filter { keys[Int($0) - 1] == key && !done.contains($0) }
        }
        for round in 0..<2_000 {
            // In the end everybody acknowledges what there is.
            let isEnding = round > 1_500
            let consumer = UInt32.random(in: 1...3, using: &random)
            switch isEnding ? [0, 1, 5][round % 3] : Int.random(in: 0..<6, using: &random) {
            case 0:
                for sequence in reading.pull(Int.random(in: 1...6, using: &random), by: consumer, until: now + 10) {
                    #expect(held[sequence] == nil)
                    #expect(!done.contains(sequence))
                    #expect(before(sequence).allSatisfy { held[$0] == consumer || isAcknowledged($0) })
                    held[sequence] = consumer
                }
            case 1, 2:
                guard let sequence = held.keys.sorted().randomElement(using: &random) else { continue }
                let isFirst = before(sequence).isEmpty
                let settled = reading.state.acknowledge([sequence])
                #expect(settled.first == (isFirst ? sequence : nil))
                for sequence in settled {
                    #expect(before(sequence).isEmpty)
                    #expect(done.insert(sequence).inserted)
                }
            case 3:
                guard let sequence = held.keys.sorted().randomElement(using: &random) else { continue }
                _ = reading.fail(sequence, at: now)
            case 4: _ = reading.state.release(consumer: consumer)
            default:
                now += Int64.random(in: 0...4, using: &random)
                _ = reading.advance(to: now)
            }
            held = held.filter { sequence, _ in
                if case .leased? = reading.state.entries[sequence]?.status { true } else { false }
            }
            #expect(reading.state.outstanding == held.count)
            #expect(reading.backlog == keys.count - done.count)
            #expect(reading.backlogBytes == reading.backlog * 10)
        }
        #expect(done.count == keys.count)
        #expect(reading.state.entries.isEmpty)
    }
}
