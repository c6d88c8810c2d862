import Pipes
import Testing
import Time

@testable import PubSub

/// A subscription's state with a topic of messages that are nothing but numbers and keys.
private struct Reading {
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

@Suite struct SubscriptionStateTests {
    @Test func messagesComeOnceEachInOrder() {
        var reading = Reading(7)
        #expect(reading.pull(3) == [1, 2, 3])
        #expect(reading.pull(3) == [4, 5, 6])
        #expect(reading.pull(3) == [7])
        #expect(reading.pull(3) == [])
        reading.keys += ["", ""]
        #expect(reading.pull(3) == [8, 9])
        #expect(reading.state.outstanding == 9)
    }

    @Test func whatIsAcknowledgedNoLongerWaits() {
        var reading = Reading(5)
        _ = reading.pull()
        reading.acknowledge(2, 4, 4, 99)
        #expect(reading.backlog == 3)
        #expect(reading.backlogBytes == 30)
        #expect(reading.state.settled.floor == 1)
        #expect(reading.state.outstanding == 3)
        reading.acknowledge(1, 3, 5)
        #expect(reading.state.settled.floor == 6)
        #expect(reading.backlog == 0)
        #expect(reading.backlogBytes == 0)
        #expect(reading.state.entries.isEmpty)
    }

    @Test func anAcknowledgementOfWhatWasNeverHandedOutDoesNothing() {
        var reading = Reading(5)
        _ = reading.pull(2)
        #expect(reading.state.acknowledge([1, 3, 5]) == [1])
        #expect(reading.pull() == [3, 4, 5])
    }

    @Test func aNegativeAcknowledgementBringsTheMessageBackAtOnceAndFirst() {
        var reading = Reading(4)
        _ = reading.pull(3)
        #expect(reading.fail(2).isEmpty)
        #expect(reading.pullWithAttempts().map(\.0) == [2, 4])
        #expect(reading.fail(2).isEmpty)
        #expect(reading.pullWithAttempts().map(\.1) == [3])
    }

    @Test func aMessageThatIsNotHandedOutCannotFail() {
        var reading = Reading(3)
        _ = reading.pull(1)
        _ = reading.fail(1)
        #expect(reading.state.fail([1, 2, 3], at: Timestamp(seconds: 0)).failed == 0)
    }

    // deadline, when the clock is looked at, expired
    @Test(arguments: [(10, 9, false), (10, 10, true), (10, 11, true)] as [(Int64, Int64, Bool)])
    func aLeaseRunsOutAtItsDeadline(deadline: Int64, now: Int64, expires: Bool) {
        var reading = Reading(2)
        _ = reading.pull(until: deadline)
        let passage = reading.advance(to: now)
        #expect(passage.expired == (expires ? 2 : 0))
        #expect(passage.wakes == expires)
        #expect(reading.pullWithAttempts().map(\.1) == (expires ? [2, 2] : []))
    }

    @Test func onlyWhatIsNotAcknowledgedRunsOut() {
        var reading = Reading(4)
        _ = reading.pull(until: 10)
        reading.acknowledge(1, 3)
        #expect(reading.advance(to: 10).expired == 2)
        #expect(reading.pull() == [2, 4])
    }

    @Test func aDeadlineCanBeExtendedAndShortened() {
        var reading = Reading(3)
        _ = reading.pull(until: 10)
        #expect(reading.state.extend([1, 2], to: Timestamp(seconds: 30)) == 2)
        #expect(reading.advance(to: 10).expired == 1)
        #expect(reading.state.extend([3], to: Timestamp(seconds: 40)) == 0)
        #expect(reading.state.extend([1], to: Timestamp(seconds: 15)) == 1)
        #expect(reading.state.nextDeadline == Timestamp(seconds: 15))
        #expect(reading.advance(to: 15).expired == 1)
        #expect(reading.advance(to: 29).expired == 0)
        #expect(reading.advance(to: 30).expired == 1)
        #expect(reading.pull() == [1, 2, 3])
    }

    @Test func aLeaseForLifeNeverRunsOut() {
        var reading = Reading(3)
        _ = reading.pull()
        #expect(reading.state.nextDeadline == nil)
        #expect(reading.advance(to: 1 << 40).expired == 0)
        #expect(reading.pull() == [])
    }

    @Test func aLateAcknowledgementCounts() {
        var reading = Reading(2)
        _ = reading.pull(until: 10)
        _ = reading.advance(to: 10)
        // Expired, not handed out again.
        #expect(reading.state.acknowledge([1]) == [1])
        #expect(reading.pull(until: 20) == [2])
        #expect(reading.state.acknowledge([2]) == [2])
        #expect(reading.pull() == [])
    }

    @Test func underExactlyOnceDeliveryOnlyThePresentLeaseCounts() {
        var reading = Reading(2)
        _ = reading.pull(until: 10)
        _ = reading.advance(to: 10)
        let (first, second) = (AckID(sequence: 1, lease: 1), AckID(sequence: 1, lease: 2))
        // Expired, not handed out again.
        #expect(reading.state.confirm([first]).invalid == [first])
        #expect(reading.pull(1, until: 20) == [1])
        #expect(reading.state.confirm([first]).invalid == [first])
        #expect(reading.state.confirm([second]) == .init(settled: [1]))
        // Said again: the answer was not heard.
        #expect(reading.state.confirm([first, second]) == .init(invalid: [first]))
        reading.state.reset(to: SettledSet(floor: 1), settledBytes: 0)
        #expect(reading.state.confirm([second]).invalid == [second])
    }

    @Test func underExactlyOnceDeliveryAcknowledgementsFollowTheirKeysOrder() {
        var reading = Reading(keys: ["a", "b", "a", "a"], policy: ordered)
        _ = reading.pull()
        // All were handed out at once.
        let ids = (0...4).map { AckID(sequence: UInt64($0), lease: reading.state.lastLease) }
        #expect(reading.state.confirm([ids[3], ids[2]]) == .init(settled: [2], unordered: [ids[3]]))
        #expect(reading.state.confirm([ids[3], ids[1]]) == .init(settled: [1, 3]))
        #expect(reading.state.confirm([ids[4]]) == .init(settled: [4]))
    }

    @Test func onlySoManyEndedLeasesAreRemembered() {
        var ended = EndedLeases()
        for number in 0...UInt64(EndedLeases.limit) { ended[AckID(sequence: number, lease: 1)] = .acknowledged }
        #expect(ended[AckID(sequence: 0, lease: 1)] == nil)
        #expect(ended[AckID(sequence: 1, lease: 1)] == .acknowledged)
        #expect(ended[AckID(sequence: 1, lease: 2)] == nil)
    }

    @Test func staleAckIDsNeitherFailNorExtend() {
        var reading = Reading(1)
        _ = reading.pull(until: 10)
        _ = reading.advance(to: 10)
        _ = reading.pull(until: 20)
        #expect(reading.state.fail([1], leases: [1], at: Timestamp(seconds: 11)).failed == 0)
        #expect(reading.state.extend([1], leases: [1], to: Timestamp(seconds: 99)) == 0)
        #expect(reading.advance(to: 20).expired == 1)
    }

    @Test func aFailedMessageWaitsLongerEachTime() {
        let backoff = RetryBackoff(minimum: .seconds(10), maximum: .seconds(35), maxDoublings: 64)
        var reading = Reading(2, policy: .init(backoff: backoff))
        var now: Int64 = 0
        _ = reading.pull(1)
        for wait in [10, 20, 35, 35] as [Int64] {
            _ = reading.fail(1, at: now)
            #expect(reading.advance(to: now + wait - 1) == .init())
            #expect(reading.pull(1) == (now == 0 ? [2] : []))
            now += wait
            #expect(reading.advance(to: now).wakes)
            #expect(reading.pull(1) == [1])
        }
    }

    @Test func anAcknowledgementDuringTheBackoffEndsIt() {
        let backoff = RetryBackoff(minimum: .seconds(10), maximum: .seconds(10), maxDoublings: 0)
        var reading = Reading(1, policy: .init(backoff: backoff))
        _ = reading.pull()
        _ = reading.fail(1)
        #expect(reading.state.acknowledge([1]) == [1])
        #expect(reading.advance(to: 10) == .init())
        #expect(reading.pull() == [])
    }

    @Test func aMessageThatFailsTooOftenGoesToTheDeadLetters() {
        var reading = Reading(2, policy: .init(maxDeliveryAttempts: 3))
        for attempt in 1...2 {
            #expect(reading.pullWithAttempts(1).map(\.1) == [attempt])
            #expect(reading.fail(1).isEmpty)
        }
        #expect(reading.pull(1, until: 50) == [1])
        #expect(reading.advance(to: 50).deadLetters == [.init(sequence: 1, attempts: 3)])
        // While it is being published nobody gets it, and it still waits.
        #expect(reading.pull() == [2])
        #expect(reading.backlog == 2)
        reading.acknowledge(1)
        #expect(reading.backlog == 1)
    }

    @Test func aDeadLetterThatCannotBePublishedComesAgain() {
        var reading = Reading(1, policy: .init(maxDeliveryAttempts: 1))
        _ = reading.pull()
        #expect(reading.fail(1) == [.init(sequence: 1, attempts: 1)])
        reading.state.forwardingFailed(1, retryAt: Timestamp(seconds: 10))
        #expect(reading.pull() == [])
        _ = reading.advance(to: 10)
        #expect(reading.pullWithAttempts().map(\.1) == [2])
        #expect(reading.fail(1) == [.init(sequence: 1, attempts: 2)])
    }

    @Test func whatTheFilterRejectsIsDoneWith() {
        var reading = Reading(6)
        reading.rejected = [1, 2, 5]
        #expect(reading.pull(2) == [3, 4])
        #expect(reading.backlog == 4)
        reading.state.filterOut(5, bytes: 10)
        #expect(reading.backlog == 3)
        #expect(reading.backlogBytes == 30)
        #expect(reading.pull() == [6])
        reading.acknowledge(3, 4, 6)
        #expect(reading.backlog == 0)
        #expect(reading.backlogBytes == 0)
    }

    @Test func aConsumerThatGoesGivesBackWhatItHeldWithoutFailure() {
        var reading = Reading(4)
        #expect(reading.pull(2, by: 1) == [1, 2])
        #expect(reading.pull(2, by: 2) == [3, 4])
        reading.acknowledge(1)
        #expect(reading.state.release(consumer: 1) == 1)
        #expect(reading.pullWithAttempts(by: 2).map(\.1) == [1])
        #expect(reading.state.outstanding == 3)
    }

    @Test func rangesCanBeSettledUnseen() {
        var reading = Reading(10)
        _ = reading.pull(3)
        reading.acknowledge(2)
        var asked: [Range<UInt64>] = []
        let count = reading.state.settle(2..<7) { range in
            asked.append(range)
            return range.count * 10
        }
        #expect(count == 4)
        #expect(asked == [4..<7])
        #expect(reading.backlog == 5)
        #expect(reading.backlogBytes == 50)
        #expect(reading.pull() == [7, 8, 9, 10])
    }

    @Test func afterAResetWhatWasBeingReadCountsNoMore() {
        var reading = Reading(3)
        _ = reading.pull(1)
        let plan = reading.state.plan(limit: 2, end: reading.end, consumer: 1)
        reading.state.reset(to: SettledSet(floor: 1), settledBytes: 0)
        let heads = [2, 3].map { SubscriptionState.Head(sequence: $0, bytes: 10) }
        #expect(reading.state.lease(heads, epoch: plan.epoch, to: 1, until: .distantFuture) == [nil, nil])
        #expect(reading.state.acknowledge([1]) == [])
        #expect(reading.pull() == [1, 2, 3])
    }

    @Test func whatCouldNotBeReadComesAgain() {
        var reading = Reading(2)
        _ = reading.pull()
        _ = reading.fail(1, 2)
        let plan = reading.state.plan(limit: 5, end: reading.end, consumer: 1)
        #expect(plan.again == [1, 2])
        #expect(reading.state.plan(limit: 5, end: reading.end, consumer: 1).isEmpty)
        reading.state.giveBack(plan.again)
        #expect(reading.pull() == [1, 2])
    }

    // MARK: Ordering keys

    private let ordered = SubscriptionState.Policy(isOrdered: true)

    @Test func oneReaderGetsAKeyInOrderAndOthersGetOtherKeys() {
        var reading = Reading(keys: ["a", "b", "a", "", "a", "b"], policy: ordered)
        #expect(reading.pull(1, by: 1) == [1])
        // "a" is reader 1's.
        #expect(reading.pull(by: 2) == [2, 4, 6])
        #expect(reading.pull(by: 1) == [3, 5])
        #expect(reading.pull(by: 2) == [])
    }

    @Test func aKeyIsFreeForAnybodyWhenNothingOfItIsOut() {
        var reading = Reading(keys: ["a", "a", "a"], policy: ordered)
        #expect(reading.pull(1, by: 1) == [1])
        #expect(reading.pull(by: 2) == [])
        reading.acknowledge(1)
        #expect(reading.pull(1, by: 2) == [2])
        #expect(reading.pull(by: 1) == [])
        #expect(reading.pull(by: 2) == [3])
    }

    @Test func aFailedMessageHoldsItsSuccessorsAndOtherKeysFlow() {
        let backoff = RetryBackoff(minimum: .seconds(10), maximum: .seconds(10), maxDoublings: 0)
        var reading = Reading(keys: ["a", "a", "b", "a"], policy: .init(isOrdered: true, backoff: backoff))
        #expect(reading.pull(2) == [1, 2])
        _ = reading.fail(1)
        #expect(reading.state.outstanding == 0)
        #expect(reading.pull() == [3])
        #expect(reading.advance(to: 10).wakes)
        // The one after it was taken back; it has not failed.
        #expect(reading.pullWithAttempts().map { "\($0.0):\($0.1)" } == ["1:2", "2:1", "4:1"])
    }

    @Test func whatFollowsAFailedMessageOfItsKeyComesAgainEvenIfItIsAcknowledged() {
        var reading = Reading(keys: ["a", "a", "b", "a", "a", "b"], policy: ordered)
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
        var reading = Reading(keys: ["a", "a"], policy: ordered)
        _ = reading.pull(until: 10)
        reading.acknowledge(2)
        #expect(reading.state.extend([1], to: Timestamp(seconds: 30)) == 1)
        #expect(reading.advance(to: 20) == .init())
        #expect(reading.state.fail([2], at: Timestamp(seconds: 20)).failed == 0)
        #expect(reading.state.acknowledge([1]) == [1, 2])
    }

    @Test func aLateAcknowledgementOfTheFirstOfAKeyCounts() {
        var reading = Reading(keys: ["a", "a"], policy: ordered)
        _ = reading.pull(until: 10)
        reading.acknowledge(2)
        _ = reading.advance(to: 10)
        #expect(reading.state.acknowledge([1]) == [1])
        #expect(reading.pull() == [2])
    }

    @Test func whatIsSettledByOtherWaysFreesTheAcknowledgedOnesAfterIt() {
        var reading = Reading(keys: ["a", "a", "a"], policy: ordered)
        _ = reading.pull()
        reading.acknowledge(2)
        #expect(reading.state.settle(1..<2) { _ in 0 } == 2)
        #expect(reading.backlog == 1)
    }

    @Test func aDeadLetterReleasesItsKeyWhenItIsPublished() {
        var reading = Reading(keys: ["a", "a"], policy: .init(isOrdered: true, maxDeliveryAttempts: 1))
        #expect(reading.pull(1) == [1])
        #expect(reading.fail(1) == [.init(sequence: 1, attempts: 1)])
        #expect(reading.pull() == [])
        reading.acknowledge(1)
        #expect(reading.pull() == [2])
    }

    @Test func aDeadLetterThatFailsKeepsItsPlace() {
        var reading = Reading(keys: ["a", "a"], policy: .init(isOrdered: true, maxDeliveryAttempts: 1))
        _ = reading.pull(1)
        _ = reading.fail(1)
        reading.state.forwardingFailed(1, retryAt: Timestamp(seconds: 10))
        #expect(reading.pull() == [])
        _ = reading.advance(to: 10)
        #expect(reading.pull() == [1, 2])
    }

    @Test func aReaderThatGoesLeavesItsKeysInOrder() {
        var reading = Reading(keys: ["a", "a", "a"], policy: ordered)
        #expect(reading.pull(2, by: 1) == [1, 2])
        #expect(reading.state.release(consumer: 1) == 2)
        #expect(reading.pull(by: 2) == [1, 2, 3])
        #expect(reading.state.outstanding == 3)
    }

    @Test func keysDoNotMatterWithoutOrdering() {
        var reading = Reading(keys: ["a", "a", "a"])
        _ = reading.pull()
        _ = reading.fail(1)
        #expect(reading.pull(by: 2) == [1])
        #expect(reading.state.outstanding == 3)
    }

    /// Whatever readers do: a message is never with two of them, a key's messages come and are settled in order,
    /// nothing is lost.
    @Test(arguments: 0..<150 as Range<UInt64>) func randomReadersKeepTheOrderOfEveryKey(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let keys = (0..<60).map { _ in ["", "a", "b", "c"].randomElement(using: &random) ?? "" }
        let backoff =
            Bool.random(using: &random)
            ? RetryBackoff(minimum: .seconds(3), maximum: .seconds(9), maxDoublings: 64) : nil
        var reading = Reading(keys: keys, policy: .init(isOrdered: true, backoff: backoff))
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
