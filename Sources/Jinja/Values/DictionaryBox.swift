/// A dictionary in the order of insertion.
final class DictionaryBox {
    private(set) var keys: [Value] = []
    private var values: [Value] = []
    private var positions: [DictionaryKey: Int] = [:]

    init() {}

    /// - Throws: a type error for a key that Python cannot hash.
    init(_ entries: [(Value, Value)]) throws {
        for (key, value) in entries { try set(key, to: value) }
    }

    init(texts entries: [(String, Value)]) {
        for (key, value) in entries { set(.string(key), DictionaryKey(text: key), value) }
    }

    var count: Int { keys.count }
    var entries: [(key: Value, value: Value)] { zip(keys, values).map { ($0, $1) } }
    var allValues: [Value] { values }

    func get(_ key: Value) throws -> Value? { positions[try DictionaryKey(key)].map { values[$0] } }

    func get(_ key: String) -> Value? { positions[DictionaryKey(text: key)].map { values[$0] } }

    func set(_ key: Value, to value: Value) throws { set(key, try DictionaryKey(key), value) }

    private func set(_ key: Value, _ hashed: DictionaryKey, _ value: Value) {
        if let position = positions[hashed] {
            values[position] = value
        } else {
            positions[hashed] = keys.count
            keys.append(key)
            values.append(value)
        }
    }

    func remove(_ key: Value) throws -> Value? {
        guard let position = positions.removeValue(forKey: try DictionaryKey(key)) else { return nil }
        keys.remove(at: position)
        for (key, other) in positions where other > position { positions[key] = other - 1 }
        return values.remove(at: position)
    }

    func removeAll() {
        keys = []
        values = []
        positions = [:]
    }

    func copy() -> DictionaryBox {
        let copy = DictionaryBox()
        (copy.keys, copy.values, copy.positions) = (keys, values, positions)
        return copy
    }
}

/// A value as Python hashes it: 1, 1.0 and True are one key.
enum DictionaryKey: Hashable {
    case none
    case integer(Int)
    case float(Double)
    case text([Unicode.Scalar])
    case tuple([DictionaryKey])
    case identity(ObjectIdentifier)

    init(text: String) { self = .text(Array(text.unicodeScalars)) }

    init(_ value: Value) throws {
        switch value {
        case .undefined(let undefined): throw undefined.failure
        case .none: self = .none
        case .boolean(let flag): self = .integer(flag ? 1 : 0)
        case .integer(let number): self = .integer(number)
        case .float(let number): self = Int(exactly: number).map { .integer($0) } ?? .float(number)
        case .string(let text): self.init(text: text)
        case .tuple(let items): self = .tuple(try items.map(DictionaryKey.init))
        case .callable(let callable): self = .identity(ObjectIdentifier(callable))
        case .object(let object): self = .text(Array(try object.representation().unicodeScalars))
        case .list, .dictionary, .range, .view, .iterator:
            throw Failure(.runtime, "unhashable type: '\(value.typeName)'")
        }
    }
}
