/// The last `capacity` readings of a figure, oldest first; nil where it was not measured.
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

    /// Oldest first.
    public var values: [Double?] { Array(ring[start...] + ring[..<start]) }

    public var last: Double? { ring.isEmpty ? nil : ring[(start + ring.count - 1) % ring.count] }
}
