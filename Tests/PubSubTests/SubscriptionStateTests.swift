import Pipes
import Testing
import Time

@testable import PubSub

@Suite struct SubscriptionStateTests {
    @Test func messagesComeOnceEachInOrder() {
        var reading = SubscriptionReading(7)
        #expect(reading.pull(3) == [1, 2, 3])
        #expect(reading.pull(3) == [4, 5, 6])
        #expect(reading.pull(3) == [7])
        #expect(reading.pull(3) == [])
        reading.keys += ["", ""]
        #expect(reading.pull(3) == [8, 9])
        #expect(reading.state.outstanding == 9)
    }

    @Test func whatIsAcknowledgedNoLongerWaits() {
        var reading = SubscriptionReading(5)
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
        var reading = SubscriptionReading(5)
        _ = reading.pull(2)
        #expect(reading.state.acknowledge([1, 3, 5]) == [1])
        #expect(reading.pull() == [3, 4, 5])
    }

    @Test func aNegativeAcknowledgementBringsTheMessageBackAtOnceAndFirst() {
        var reading = SubscriptionReading(4)
        _ = reading.pull(3)
        #expect(reading.fail(2).isEmpty)
        #expect(reading.pullWithAttempts().map(\.0) == [2, 4])
        #expect(reading.fail(2).isEmpty)
        #expect(reading.pullWithAttempts().map(\.1) == [3])
    }

    @Test func aMessageThatIsNotHandedOutCannotFail() {
        var reading = SubscriptionReading(3)
        _ = reading.pull(1)
        _ = reading.fail(1)
        #expect(reading.state.fail([1, 2, 3], at: Timestamp(seconds: 0)).failed == 0)
    }

    // deadline, when the clock is looked at, expired
    @Test(arguments: [(10, 9, false), (10, 10, true), (10, 11, true)] as [(Int64, Int64, Bool)])
    func aLeaseRunsOutAtItsDeadline(deadline: Int64, now: Int64, expires: Bool) {
        var reading = SubscriptionReading(2)
        _ = reading.pull(until: deadline)
        let passage = reading.advance(to: now)
        #expect(passage.expired == (expires ? 2 : 0))
        #expect(passage.wakes == expires)
        #expect(reading.pullWithAttempts().map(\.1) == (expires ? [2, 2] : []))
    }

    @Test func onlyWhatIsNotAcknowledgedRunsOut() {
        var reading = SubscriptionReading(4)
        _ = reading.pull(until: 10)
        reading.acknowledge(1, 3)
        #expect(reading.advance(to: 10).expired == 2)
        #expect(reading.pull() == [2, 4])
    }

    @Test func aDeadlineCanBeExtendedAndShortened() {
        var reading = SubscriptionReading(3)
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
        var reading = SubscriptionReading(3)
        _ = reading.pull()
        #expect(reading.state.nextDeadline == nil)
        #expect(reading.advance(to: 1 << 40).expired == 0)
        #expect(reading.pull() == [])
    }

    @Test func aLateAcknowledgementCounts() {
        var reading = SubscriptionReading(2)
        _ = reading.pull(until: 10)
        _ = reading.advance(to: 10)
        // Expired, not handed out again.
        #expect(reading.state.acknowledge([1]) == [1])
        #expect(reading.pull(until: 20) == [2])
        #expect(reading.state.acknowledge([2]) == [2])
        #expect(reading.pull() == [])
    }

    @Test func underExactlyOnceDeliveryOnlyThePresentLeaseCounts() {
        var reading = SubscriptionReading(2)
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

    @Test func onlySoManyEndedLeasesAreRemembered() {
        var ended = EndedLeases()
        for number in 0...UInt64(EndedLeases.limit) { ended[AckID(sequence: number, lease: 1)] = .acknowledged }
        #expect(ended[AckID(sequence: 0, lease: 1)] == nil)
        #expect(ended[AckID(sequence: 1, lease: 1)] == .acknowledged)
        #expect(ended[AckID(sequence: 1, lease: 2)] == nil)
    }

    @Test func staleAckIDsNeitherFailNorExtend() {
        var reading = SubscriptionReading(1)
        _ = reading.pull(until: 10)
        _ = reading.advance(to: 10)
        _ = reading.pull(until: 20)
        #expect(reading.state.fail([1], leases: [1], at: Timestamp(seconds: 11)).failed == 0)
        #expect(reading.state.extend([1], leases: [1], to: Timestamp(seconds: 99)) == 0)
        #expect(reading.advance(to: 20).expired == 1)
    }

    @Test func aFailedMessageWaitsLongerEachTime() {
        let backoff = RetryBackoff(minimum: .seconds(10), maximum: .seconds(35), maxDoublings: 64)
        var reading = SubscriptionReading(2, policy: .init(backoff: backoff))
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
        var reading = SubscriptionReading(1, policy: .init(backoff: backoff))
        _ = reading.pull()
        _ = reading.fail(1)
        #expect(reading.state.acknowledge([1]) == [1])
        #expect(reading.advance(to: 10) == .init())
        #expect(reading.pull() == [])
    }

    @Test func aMessageThatFailsTooOftenGoesToTheDeadLetters() {
        var reading = SubscriptionReading(2, policy: .init(maxDeliveryAttempts: 3))
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
        var reading = SubscriptionReading(1, policy: .init(maxDeliveryAttempts: 1))
        _ = reading.pull()
        #expect(reading.fail(1) == [.init(sequence: 1, attempts: 1)])
        reading.state.forwardingFailed(1, retryAt: Timestamp(seconds: 10))
        #expect(reading.pull() == [])
        _ = reading.advance(to: 10)
        #expect(reading.pullWithAttempts().map(\.1) == [2])
        #expect(reading.fail(1) == [.init(sequence: 1, attempts: 2)])
    }

    @Test func whatTheFilterRejectsIsDoneWith() {
        var reading = SubscriptionReading(6)
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
        var reading = SubscriptionReading(4)
        #expect(reading.pull(2, by: 1) == [1, 2])
        #expect(reading.pull(2, by: 2) == [3, 4])
        reading.acknowledge(1)
        #expect(reading.state.release(consumer: 1) == 1)
        #expect(reading.pullWithAttempts(by: 2).map(\.1) == [1])
        #expect(reading.state.outstanding == 3)
    }

    @Test func rangesCanBeSettledUnseen() {
        var reading = SubscriptionReading(10)
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
        var reading = SubscriptionReading(3)
        _ = reading.pull(1)
        let plan = reading.state.plan(limit: 2, end: reading.end, consumer: 1)
        reading.state.reset(to: SettledSet(floor: 1), settledBytes: 0)
        let heads = [2, 3].map { SubscriptionState.Head(sequence: $0, bytes: 10) }
        #expect(reading.state.lease(heads, epoch: plan.epoch, to: 1, until: .distantFuture) == [nil, nil])
        #expect(reading.state.acknowledge([1]) == [])
        #expect(reading.pull() == [1, 2, 3])
    }

    @Test func whatCouldNotBeReadComesAgain() {
        var reading = SubscriptionReading(2)
        _ = reading.pull()
        _ = reading.fail(1, 2)
        let plan = reading.state.plan(limit: 5, end: reading.end, consumer: 1)
        #expect(plan.again == [1, 2])
        #expect(reading.state.plan(limit: 5, end: reading.end, consumer: 1).isEmpty)
        reading.state.giveBack(plan.again)
        #expect(reading.pull() == [1, 2])
    }
}
