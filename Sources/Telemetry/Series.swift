/// The last `capacity` readings of a figure, oldest first; nil where it was not measured.
///
/// As JSON it is the list of its readings.
public struct Series: Sendable, Hashable, Codable {
    /// How many readings it keeps; at least 1.
    public let capacity: Int
    private var ring: [Double?] = []
    private var start = 0

    /// An empty series for at least one reading.
    public init(capacity: Int) { self.capacity = capacity }

    /// Adds a reading, in place of the oldest one when the series is full.
    public mutating func append(_ value: Double?) {
        if ring.count < capacity {
            ring.append(value)
        } else {
            ring[start] = value
            start = (start + 1) % capacity
        }
    }

    /// Reads a list of readings; the list's length becomes the capacity.
    public init(from decoder: any Decoder) throws {
        ring = try decoder.singleValueContainer().decode([Double?].self)
        capacity = max(1, ring.count)
    }

    /// Writes the list of readings, oldest first, null where it was not measured.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    /// Whether the readings are the same; what there is room for doesn't matter.
    public static func == (a: Series, b: Series) -> Bool { a.values == b.values }

    /// Goes by the readings alone, as `==` does.
    public func hash(into hasher: inout Hasher) { hasher.combine(values) }

    /// Oldest first.
    public var values: [Double?] { Array(ring[start...] + ring[..<start]) }

    /// The newest reading; nil when it was not measured, or when there is none.
    public var last: Double? { ring.isEmpty ? nil : ring[(start + ring.count - 1) % ring.count] }
}
