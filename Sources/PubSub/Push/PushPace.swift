import Time

/// How many messages are on their way to an endpoint at once, and how long to wait after failures: slow start, and back
/// off together when the endpoint fails (Pub/Sub documentation, "Push backoff": 100 ms to 60 s).
struct PushPace: Sendable, Hashable {
    /// At most so many at once.
    static let maximumWindow = 64

    private(set) var window = 1
    private var failures = 0

    /// A round has ended with so many successes and failures; returns how long to wait before the next.
    mutating func note(succeeded: Int, failed: Int) -> Duration {
        guard failed > 0 else {
            failures = 0
            window = min(window * 2, PushPace.maximumWindow)
            return .zero
        }
        window = max(window / 2, 1)
        // An endpoint that takes some of them works: it gets the others again by their own backoff.
        if succeeded > 0 {
            failures = 0
            return .zero
        }
        failures += 1
        return min(.milliseconds(100 << min(failures - 1, 10)), .seconds(60))
    }
}
