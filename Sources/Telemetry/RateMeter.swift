public import Time

/// Turns a counter that is read now and then into events a second over the last few seconds.
///
/// A value, owned by whoever samples: `Host` samples every counter once a snapshot.
public struct RateMeter: Sendable {
    private var samples: [(time: Timestamp, value: Int64)] = []
    private let span: Duration

    /// - Parameter span: over how long the rate is taken.
    public init(over span: Duration = .seconds(5)) { self.span = span }

    /// Takes a reading; returns the rate per second, or nil before there are two readings at different times.
    public mutating func sample(_ value: Int64, at time: Timestamp) -> Double? {
        if let last = samples.last, last.time >= time || last.value > value { samples.removeAll() }
        samples.append((time, value))
        while samples.count > 2, samples[1].time <= time - span { samples.removeFirst() }
        guard let first = samples.first, time > first.time else { return nil }
        return Double(value - first.value) / (time - first.time).inSeconds
    }
}
