/// What can stand behind `|`: the filters of values and text. Those of lists are in `ListFilters`.
enum Filters {
    typealias Body = (Value, Arguments, Interpreter) throws -> Value

    static let names = Set([
        "abs", "attr", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e",
        "escape", "filesizeformat", "first", "float", "forceescape", "format", "groupby", "indent", "int", "items",
        "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse",
        "round", "safe", "select", "selectattr", "slice", "sort", "string", "striptags", "sum", "title", "tojson",
        "trim", "truncate", "unique", "upper", "urlencode", "wordcount",
    ])

    /// Filters of Jinja that are for web pages, or give something else each time.
    private static let elsewhere: Set<String> = ["pprint", "random", "urlize", "wordwrap", "xmlattr"]

    static func unknown(_ name: String) -> Failure {
        if elsewhere.contains(name) { return Failure(.syntax, "the filter '\(name)' is not supported") }
        return Failure(.syntax, "there is no filter '\(name)'", suggestion: Suggestion.nearest(to: name, in: names))
    }

    static func apply(_ name: String, to value: Value, _ arguments: Arguments, _ interpreter: Interpreter) throws
        -> Value
    {
        if let result = try ListFilters.apply(name, to: value, arguments, interpreter) { return result }
        if let result = try TextFilters.apply(name, to: value, arguments) { return result }
        return try other(name, value, arguments)
    }

    private static func other(_ name: String, _ value: Value, _ arguments: Arguments) throws -> Value {
        let called = "the filter '\(name)'"
        switch name {
        case "default", "d":
            let parameters = try arguments.bound(called, ["default_value", "boolean"])
            if case .undefined = value { return parameters[0] ?? .string("") }
            if try parameters.flag(1), !(try value.isTrue()) { return parameters[0] ?? .string("") }
            return value
        case "abs":
            try arguments.none(called)
            if let number = value.integerValue, number != .min { return .integer(abs(number)) }
            if case .float(let number) = value { return .float(abs(number)) }
            throw wrongType(called, "a number", value)
        case "attr":
            let attribute = try arguments.bound(called, ["name"], required: 1).text(0)
            if case .dictionary(let dictionary) = value {
                return DictionaryMethods.method(attribute, of: dictionary)
                    ?? .undefined(Undefined("'dict' has no '\(attribute)'", suggestion: "write ['\(attribute)']"))
            }
            return try Attributes.attribute(attribute, of: value, at: nil)
        case "int": return try integer(value, try arguments.bound(called, ["default", "base"]))
        case "float":
            let parameters = try arguments.bound(called, ["default"])
            if case .undefined(let undefined) = value { throw undefined.failure }
            if let number = value.number { return .float(number) }
            if case .string(let text) = value, let number = PythonNumber.float(text) { return .float(number) }
            return parameters[0] ?? .float(0)
        case "round": return try round(value, try arguments.bound(called, ["precision", "method"]))
        case "tojson":
            let indent = try arguments.bound(called, ["indent"]).optionalInteger(0)
            return .string(try JSONWriter.htmlSafe(value, indent: indent))
        case "dictsort": return try sorted(value, try arguments.bound(called, ["case_sensitive", "by", "reverse"]))
        case "items":
            try arguments.none(called)
            if case .undefined = value { return .iterator([]) }
            guard case .dictionary(let dictionary) = value else { throw wrongType(called, "a map", value) }
            return .iterator(dictionary.entries.map { .tuple([$0.key, $0.value]) })
        default: throw unknown(name)
        }
    }

    static func wrongType(_ called: String, _ expected: String, _ value: Value) -> Failure {
        if case .undefined(let undefined) = value { return undefined.failure }
        return Failure(.runtime, "\(called) takes \(expected), not '\(value.typeName)'")
    }

    // MARK: Numbers

    private static func integer(_ value: Value, _ parameters: Parameters) throws -> Value {
        let base = try parameters.integer(1, default: 10)
        switch value {
        case .undefined(let undefined): throw undefined.failure
        case .string(let text):
            if let number = PythonNumber.integer(text, base: base) { return .integer(number) }
            if let number = PythonNumber.float(text), let whole = Int(exactly: number.rounded(.towardZero)) {
                return .integer(whole)
            }
        case .float(let number):
            if let whole = Int(exactly: number.rounded(.towardZero)) { return .integer(whole) }
        default:
            if let number = value.integerValue { return .integer(number) }
        }
        return parameters[0] ?? .integer(0)
    }

    private static func round(_ value: Value, _ parameters: Parameters) throws -> Value {
        let digits = try parameters.integer(0, default: 0)
        let method = try parameters.text(1, default: "common")
        guard ["common", "ceil", "floor"].contains(method) else {
            throw Failure(.runtime, "the method of 'round' is common, ceil or floor, not '\(method)'")
        }
        guard digits.magnitude < 300 else { throw Failure(.runtime, "'round' takes fewer than 300 digits") }
        guard let number = value.number else { throw wrongType(parameters.function, "a number", value) }
        if method == "common" {
            if let whole = value.integerValue {
                if digits >= 0 { return .integer(whole) }
                return .integer(Int(exactly: FloatMath.rounded(Double(whole), digits: digits)) ?? whole)
            }
            return .float(FloatMath.rounded(number, digits: digits))
        }
        let unit = FloatMath.power(10, Double(digits))
        let scaled = (number * unit).rounded(method == "ceil" ? .up : .down)
        return .float(scaled / unit)
    }

    private static func sorted(_ value: Value, _ parameters: Parameters) throws -> Value {
        guard case .dictionary(let dictionary) = value else { throw wrongType(parameters.function, "a map", value) }
        let by = try parameters.text(1, default: "key")
        guard by == "key" || by == "value" else {
            throw Failure(.runtime, "'dictsort' sorts by 'key' or 'value', not by '\(by)'")
        }
        let isSensitive = try parameters.flag(0)
        let entries = try ListFilters.sort(
            dictionary.entries.map { .tuple([$0.key, $0.value]) }, reversed: try parameters.flag(2)
        ) { entry in
            guard case .tuple(let pair) = entry else { return entry }
            return isSensitive ? pair[by == "key" ? 0 : 1] : ListFilters.folded(pair[by == "key" ? 0 : 1])
        }
        return .list(entries)
    }
}

/// Numbers in text, as Python's `int` and `float` read them.
enum PythonNumber {
    static func integer(_ text: String, base: Int) -> Int? {
        var scalars = Array(text.unicodeScalars)[...]
        while let first = scalars.first, PythonString.isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, PythonString.isSpace(last) { scalars.removeLast() }
        var digits = String(scalars: scalars)
        let sign = digits.hasPrefix("-") ? "-" : ""
        if digits.hasPrefix("-") || digits.hasPrefix("+") { digits.removeFirst() }
        var base = base
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)]
        where digits.lowercased().hasPrefix(prefix) && (base == radix || base == 0) {
            digits.removeFirst(2)
            base = radix
        }
        if base == 0 { base = 10 }
        guard (2...36).contains(base), !digits.hasPrefix("_"), !digits.hasSuffix("_"), !digits.contains("__"),
            digits.first != "+", digits.first != "-"
        else { return nil }
        return Int(sign + digits.filter { $0 != "_" }, radix: base)
    }

    static func float(_ text: String) -> Double? {
        var scalars = Array(text.unicodeScalars)[...]
        while let first = scalars.first, PythonString.isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, PythonString.isSpace(last) { scalars.removeLast() }
        let body = String(scalars: scalars).lowercased()
        switch body {
        case "inf", "+inf", "infinity", "+infinity": return .infinity
        case "-inf", "-infinity": return -.infinity
        case "nan", "+nan", "-nan": return .nan
        default: break
        }
        guard let first = body.unicodeScalars.first, "+-.0123456789".unicodeScalars.contains(first),
            body.unicodeScalars.allSatisfy("+-._e0123456789".unicodeScalars.contains), !body.hasPrefix("_"),
            !body.hasSuffix("_"), !body.contains("__")
        else { return nil }
        return Double(body.filter { $0 != "_" })
    }
}
