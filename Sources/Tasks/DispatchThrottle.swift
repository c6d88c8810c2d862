import Foundation
import Time

/// Slows a whole queue while its targets say 429 or 503: Cloud Tasks' *system throttling*.
///
/// Each sign of overload halves the rate at which the queue really dispatches; signs that answer requests sent before the last
/// cut are old news. The rate then doubles every ten seconds until it is back at the queue's own. `Retry-After` holds the
/// queue altogether.
struct DispatchThrottle {
    /// Of the queue, per second.
    let configuredRate: Double
    /// Nothing is dispatched before.
    private(set) var heldUntil = Timestamp.distantPast
    private var cut: (rate: Double, at: Timestamp)?
    /// Dispatches in this second and in the one before: what the queue really does.
    private var window = (start: Timestamp.distantPast, count: 0.0, before: 0.0)

    static let recovery = Duration.seconds(10)
    /// Never slower than this, per second.
    static let lowestRate = 0.1
    /// `Retry-After` is obeyed up to this.
    static let longestHold = Duration.seconds(3600)

    init(configuredRate: Double) { self.configuredRate = configuredRate }

    /// Dispatches a second that are allowed now.
    func rate(at now: Timestamp) -> Double {
        guard let cut else { return configuredRate }
        let doublings = max(0, (now - cut.at).inSeconds) / Self.recovery.inSeconds
        return min(configuredRate, cut.rate * pow(2, min(doublings, 64)))
    }

    func isThrottled(at now: Timestamp) -> Bool { rate(at: now) < configuredRate }

    mutating func dispatched(at now: Timestamp) {
        roll(to: now)
        window.count += 1
    }

    /// A target answered 429 or 503 to a request that was sent at `dispatchedAt`.
    mutating func overloaded(at now: Timestamp, dispatchedAt: Timestamp, retryAfter: Duration?) {
        if let retryAfter { heldUntil = max(heldUntil, now + min(retryAfter, Self.longestHold)) }
        if let cut, dispatchedAt <= cut.at { return }
        roll(to: now)
        let share = min(1, max(0, (now - window.start).inSeconds))
        let observed = max(1, window.count + window.before * (1 - share))
        cut = (max(min(Self.lowestRate, configuredRate), min(rate(at: now), observed) / 2), now)
    }

    private mutating func roll(to now: Timestamp) {
        let age = now - window.start
        if age < .zero || age >= .seconds(2) {
            window = (now, 0, 0)
        } else if age >= .seconds(1) {
            window = (window.start + .seconds(1), 0, window.count)
        }
    }
}
