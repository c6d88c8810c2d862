#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The machine's clock. Only the wiring makes one.
public struct SystemClock: WallClock {
    /// Keeps no state: every instance tells the same time.
    public init() {}

    /// The machine's real time, which jumps when the machine's clock is set.
    public var now: Timestamp {
        // Two words in place of `timespec`'s members: a whole-module build attributes those to a module of the
        // standard library's own that can't be imported.
        var time: (seconds: Int, nanoseconds: Int) = (0, 0)
        withUnsafeMutablePointer(to: &time) { words in
            _ = clock_gettime(CLOCK_REALTIME, UnsafeMutableRawPointer(words).assumingMemoryBound(to: timespec.self))
        }
        return Timestamp(micros: Int64(time.seconds) * 1_000_000 + Int64(time.nanoseconds) / 1_000)
    }

    /// Wakes within a second of the deadline even when the machine's clock is set meanwhile.
    public func sleep(until deadline: Timestamp) async throws {
        // In hops, so that a wall clock that is set while we sleep is noticed.
        while true {
            let left = deadline - now
            if left <= .zero { return try Task.checkCancellation() }
            try await Task.sleep(for: min(left, .seconds(1)))
        }
    }
}
