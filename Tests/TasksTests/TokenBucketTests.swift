import TestSupport
import Testing
import Time

@testable import Tasks

@Suite("The token bucket")
struct TokenBucketTests {
    let start = time("2026-02-28T00:40:25Z")

    @Test(
        "gives its burst at once and then keeps to its rate",
        arguments: [
            // rate, burst, how many at the start, microseconds until each of the next three
            (500.0, 100, 100, [2_000, 4_000, 6_000]), (1.0, 10, 10, [1_000_000, 2_000_000, 3_000_000]),
            (0.1, 10, 10, [10_000_000, 20_000_000, 30_000_000]), (3.0, 1, 1, [333_334, 666_667, 1_000_000]),
        ] as [(Double, Int, Int, [Int64])])
    func burstAndRate(rate: Double, burst: Int, first: Int, next: [Int64]) {
        var bucket = TokenBucket(rate: rate, burst: burst, at: start)
        func take(_ time: Timestamp) -> Bool { bucket.take(at: time) }
        for _ in 0..<first {
            #expect(take(start))
        }
        #expect(!take(start))
        for micros in next {
            let due = start + .microseconds(micros)
            #expect(abs((bucket.nextToken - due).micros) <= 3)
            #expect(!take(due - .milliseconds(1)))
            #expect(take(max(due, bucket.nextToken)))
        }
    }

    @Test("never gives more than its burst and its rate allow, in any span of time", arguments: 0..<20)
    func neverMore(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let rate = Double.random(in: 0.1...500, using: &random)
        let burst = Int.random(in: 1...100, using: &random)
        var bucket = TokenBucket(rate: rate, burst: burst, at: start)
        func take(_ time: Timestamp) -> Bool { bucket.take(at: time) }
        var now = start
        var taken: [Timestamp] = []
        for _ in 0..<800 {
            now = now + .microseconds(Int64(Double.random(in: 0...3, using: &random) / rate * 1e6))
            while take(now) { taken.append(now) }
            #expect(bucket.nextToken > now)
        }
        for i in taken.indices {
            for j in stride(from: i, to: taken.count, by: 7) {
                let allowed = Double(burst) + (taken[j] - taken[i]).inSeconds * rate
                #expect(Double(j - i + 1) <= allowed + 0.01)
            }
        }
        // Nothing is withheld either, where the bucket never runs over.
        #expect(burst < 4 || Double(taken.count) >= (now - start).inSeconds * rate - 1)
    }

    @Test("always has a token at the time that it names")
    func nextToken() {
        var random = SplitMix64(seed: 3)
        var bucket = TokenBucket(rate: 7.3, burst: 4, at: start)
        func take(_ time: Timestamp) -> Bool { bucket.take(at: time) }
        var now = start
        for _ in 0..<5_000 {
            if Bool.random(using: &random) {
                bucket.setRate(
                    Double.random(in: 0.1...500, using: &random), burst: Int.random(in: 1...9, using: &random), at: now)
            }
            now = max(now, bucket.nextToken)
            #expect(take(now))
        }
    }

    @Test("neither gives nor takes when the clock is set back")
    func clockSetBack() {
        var bucket = TokenBucket(rate: 1, burst: 2, at: start)
        func take(_ time: Timestamp) -> Bool { bucket.take(at: time) }
        #expect(take(start))
        #expect(take(start - .seconds(100)))
        #expect(!take(start - .seconds(100)))
        #expect(take(start - .seconds(99)))
    }
}

@Suite("The throttle of an overloaded queue")
struct DispatchThrottleTests {
    let start = time("2026-02-28T00:40:25Z")

    @Test("halves the rate that the queue really has, and doubles it every ten seconds")
    func cutAndRecovery() {
        var throttle = DispatchThrottle(configuredRate: 500)
        #expect(throttle.rate(at: start) == 500 && !throttle.isThrottled(at: start))
        for step in 0..<200 { throttle.dispatched(at: start + .milliseconds(10 * step)) }
        let cut = start + .seconds(2)
        throttle.overloaded(at: cut, dispatchedAt: cut - .milliseconds(10), retryAfter: nil)
        #expect(throttle.rate(at: cut) == 50)
        #expect(throttle.isThrottled(at: cut))
        #expect(throttle.rate(at: cut + .seconds(10)) == 100)
        #expect(throttle.rate(at: cut + .seconds(20)) == 200)
        #expect(throttle.rate(at: cut + .seconds(40)) == 500)
        #expect(!throttle.isThrottled(at: cut + .seconds(40)))
    }

    @Test("is not cut twice by answers to requests of the same time")
    func oldNews() {
        var throttle = DispatchThrottle(configuredRate: 8)
        for _ in 0..<8 { throttle.dispatched(at: start) }
        for step in 1...8 {
            throttle.overloaded(at: start + .milliseconds(step), dispatchedAt: start, retryAfter: nil)
        }
        #expect(throttle.rate(at: start + .milliseconds(8)) > 3.9)
        throttle.overloaded(at: start + .seconds(1), dispatchedAt: start + .milliseconds(500), retryAfter: nil)
        #expect(throttle.rate(at: start + .seconds(1)) < 4)
    }

    @Test("has a lowest rate, which no queue's own rate is raised to")
    func floor() {
        for (rate, lowest) in [(500.0, 0.1), (0.05, 0.05)] {
            var throttle = DispatchThrottle(configuredRate: rate)
            for step in 0..<30 {
                let now = start + .seconds(step)
                throttle.overloaded(at: now, dispatchedAt: now, retryAfter: nil)
            }
            #expect(throttle.rate(at: start + .seconds(29)) == lowest)
        }
    }

    @Test("holds the queue as Retry-After says, an hour at most")
    func retryAfter() {
        var throttle = DispatchThrottle(configuredRate: 8)
        throttle.overloaded(at: start, dispatchedAt: start, retryAfter: .seconds(30))
        #expect(throttle.heldUntil == start + .seconds(30))
        throttle.overloaded(at: start + .seconds(1), dispatchedAt: start, retryAfter: .seconds(1))
        #expect(throttle.heldUntil == start + .seconds(30))
        throttle.overloaded(at: start, dispatchedAt: start, retryAfter: .seconds(86_400))
        #expect(throttle.heldUntil == start + .seconds(3600))
    }

    @Test(
        "reads Retry-After as seconds or as a date of HTTP",
        arguments: [
            ("120", .seconds(120)), (" 5 ", .seconds(5)), ("0", .zero), ("-5", nil), ("soon", nil), ("", nil),
            ("Sat, 28 Feb 2026 00:40:35 GMT", .seconds(10)), ("Sat, 28 Feb 2026 00:40:15 GMT", .zero),
            ("Sat, 30 Feb 2026 00:40:35 GMT", nil), ("Sat, 28 Feb 2026 00:40:35 CET", nil),
        ] as [(String, Duration?)])
    func retryAfterText(text: String, wait: Duration?) {
        #expect(RetryAfter.parse(text, at: start) == wait)
    }
}
