import Time

/// The window of every row.
public enum WindowColumn: Sendable, Hashable {
    /// Everything is in the global window.
    case global
    /// Row `i` is in `[starts[i], ends[i])`, microseconds since the epoch. A row in several windows stands once in
    /// each.
    case intervals(starts: [Int64], ends: [Int64])

    /// The windows of the rows at `indices`, in that order; a negative index gives the global window's bounds.
    public func take(_ indices: [Int32]) -> WindowColumn {
        switch self {
        case .global: return .global
        case .intervals(let starts, let ends):
            checkIndices(indices, below: min(starts.count, ends.count))
            return .intervals(
                starts: starts.take(indices, Timestamp.distantPast.micros),
                ends: ends.take(indices, Timestamp.distantFuture.micros))
        }
    }

    /// The windows of runs of rows one after the other, each with its number of rows.
    ///
    /// Where some are intervals, rows of the global window get the interval from `Timestamp.distantPast` to
    /// `Timestamp.distantFuture`.
    public static func concatenating(_ parts: [(windows: WindowColumn, count: Int)]) -> WindowColumn {
        if parts.allSatisfy({ $0.windows == .global }) { return .global }
        var (starts, ends): ([Int64], [Int64]) = ([], [])
        for part in parts {
            switch part.windows {
            case .global:
                starts += repeatElement(Timestamp.distantPast.micros, count: part.count)
                ends += repeatElement(Timestamp.distantFuture.micros, count: part.count)
            case .intervals(let partStarts, let partEnds):
                starts += partStarts
                ends += partEnds
            }
        }
        return .intervals(starts: starts, ends: ends)
    }
}
