/// One wake-up call at a time, owned by an actor: set it to when something is due next, and it rings once, then.
///
///     alarm.set(to: state.nextWake, on: clock) { [weak self] in await self?.wake() }
///
/// A ring that was already on its way when the alarm was set anew still comes: what it wakes must look at the clock.
public struct Alarm: Sendable {
    private var deadline: Timestamp?
    private var sleeper: Task<Void, Never>?

    /// An alarm that is not set.
    public init() {}

    /// Sets the alarm, in place of what it was set to; nil switches it off.
    public mutating func set(
        to newDeadline: Timestamp?, on clock: any WallClock, ring: @escaping @Sendable () async -> Void
    ) {
        guard newDeadline != deadline else { return }
        sleeper?.cancel()
        deadline = newDeadline
        sleeper = newDeadline.map { newDeadline in
            Task {
                // Only cancellation ends the sleep early, and then nobody wants to be woken.
                guard (try? await clock.sleep(until: newDeadline)) != nil else { return }
                await ring()
            }
        }
    }

    /// To be called when it has rung, so that it can be set to the same time again.
    public mutating func hasRung() {
        deadline = nil
        sleeper = nil
    }

    /// Switches it off.
    public mutating func cancel() {
        sleeper?.cancel()
        hasRung()
    }
}
