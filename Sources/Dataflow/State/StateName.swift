import Pipes

/// What a step keeps under its name in the sink: the first byte of a `StateKey.key` says which.
enum StateName: UInt8, Sendable {
    case counts = 0
    case window = 1
    case identifier = 2
    /// Rows of a join.
    case joined = 8

    func key(_ step: String, _ rest: [UInt8] = []) -> StateKey { StateKey(step: step, key: [rawValue] + rest) }
}

extension StateKey {
    /// What the key names, and the rest of it; nil for a key that this version does not know.
    var parts: (name: StateName, rest: [UInt8])? {
        guard let first = key.first, let name = StateName(rawValue: first) else { return nil }
        return (name, Array(key.dropFirst()))
    }
}
