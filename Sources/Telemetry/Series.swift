/// The last `capacity` readings of a figure, oldest first; nil where it was not measured.
///
/// As JSON it is the list of its readings.
public struct Series: Sendable, Hashable, Codable {
    public let capacity: Int
    private var ring: [Double?] = []
    private var start = 0

    public init(capacity: Int) { self.capacity = capacity }

    public mutating func append(_ value: Double?) {
        if ring.count < capacity {
            ring.append(value)
        } else {
            ring[start] = value
            start = (start + 1) % capacity
        }
    }

    public init(from decoder: any Decoder) throws {
        ring = try decoder.singleValueContainer().decode([Double?].self)
        capacity = max(1, ring.count)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    public static func == (a: Series, b: Series) -> Bool { a.values == b.values }

    public func hash(into hasher: inout Hasher) { hasher.combine(values) }

    /// Oldest first.
    public var values: [Double?] { Array(ring[start...] + ring[..<start]) }

    public var last: Double? { ring.isEmpty ? nil : ring[(start + ring.count - 1) % ring.count] }
}
