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

/// Arithmetic as in Python, but with whole numbers of 64 bits: what is beyond them fails.
extension Value {
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
}
