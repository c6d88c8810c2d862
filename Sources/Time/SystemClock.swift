#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The machine's clock. Only the wiring makes one.
public struct SystemClock: WallClock {
    public init() {}

    public var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(micros: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    public func sleep(until deadline: Timestamp) async throws {
        // In hops, so that a wall clock that is set while we sleep is noticed.
        while true {
            let left = deadline - now
            if left <= .zero { return try Task.checkCancellation() }
            try await Task.sleep(for: min(left, .seconds(1)))
        }
    }
}
