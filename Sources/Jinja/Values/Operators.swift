/// The operators of two numbers.
enum Arithmetic: String {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case power = "**"
}

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

extension Value {
    // MARK: Truth

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

    // MARK: Equality and order

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

    // MARK: Numbers

    /// As a whole number, when it is one. Python's booleans are.
    var integerValue: Int? {
        switch self {
        case .integer(let number): number
        case .boolean(let flag): flag ? 1 : 0
        default: nil
        }
    }

    var number: Double? {
        if case .float(let number) = self { return number }
        return integerValue.map(Double.init)
    }

    func apply(_ operation: Arithmetic, _ other: Value) throws -> Value {
        if case .undefined(let undefined) = self { throw undefined.failure }
        if case .string(let format) = self, operation == .modulo {
            return .string(try PercentFormat(format).apply(other))
        }
        if case .undefined(let undefined) = other { throw undefined.failure }
        if let a = integerValue, let b = other.integerValue { return try Self.integers(operation, a, b) }
        if let a = number, let b = other.number { return try Self.floats(operation, a, b) }
        switch (operation, self, other) {
        case (.add, .string(let a), .string(let b)): return .string(try Self.checked(a + b))
        case (.add, .list(let a), .list(let b)): return .list(try Self.checked(a.items + b.items))
        case (.add, .tuple(let a), .tuple(let b)): return .tuple(try Self.checked(a + b))
        case (.multiply, _, _):
            if let count = other.integerValue, let result = try repeated(count) { return result }
            if let count = integerValue, let result = try other.repeated(count) { return result }
        default: break
        }
        if case .object(let object) = self, let result = try object.applying(operation, to: other, isLeft: true) {
            return result
        }
        if case .object(let object) = other, let result = try object.applying(operation, to: self, isLeft: false) {
            return result
        }
        throw Failure(
            .runtime, "'\(operation.rawValue)' does not take '\(typeName)' and '\(other.typeName)'",
            suggestion: operation == .add && (isText || other.isText) ? "'~' joins values of any type as text" : nil)
    }

    private var isText: Bool { if case .string = self { true } else { false } }

    private static func checked(_ text: String) throws -> String {
        guard text.utf8.count <= Limits.textBytes else { throw Limits.tooLong }
        return text
    }

    private static func checked(_ items: [Value]) throws -> [Value] {
        guard items.count <= Limits.steps else { throw Limits.tooManySteps }
        return items
    }

    private func repeated(_ count: Int) throws -> Value? {
        let count = max(0, count)
        func check(_ size: Int, _ limit: Int, _ failure: Failure) throws {
            guard size == 0 || count <= limit / size else { throw failure }
        }
        switch self {
        case .string(let text):
            try check(text.utf8.count, Limits.textBytes, Limits.tooLong)
            return .string(String(repeating: text, count: count))
        case .list(let list):
            try check(list.items.count, Limits.steps, Limits.tooManySteps)
            return .list(Array(repeatElement(list.items, count: count).joined()))
        case .tuple(let items):
            try check(items.count, Limits.steps, Limits.tooManySteps)
            return .tuple(Array(repeatElement(items, count: count).joined()))
        default: return nil
        }
    }

    private static func integers(_ operation: Arithmetic, _ a: Int, _ b: Int) throws -> Value {
        func whole(_ result: (partialValue: Int, overflow: Bool)) throws -> Value {
            guard !result.overflow else {
                throw Failure(.limit, "\(a) \(operation.rawValue) \(b) is beyond 64 bits")
            }
            return .integer(result.partialValue)
        }
        switch operation {
        case .add: return try whole(a.addingReportingOverflow(b))
        case .subtract: return try whole(a.subtractingReportingOverflow(b))
        case .multiply: return try whole(a.multipliedReportingOverflow(by: b))
        case .divide:
            guard b != 0 else { throw Failure(.runtime, "division by zero") }
            return .float(Double(a) / Double(b))
        case .floorDivide, .modulo:
            guard b != 0 else { throw Failure(.runtime, "division by zero") }
            let divided = try whole(a.dividedReportingOverflow(by: b)).integerValue ?? 0
            let rest = a &- divided &* b
            let isBelow = rest != 0 && (rest < 0) != (b < 0)
            if operation == .modulo { return .integer(isBelow ? rest + b : rest) }
            return .integer(isBelow ? divided - 1 : divided)
        case .power:
            guard b >= 0 else { return try floats(.power, Double(a), Double(b)) }
            var (result, base, left) = (1, a, b)
            if a == 0 || a == 1 { return .integer(b == 0 ? 1 : a) }
            if a == -1 { return .integer(b % 2 == 0 ? 1 : -1) }
            while left > 0 {
                if left & 1 == 1 {
                    guard case .integer(let value) = try whole(result.multipliedReportingOverflow(by: base)) else {
                        break
                    }
                    result = value
                }
                left >>= 1
                if left > 0, case .integer(let value) = try whole(base.multipliedReportingOverflow(by: base)) {
                    base = value
                }
            }
            return .integer(result)
        }
    }

    private static func floats(_ operation: Arithmetic, _ a: Double, _ b: Double) throws -> Value {
        switch operation {
        case .add: return .float(a + b)
        case .subtract: return .float(a - b)
        case .multiply: return .float(a * b)
        case .divide, .floorDivide, .modulo:
            guard b != 0 else { throw Failure(.runtime, "division by zero") }
            if operation == .divide { return .float(a / b) }
            var rest = a.truncatingRemainder(dividingBy: b)
            if rest != 0, (rest < 0) != (b < 0) { rest += b }
            if operation == .modulo { return .float(rest) }
            return .float(((a - rest) / b).rounded())
        case .power:
            if a == 0, b < 0 { throw Failure(.runtime, "0.0 cannot be raised to a negative power") }
            if a < 0, b != b.rounded() { throw Failure(.runtime, "complex numbers are not supported") }
            return .float(FloatMath.power(a, b))
        }
    }

    /// `-value`.
    func negated() throws -> Value {
        switch self {
        case .undefined(let undefined): throw undefined.failure
        case .float(let number): return .float(-number)
        default:
            if let number = integerValue, number != .min { return .integer(-number) }
            if case .object(let object) = self,
                let result = try object.applying(.multiply, to: .integer(-1), isLeft: true)
            {
                return result
            }
            throw Failure(.runtime, "'-' does not take '\(typeName)'")
        }
    }

    // MARK: Items

    /// Everything that a loop over the value meets.
    func items() throws -> [Value] {
        switch self {
        case .undefined(let undefined):
            if undefined.isLenient { return [] }
            throw undefined.failure
        case .string(let text): return text.unicodeScalars.map { .string(String($0)) }
        case .list(let list): return list.items
        case .tuple(let items): return items
        case .dictionary(let dictionary): return dictionary.keys
        case .range(let range):
            guard range.count <= Limits.steps else { throw Limits.tooManySteps }
            return (0..<range.count).map { .integer(range.value(at: $0)) }
        case .view(let view): return view.items
        case .iterator(let iterator): return iterator.rest()
        case .object(let object as any LoopItems): return object.rest()
        default: throw Failure(.runtime, "'\(typeName)' cannot be looped over")
        }
    }

    /// Whether a loop can run over it.
    var isIterable: Bool {
        switch self {
        case .string, .list, .tuple, .dictionary, .range, .view, .iterator: true
        default: false
        }
    }

    /// Python's `len(value)`.
    func count() throws -> Int {
        switch self {
        case .undefined(let undefined): throw undefined.failure
        case .string(let text): return text.unicodeScalars.count
        case .list(let list): return list.items.count
        case .tuple(let items): return items.count
        case .dictionary(let dictionary): return dictionary.count
        case .range(let range): return range.count
        case .view(let view): return view.items.count
        default: throw Failure(.runtime, "'\(typeName)' has no length")
        }
    }
}

/// An object that a loop can run over, once.
protocol LoopItems: TemplateObject {
    func rest() -> [Value]
}
