import Time

/// Permits at a rate: fills evenly up to `burst`, and each dispatch takes one. Starts full.
struct TokenBucket {
    /// Tokens a second.
    private(set) var rate: Double
    private(set) var burst: Int
    private var tokens: Double
    private var filledAt: Timestamp

    init(rate: Double, burst: Int, at now: Timestamp) {
        self.rate = rate
        self.burst = burst
        tokens = Double(burst)
        filledAt = now
    }

    /// Changes the rate from now on; what is in the bucket stays, as far as it fits.
    mutating func setRate(_ newRate: Double, burst newBurst: Int, at now: Timestamp) {
        fill(at: now)
        rate = newRate
        burst = newBurst
        tokens = min(tokens, Double(newBurst))
    }

    /// Takes one token, if there is one.
    mutating func take(at now: Timestamp) -> Bool {
        fill(at: now)
        guard tokens >= Self.one else { return false }
        tokens = max(0, tokens - 1)
        return true
    }

    /// When there is a token; in the past when there is one already.
    var nextToken: Timestamp {
        guard tokens < Self.one else { return filledAt }
        let wait = ((1 - tokens) * 1_000_000 / rate).rounded(.up)
        return filledAt + .microseconds(Int64(min(wait, 1e15)))
    }

    /// One, less what rounding may have cost.
    private static let one = 1 - 1e-6

    private mutating func fill(at now: Timestamp) {
        // A clock that was set back gives nothing, and takes nothing.
        let elapsed = max(0, (now - filledAt).micros)
        tokens = min(Double(burst), tokens + Double(elapsed) * rate / 1_000_000)
        filledAt = now
    }
}
