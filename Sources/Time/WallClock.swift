/// The only way that anything learns the time or waits for it.
///
/// Nothing but the wiring makes a `SystemClock`: tests use `ManualClock`, `--fast` a `ManualClock` that the host advances
/// whenever no work is under way.
public protocol WallClock: Sendable {
    /// The current time.
    var now: Timestamp { get }

    /// Returns at `deadline` or, if that has passed, at once. Throws `CancellationError` when the task is cancelled.
    func sleep(until deadline: Timestamp) async throws
}

extension WallClock {
    /// Sleeps for `duration` from now.
    public func sleep(for duration: Duration) async throws {
        try await sleep(until: now + duration)
    }
}
