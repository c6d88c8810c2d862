/// What can stand behind `is`.
enum Tests {
    private static let comparisons: [String: Comparison] = [
        "==": .equal, "eq": .equal, "equalto": .equal, "!=": .notEqual, "ne": .notEqual, ">": .greater,
        "gt": .greater, "greaterthan": .greater, "ge": .greaterOrEqual, ">=": .greaterOrEqual, "<": .less,
        "lt": .less, "lessthan": .less, "<=": .lessOrEqual, "le": .lessOrEqual, "in": .isIn,
    ]

    static let names = Set(comparisons.keys).union([
        "odd", "even", "divisibleby", "defined", "undefined", "filter", "test", "none", "boolean", "false", "true",
        "integer", "float", "lower", "upper", "string", "mapping", "number", "sequence", "iterable", "callable",
        "sameas", "escaped",
    ])

    static func unknown(_ name: String) -> Failure {
        Failure(.syntax, "there is no test '\(name)'", suggestion: Suggestion.nearest(to: name, in: names))
    }

    static func check(_ name: String, _ value: Value, _ arguments: Arguments) throws -> Bool {
        switch name {
        case "defined", "undefined":
            try arguments.none("the test '\(name)'")
            let isUndefined = if case .undefined = value { true } else { false }
            return (name == "undefined") == isUndefined
        default: break
        }
        if let comparison = comparisons[name] {
            let other = try arguments.bound("the test '\(name)'", ["other"], required: 1).value(0)
            return try value.compare(comparison, other)
        }
        switch name {
        case "divisibleby":
            let divisor = try arguments.bound("the test '\(name)'", ["num"], required: 1).value(0)
            return try value.apply(.modulo, divisor).equals(.integer(0))
        case "sameas": return isSame(value, try arguments.bound("the test '\(name)'", ["other"], required: 1).value(0))
        default: try arguments.none("the test '\(name)'")
        }
        switch name {
        case "odd": return try value.apply(.modulo, .integer(2)).equals(.integer(1))
        case "even": return try value.apply(.modulo, .integer(2)).equals(.integer(0))
        case "lower", "upper":
            guard
                case .boolean(let flag) = try StringMethods.call(
                    name == "lower" ? "islower" : "isupper", of: try value.text())
            else { return false }
            return flag
        case "filter": return if case .string(let name) = value { Filters.names.contains(name) } else { false }
        case "test": return if case .string(let name) = value { names.contains(name) } else { false }
        default: return try isOfKind(name, value)
        }
    }

    private static func isOfKind(_ name: String, _ value: Value) throws -> Bool {
        switch (name, value) {
        case ("none", .none), ("boolean", .boolean), ("false", .boolean(false)), ("true", .boolean(true)),
            ("integer", .integer), ("float", .float), ("string", .string), ("mapping", .dictionary),
            ("callable", .callable):
            return true
        case ("number", _): return value.number != nil
        // Jinja's undefined values have a length and items of their own.
        case ("sequence", .undefined), ("iterable", .undefined), ("callable", .undefined):
            if case .undefined(let undefined) = value, name == "iterable" { throw undefined.failure }
            return name == "callable"
        case ("sequence", .string), ("sequence", .list), ("sequence", .tuple), ("sequence", .dictionary),
            ("sequence", .range):
            return true
        case ("iterable", _): return value.isIterable
        case ("none", _), ("boolean", _), ("false", _), ("true", _), ("integer", _), ("float", _), ("string", _),
            ("mapping", _), ("sequence", _), ("callable", _), ("escaped", _):
            return false
        default: throw unknown(name)
        }
    }

    private static func isSame(_ a: Value, _ b: Value) -> Bool {
        switch (a, b) {
        case (.none, .none): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.list(let a), .list(let b)): a === b
        case (.dictionary(let a), .dictionary(let b)): a === b
        case (.object(let a), .object(let b)): a === b
        default: false
        }
    }
}
