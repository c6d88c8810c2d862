/// The comparisons.
enum Comparison: String {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case isNotIn = "not in"
}

/// Truth, equality, order and membership, as in Python.
extension Value {
    /// Python's `bool(value)`.
    func isTrue() throws -> Bool {
        switch self {
        case .undefined(let undefined): if undefined.isLenient { false } else { throw undefined.failure }
        case .none: false
        case .boolean(let flag): flag
        case .integer(let number): number != 0
        case .float(let number): number != 0
        case .string(let text): !text.isEmpty
        case .list(let list): !list.items.isEmpty
        case .tuple(let items): !items.isEmpty
        case .dictionary(let dictionary): dictionary.count > 0
        case .range(let range): range.count > 0
        case .view(let view): !view.items.isEmpty
        case .iterator, .callable, .object: true
        }
    }

    /// Python's `==`.
    func equals(_ other: Value, depth: Int = 0) throws -> Bool {
        guard depth < Limits.nesting else { throw Failure(.limit, "the values are nested too deeply to be compared") }
        switch (self, other) {
        case (.undefined(let undefined), _), (_, .undefined(let undefined)): throw undefined.failure
        case (.none, .none): return true
        case (.string(let a), .string(let b)): return a.unicodeScalars.elementsEqual(b.unicodeScalars)
        case (.list(let a), .list(let b)):
            return try a === b || Self.equal(a.items, b.items, depth)
        case (.tuple(let a), .tuple(let b)): return try Self.equal(a, b, depth)
        case (.view(let a), .view(let b)): return try Self.equal(a.items, b.items, depth)
        case (.range(let a), .range(let b)):
            return a.count == b.count
                && (a.count == 0 || (a.start == b.start && (a.count == 1 || a.step == b.step)))
        case (.dictionary(let a), .dictionary(let b)):
            guard a.count == b.count else { return false }
            for (key, value) in a.entries {
                guard let found = try b.get(key), try value.equals(found, depth: depth + 1) else { return false }
            }
            return true
        case (.object(let a), _): return a.compare(to: other) == .equal
        case (_, .object(let b)): return b.compare(to: self) == .equal
        case (.callable(let a), .callable(let b)): return a === b
        case (.iterator(let a), .iterator(let b)): return a === b
        default:
            if let a = integerValue, let b = other.integerValue { return a == b }
            if let a = number, let b = other.number { return a == b }
            return false
        }
    }

    private static func equal(_ a: [Value], _ b: [Value], _ depth: Int) throws -> Bool {
        guard a.count == b.count else { return false }
        for (x, y) in zip(a, b) where !(try x.equals(y, depth: depth + 1)) { return false }
        return true
    }

    /// How two values stand to each other; nil for a NaN.
    func ordered(_ other: Value, for sign: String = "<", depth: Int = 0) throws -> Ordering? {
        guard depth < Limits.nesting else { throw Failure(.limit, "the values are nested too deeply to be compared") }
        switch (self, other) {
        case (.undefined(let undefined), _), (_, .undefined(let undefined)): throw undefined.failure
        case (.string(let a), .string(let b)):
            if a.unicodeScalars.elementsEqual(b.unicodeScalars) { return .equal }
            return a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars) ? .less : .greater
        case (.list(let a), .list(let b)): return try Self.ordered(a.items, b.items, sign, depth)
        case (.tuple(let a), .tuple(let b)): return try Self.ordered(a, b, sign, depth)
        case (.object(let a), _):
            if let order = a.compare(to: other) { return order }
        default:
            if let a = integerValue, let b = other.integerValue { return a < b ? .less : a == b ? .equal : .greater }
            if let a = number, let b = other.number {
                return a < b ? .less : a == b ? .equal : a > b ? .greater : nil
            }
        }
        throw Failure(
            .runtime, "'\(sign)' does not compare '\(typeName)' with '\(other.typeName)'")
    }

    private static func ordered(_ a: [Value], _ b: [Value], _ sign: String, _ depth: Int) throws -> Ordering? {
        for (x, y) in zip(a, b) where !(try x.equals(y, depth: depth + 1)) {
            return try x.ordered(y, for: sign, depth: depth + 1)
        }
        return a.count < b.count ? .less : a.count == b.count ? .equal : .greater
    }

    func compare(_ comparison: Comparison, _ other: Value) throws -> Bool {
        switch comparison {
        case .equal: return try equals(other)
        case .notEqual: return !(try equals(other))
        case .isIn: return try other.contains(self)
        case .isNotIn: return !(try other.contains(self))
        case .less: return try ordered(other, for: "<") == .less
        case .greater: return try ordered(other, for: ">") == .greater
        case .lessOrEqual:
            let order = try ordered(other, for: "<=")
            return order == .less || order == .equal
        case .greaterOrEqual:
            let order = try ordered(other, for: ">=")
            return order == .greater || order == .equal
        }
    }

    /// Python's `in`, the other way round.
    func contains(_ value: Value) throws -> Bool {
        switch self {
        case .undefined(let undefined): throw undefined.failure
        case .string(let text):
            if case .undefined(let undefined) = value { throw undefined.failure }
            guard case .string(let part) = value else {
                throw Failure(.runtime, "'in' looks for text in text, not for '\(value.typeName)'")
            }
            return PythonSearch.first(of: part, in: text) != nil
        case .dictionary(let dictionary): return try dictionary.get(value) != nil
        case .range(let range):
            if let number = value.integerValue { return range.contains(number) }
            return value.number.flatMap { Int(exactly: $0) }.map(range.contains) ?? false
        case .list, .tuple, .view, .iterator:
            for item in try items() where try item.equals(value) { return true }
            return false
        default: throw Failure(.runtime, "'in' finds nothing in '\(typeName)'")
        }
    }
}
