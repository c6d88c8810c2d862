public import Time

/// One value on its own: literals, tests and edges. Data on its way stays in columns.
public indirect enum Scalar: Sendable, Hashable {
    case null
    case boolean(Bool)
    case int64(Int64)
    case float64(Double)
    case string(String)
    case bytes([UInt8])
    case timestamp(Timestamp)
    /// A map is a list of structures of key and value.
    case list([Scalar])
    /// Values in the order of the struct type's fields.
    case structure([Scalar])
}

/// A row as named values, for tests and small edges.
public typealias Row = [String: Scalar]
