/// Python's `format.format(values)`.
struct BraceFormat {
    private let format: String

    init(_ format: String) { self.format = format }

    func apply(_ arguments: Arguments) throws -> String {
        var automatic: Int? = 0
        return try rendered(Array(format.unicodeScalars), arguments, &automatic, depth: 0)
    }

    private func rendered(
        _ scalars: [Unicode.Scalar], _ arguments: Arguments, _ automatic: inout Int?, depth: Int
    ) throws -> String {
        guard depth < 2 else { throw Failure(.runtime, "the format is nested too deeply") }
        var result = ""
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            let next = index < scalars.count ? scalars[index] : nil
            if (scalar == "{" || scalar == "}") && next == scalar {
                result.unicodeScalars.append(scalar)
                index += 1
            } else if scalar == "}" {
                throw Failure(.runtime, "'}' stands alone in a format", suggestion: "write '}}' for one")
            } else if scalar == "{" {
                let start = index
                var level = 1
                while index < scalars.count, level > 0 {
                    if scalars[index] == "{" { level += 1 } else if scalars[index] == "}" { level -= 1 }
                    index += 1
                }
                guard level == 0 else { throw Failure(.runtime, "'{' has no '}' in the format") }
                result += try field(Array(scalars[start..<index - 1]), arguments, &automatic, depth)
            } else {
                result.unicodeScalars.append(scalar)
            }
            guard result.utf8.count <= Limits.textBytes else { throw Limits.tooLong }
        }
        return result
    }

    /// `name!conversion:specification`
    private func field(
        _ scalars: [Unicode.Scalar], _ arguments: Arguments, _ automatic: inout Int?, _ depth: Int
    ) throws -> String {
        var nameEnd = scalars.count
        var bracket = 0
        for (index, scalar) in scalars.enumerated() {
            if scalar == "[" { bracket += 1 } else if scalar == "]" { bracket -= 1 }
            if bracket == 0, scalar == ":" || scalar == "!" {
                nameEnd = index
                break
            }
        }
        var value = try self.value(Array(scalars[..<nameEnd]), arguments, &automatic)
        var rest = scalars[nameEnd...]
        if rest.first == "!" {
            guard rest.count >= 2 else { throw Failure(.runtime, "'!' ends the format") }
            let letter = rest[rest.startIndex + 1]
            switch letter {
            case "s": value = .string(try value.text())
            case "r", "a": value = .string(try value.representation())
            default: throw Failure(.runtime, "'!\(letter)' is not a conversion")
            }
            rest = rest.dropFirst(2)
        }
        let specification = rest.first == ":" ? Array(rest.dropFirst()) : []
        return try Self.text(value, try rendered(specification, arguments, &automatic, depth: depth + 1))
    }

    private func value(_ name: [Unicode.Scalar], _ arguments: Arguments, _ automatic: inout Int?) throws -> Value {
        let end = name.firstIndex { $0 == "." || $0 == "[" } ?? name.count
        let first = String(scalars: name[..<end])
        var value: Value
        if first.isEmpty || Int(first) != nil {
            let position: Int
            if let number = Int(first) {
                position = number
                automatic = nil
            } else {
                guard let number = automatic else { throw Failure(.runtime, "a format numbers all its places or none") }
                position = number
                automatic = number + 1
            }
            guard arguments.positional.indices.contains(position) else {
                throw Failure(
                    .runtime, "the format needs value \(position + 1), and there are \(arguments.positional.count)")
            }
            value = arguments.positional[position]
        } else {
            guard let found = arguments.keyword.last(where: { $0.name == first }) else {
                throw Failure(
                    .runtime, "the format needs '\(first)'",
                    suggestion: Suggestion.nearest(to: first, in: arguments.keyword.map(\.name)))
            }
            value = found.value
        }
        var rest = name[end...]
        while let sign = rest.first {
            rest = rest.dropFirst()
            let part = rest.prefix { sign == "[" ? $0 != "]" : $0 != "." && $0 != "[" }
            rest = rest.dropFirst(part.count + (sign == "[" ? 1 : 0))
            let key = String(scalars: part)
            value =
                sign == "["
                ? try Attributes.item(Int(key).map { .integer($0) } ?? .string(key), of: value, at: nil)
                : try Attributes.attribute(key, of: value, at: nil)
        }
        if case .undefined(let undefined) = value { throw undefined.failure }
        return value
    }

    /// Python's `format(value, specification)`.
    static func text(_ value: Value, _ text: String) throws -> String {
        if text.isEmpty { return try value.text() }
        if case .object(let object as any FormattedObject) = value { return try object.formatted(text) }
        let specification = try parse(text)
        switch value {
        case .string(let string):
            guard specification.type == nil || specification.type == "s" else { throw wrong(text, value) }
            var shown = string
            if let precision = specification.precision {
                shown = String(scalars: string.unicodeScalars.prefix(precision))
            }
            return try specification.padded(shown, align: specification.align ?? "<")
        case .integer, .boolean:
            guard let number = value.integerValue else { throw wrong(text, value) }
            switch specification.type {
            case nil, "d", "x", "X", "o", "b", "n": return try specification.text(number)
            case "c":
                guard let scalar = UInt32(exactly: number).flatMap(Unicode.Scalar.init) else {
                    throw wrong(text, value)
                }
                return try specification.padded(String(scalar), align: specification.align ?? "<")
            case "e", "E", "f", "F", "g", "G", "%": return try specification.text(Double(number))
            default: throw wrong(text, value)
            }
        case .float(let number):
            guard let type = specification.type else { return try specification.text(number) }
            guard "eEfFgG%".unicodeScalars.contains(type) else { throw wrong(text, value) }
            return try specification.text(number)
        default: throw Failure(.runtime, "'\(value.typeName)' takes no format")
        }
    }

    private static func wrong(_ text: String, _ value: Value) -> Failure {
        Failure(.runtime, "the format '\(text)' does not fit '\(value.typeName)'")
    }

    private static func parse(_ text: String) throws -> FormatSpecification {
        var specification = FormatSpecification()
        var scalars = Array(text.unicodeScalars)[...]
        func isAlign(_ scalar: Unicode.Scalar?) -> Bool { scalar.map("<>^=".unicodeScalars.contains) ?? false }
        if isAlign(scalars.dropFirst().first), let fill = scalars.popFirst() {
            specification.fill = fill
            specification.align = scalars.popFirst()
        } else if isAlign(scalars.first) {
            specification.align = scalars.popFirst()
        }
        if let sign = scalars.first, "+- ".unicodeScalars.contains(sign) {
            specification.sign = sign
            scalars.removeFirst()
        }
        if scalars.first == "#" {
            specification.alternate = true
            scalars.removeFirst()
        }
        if scalars.first == "0" {
            specification.zero = true
            if specification.align != nil, specification.align != "=" {
                specification.zero = false
                if text.unicodeScalars.dropFirst().first.map({ !"<>^=".unicodeScalars.contains($0) }) ?? true {
                    specification.fill = "0"
                }
            }
            scalars.removeFirst()
        }
        func number() -> Int? {
            var number: Int?
            while let scalar = scalars.first, ("0"..."9").contains(scalar) {
                number = min((number ?? 0) * 10 + Int(scalar.value) - 48, Limits.textBytes + 1)
                scalars.removeFirst()
            }
            return number
        }
        specification.width = number() ?? 0
        if let sign = scalars.first, sign == "," || sign == "_" {
            specification.grouping = sign
            scalars.removeFirst()
        }
        if scalars.first == "." {
            scalars.removeFirst()
            guard let precision = number() else {
                throw Failure(.runtime, "the format '\(text)' has a point, but no precision")
            }
            specification.precision = precision
        }
        specification.type = scalars.popFirst()
        guard scalars.isEmpty else { throw Failure(.runtime, "'\(text)' is not a format") }
        return specification
    }
}

/// An object with formats of its own: a date.
protocol FormattedObject: TemplateObject {
    func formatted(_ format: String) throws -> String
}
