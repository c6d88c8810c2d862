import Pipes
import Testing

@Suite("Retry backoff")
struct RetryBackoffTests {
    @Test("doubles, then grows linearly, up to its maximum")
    func documentedExample() {
        // The example in google.cloud.tasks.v2's `max_doublings`.
        let backoff = RetryBackoff(minimum: .seconds(10), maximum: .seconds(300), maxDoublings: 3)
        let delays = (1...9).map { backoff.delay(beforeRetry: $0) }
        #expect(delays == [10, 20, 40, 80, 160, 240, 300, 300, 300].map { .seconds($0) })
    }

    @Test(
        "keeps to its limits",
        arguments: [
            // minimum ms, maximum ms, doublings, delays ms
            (100, 3_600_000, 16, [100, 200, 400, 800, 1600]),
            (100, 300, 16, [100, 200, 300, 300]),
            (10, 1000, 0, [10, 20, 30, 40, 50]),
            (10, 1000, 1, [10, 20, 40, 60, 80]),
            (0, 1000, 5, [0, 0, 0]),
            (500, 100, 5, [500, 500]),
        ])
    func table(minimum: Int, maximum: Int, doublings: Int, delays: [Int]) {
        let backoff = RetryBackoff(
            minimum: .milliseconds(minimum), maximum: .milliseconds(maximum), maxDoublings: doublings)
        #expect((1...delays.count).map { backoff.delay(beforeRetry: $0) } == delays.map { .milliseconds($0) })
    }

    @Test("never shrinks and never overflows")
    func extremes() {
        for doublings in [0, 16, 70, 2_000, Int.max] {
            let backoff = RetryBackoff(
                minimum: .milliseconds(100), maximum: .seconds(Int64.max), maxDoublings: doublings)
            var last = Duration.zero
            for retry in [1, 2, 3, 17, 18, 64, 65, 500, 1_024, 5_000, Int.max / 2] {
                let delay = backoff.delay(beforeRetry: retry)
                #expect(delay >= last)
                last = delay
            }
        }
    }
}
