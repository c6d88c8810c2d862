import Time

/// Lets a manual clock run as fast as the work allows: whenever nothing is under way it jumps to the next thing that
/// is due.
struct FastForward: Sendable {
    /// How long to look away between two looks, in real time.
    private static let pause = Duration.microseconds(500)

    let clock: ManualClock
    /// Whether nothing at all is in flight.
    let isQuiet: @Sendable () async -> Bool
    /// When the services have something to do next. They know it a moment before the clock knows their sleepers.
    let nextDue: @Sendable () async -> Timestamp?

    /// Runs until cancelled.
    func run() async throws {
        // Whoever was woken by a jump needs a moment to show that it works: only the second quiet look in a row counts.
        var quietLooks = 0
        while true {
            quietLooks = await isQuiet() ? quietLooks + 1 : 0
            if quietLooks >= 2, let next = [await nextDue(), clock.nextDeadline].compactMap({ $0 }).min() {
                clock.advance(to: next)
                quietLooks = 0
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}
