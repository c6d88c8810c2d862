/// The methods of Python's `str`.
enum StringMethods {
    static let names = [
        "capitalize", "casefold", "center", "count", "endswith", "find", "format", "index", "isalnum", "isalpha",
        "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isspace", "isupper", "join", "ljust", "lower",
        "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition",
        "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper", "zfill",
    ]

    static func method(_ name: String, of text: String) -> Value? {
        guard names.contains(name) else { return nil }
        return .function(name) { _, arguments in try call(name, of: text, arguments) }
    }

    static func call(_ name: String, of text: String, _ arguments: Arguments = Arguments()) throws -> Value {
        switch name {
        case "format": return .string(try BraceFormat(text).apply(arguments))
        case "upper", "lower", "casefold", "swapcase", "capitalize", "title":
            try arguments.none(name)
            return .string(cased(text, name))
        case _ where name.hasPrefix("is"):
            try arguments.none(name)
            return .boolean(isOfKind(text, name))
        case "strip", "lstrip", "rstrip":
            let characters = try arguments.bound(name, ["chars"]).optionalText(0)
            return .string(stripped(text, characters, left: name != "rstrip", right: name != "lstrip"))
        case "split", "rsplit":
            let parameters = try arguments.bound(name, ["sep", "maxsplit"])
            let limit = try parameters.integer(1, default: -1)
            return .list(
                try split(text, try parameters.optionalText(0), limit < 0 ? .max : limit, fromRight: name == "rsplit")
                    .map { .string($0) })
        case "splitlines":
            return .list(lines(text, keepsEnds: try arguments.bound(name, ["keepends"]).flag(0)).map { .string($0) })
        case "partition", "rpartition":
            let separator = try arguments.bound(name, ["sep"], required: 1).text(0)
            return try partitioned(text, separator, fromRight: name == "rpartition")
        case "join":
            let items = try arguments.bound(name, ["iterable"], required: 1).value(0).items()
            let parts = try items.enumerated().map { index, item in
                guard case .string(let part) = item else {
                    if case .undefined(let undefined) = item { throw undefined.failure }
                    throw Failure(
                        .runtime, "'join' joins text, and item \(index) is '\(item.typeName)'",
                        suggestion: "the filter 'join' takes values of any type")
                }
                return part
            }
            return .string(try ListFilters.joined(parts, text))
        case "replace":
            let parameters = try arguments.bound(name, ["old", "new", "count"], required: 2)
            return .string(
                try replaced(
                    text, try parameters.text(0), try parameters.text(1), try parameters.integer(2, default: -1)))
        case "startswith", "endswith", "find", "rfind", "index", "rindex", "count":
            return try searched(text, name, arguments)
        case "center", "ljust", "rjust", "zfill": return .string(try padded(text, name, arguments))
        case "removeprefix":
            let prefix = try arguments.bound(name, ["prefix"], required: 1).text(0)
            let scalars = Array(text.unicodeScalars)
            return .string(
                scalars.starts(with: prefix.unicodeScalars)
                    ? String(scalars: scalars.dropFirst(prefix.unicodeScalars.count)) : text)
        case "removesuffix":
            let suffix = try arguments.bound(name, ["suffix"], required: 1).text(0)
            let scalars = Array(text.unicodeScalars)
            return .string(
                scalars.reversed().starts(with: suffix.unicodeScalars.reversed())
                    ? String(scalars: scalars.dropLast(suffix.unicodeScalars.count)) : text)
        default: throw Failure(.runtime, "'str' has no method '\(name)'")
        }
    }

    // MARK: Case and kinds

    private static func cased(_ text: String, _ name: String) -> String {
        switch name {
        case "upper": return text.uppercased()
        case "lower", "casefold": return text.lowercased()
        case "capitalize":
            guard let first = text.unicodeScalars.first else { return text }
            return first.properties.titlecaseMapping + String(scalars: text.unicodeScalars.dropFirst()).lowercased()
        default:
            var result = ""
            var isInWord = false
            for scalar in text.unicodeScalars {
                let properties = scalar.properties
                if name == "swapcase" {
                    result += properties.isUppercase ? properties.lowercaseMapping : properties.uppercaseMapping
                } else {
                    result += isInWord ? properties.lowercaseMapping : properties.titlecaseMapping
                    isInWord = properties.isCased
                }
            }
            return result
        }
    }

    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private static func isOfKind(_ text: String, _ name: String) -> Bool {
        let scalars = text.unicodeScalars
        func all(_ test: (Unicode.Scalar) -> Bool) -> Bool { !scalars.isEmpty && scalars.allSatisfy(test) }
        switch name {
        case "isalpha": return all { $0.properties.isAlphabetic && $0.properties.numericType == nil }
        case "isalnum": return all { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        case "isdecimal": return all { $0.properties.numericType == .decimal }
        case "isdigit": return all { $0.properties.numericType == .decimal || $0.properties.numericType == .digit }
        case "isnumeric": return all { $0.properties.numericType != nil }
        case "isspace": return all(PythonString.isSpace)
        case "isidentifier":
            return all { $0 == "_" || $0.properties.isXIDContinue }
                && (scalars.first.map { $0 == "_" || $0.properties.isXIDStart } ?? false)
        case "islower":
            return scalars.contains { $0.properties.isLowercase } && !scalars.contains { $0.properties.isUppercase }
        default:
            return scalars.contains { $0.properties.isUppercase } && !scalars.contains { $0.properties.isLowercase }
        }
    }

    // MARK: Parts

    static func stripped(_ text: String, _ characters: String?, left: Bool, right: Bool) -> String {
        let set = characters.map { Set($0.unicodeScalars) }
        func goes(_ scalar: Unicode.Scalar) -> Bool { set?.contains(scalar) ?? PythonString.isSpace(scalar) }
        var scalars = Array(text.unicodeScalars)[...]
        if left { scalars = scalars.drop(while: goes) }
        if right { while let last = scalars.last, goes(last) { scalars.removeLast() } }
        return String(scalars: scalars)
    }

    private static func split(_ text: String, _ separator: String?, _ limit: Int, fromRight: Bool) throws -> [String] {
        var scalars = Array(text.unicodeScalars)
        guard let separator else {
            if fromRight {
                scalars.reverse()
                return words(scalars, limit).reversed().map { String(scalars: $0.reversed()) }
            }
            return words(scalars, limit).map { String(scalars: $0) }
        }
        guard !separator.isEmpty else { throw Failure(.runtime, "'split' needs a separator that is not empty") }
        var part = Array(separator.unicodeScalars)
        if fromRight {
            scalars.reverse()
            part.reverse()
        }
        var parts: [[Unicode.Scalar]] = []
        var start = 0
        while parts.count < limit, let found = PythonSearch.first(of: part, in: scalars, from: start) {
            parts.append(Array(scalars[start..<found]))
            start = found + part.count
        }
        parts.append(Array(scalars[start...]))
        return fromRight ? parts.reversed().map { String(scalars: $0.reversed()) } : parts.map { String(scalars: $0) }
    }

    private static func words(_ scalars: [Unicode.Scalar], _ limit: Int) -> [ArraySlice<Unicode.Scalar>] {
        var words: [ArraySlice<Unicode.Scalar>] = []
        var rest = scalars[...].drop(while: PythonString.isSpace)
        while !rest.isEmpty {
            if words.count == limit {
                while let last = rest.last, PythonString.isSpace(last) { rest.removeLast() }
                words.append(rest)
                break
            }
            let word = rest.prefix { !PythonString.isSpace($0) }
            words.append(word)
            rest = rest.dropFirst(word.count).drop(while: PythonString.isSpace)
        }
        return words
    }

    static func lines(_ text: String, keepsEnds: Bool) -> [String] {
        let ends: Set<Unicode.Scalar> = [
            "\n", "\r", "\u{B}", "\u{C}", "\u{1C}", "\u{1D}", "\u{1E}", "\u{85}", "\u{2028}", "\u{2029}",
        ]
        let scalars = Array(text.unicodeScalars)
        var lines: [String] = []
        var start = 0
        var index = 0
        while index < scalars.count {
            guard ends.contains(scalars[index]) else {
                index += 1
                continue
            }
            let end = index
            index += scalars[index] == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n" ? 2 : 1
            lines.append(String(scalars: scalars[start..<(keepsEnds ? index : end)]))
            start = index
        }
        if start < scalars.count { lines.append(String(scalars: scalars[start...])) }
        return lines
    }

    private static func partitioned(_ text: String, _ separator: String, fromRight: Bool) throws -> Value {
        guard !separator.isEmpty else { throw Failure(.runtime, "the separator is empty") }
        let (scalars, part) = (Array(text.unicodeScalars), Array(separator.unicodeScalars))
        let found = fromRight ? PythonSearch.last(of: part, in: scalars) : PythonSearch.first(of: part, in: scalars)
        guard let found else {
            return .tuple(
                fromRight
                    ? [.string(""), .string(""), .string(text)] : [.string(text), .string(""), .string("")])
        }
        return .tuple([
            .string(String(scalars: scalars[..<found])), .string(separator),
            .string(String(scalars: scalars[(found + part.count)...])),
        ])
    }

    static func replaced(_ text: String, _ old: String, _ new: String, _ count: Int) throws -> String {
        let (scalars, part) = (Array(text.unicodeScalars), Array(old.unicodeScalars))
        var left = count < 0 ? Int.max : count
        var pieces: [String] = []
        if part.isEmpty {
            var result = ""
            for (index, scalar) in scalars.enumerated() {
                if left > 0 {
                    result += new
                    left -= 1
                }
                result.unicodeScalars.append(scalars[index])
                _ = scalar
                guard result.utf8.count <= Limits.textBytes else { throw Limits.tooLong }
            }
            return left > 0 ? result + new : result
        }
        var start = 0
        while left > 0, let found = PythonSearch.first(of: part, in: scalars, from: start) {
            pieces.append(String(scalars: scalars[start..<found]))
            start = found + part.count
            left -= 1
        }
        pieces.append(String(scalars: scalars[start...]))
        return try ListFilters.joined(pieces, new)
    }

    // MARK: Search

    private static func searched(_ text: String, _ name: String, _ arguments: Arguments) throws -> Value {
        let parameters = try arguments.bound(name, ["sub", "start", "end"], required: 1)
        let scalars = Array(text.unicodeScalars)
        func bound(_ index: Int, _ value: Int) throws -> Int {
            let bound = try parameters.integer(index, default: value)
            return min(max(0, bound < 0 ? bound + scalars.count : bound), scalars.count)
        }
        let start = try bound(1, 0)
        let end = try bound(2, scalars.count)
        let range = start <= end ? Array(scalars[start..<end]) : []
        if name == "startswith" || name == "endswith" {
            let options: [Value] =
                if case .tuple(let items) = try parameters.value(0) { items } else { [try parameters.value(0)] }
            for option in options {
                guard case .string(let part) = option else {
                    throw Filters.wrongType("'\(name)'", "text or a tuple of texts", option)
                }
                let prefix = Array(part.unicodeScalars)
                if start > end { continue }
                if name == "startswith" ? range.starts(with: prefix) : range.reversed().starts(with: prefix.reversed())
                {
                    return .boolean(true)
                }
            }
            return .boolean(false)
        }
        let part = Array(try parameters.text(0).unicodeScalars)
        if name == "count" {
            if part.isEmpty { return .integer(start <= end ? range.count + 1 : 0) }
            var (count, from) = (0, 0)
            while let found = PythonSearch.first(of: part, in: range, from: from) {
                count += 1
                from = found + part.count
            }
            return .integer(count)
        }
        let found =
            name.hasPrefix("r") ? PythonSearch.last(of: part, in: range) : PythonSearch.first(of: part, in: range)
        if let found, start <= end { return .integer(found + start) }
        if name.hasSuffix("index") {
            throw Failure(.runtime, "the text holds no \(PythonString.quoted(String(scalars: part)))")
        }
        return .integer(-1)
    }

    private static func padded(_ text: String, _ name: String, _ arguments: Arguments) throws -> String {
        let parameters = try arguments.bound(name, name == "zfill" ? ["width"] : ["width", "fillchar"], required: 1)
        let width = try parameters.integer(0, default: 0)
        guard width <= Limits.textBytes else { throw Limits.tooLong }
        let missing = max(0, width - text.unicodeScalars.count)
        if name == "zfill" {
            let hasSign = text.hasPrefix("-") || text.hasPrefix("+")
            return text.prefix(hasSign ? 1 : 0) + String(repeating: "0", count: missing)
                + text.dropFirst(hasSign ? 1 : 0)
        }
        let fill = try parameters.text(1, default: " ")
        guard fill.unicodeScalars.count == 1 else { throw Failure(.runtime, "'\(name)' fills with one character") }
        func padding(_ count: Int) -> String { String(repeating: fill, count: count) }
        switch name {
        case "ljust": return text + padding(missing)
        case "rjust": return padding(missing) + text
        default:
            // Python leans to the left where the width is even, else to the right.
            let left = missing / 2 + (missing & width & 1)
            return padding(left) + text + padding(missing - left)
        }
    }
}
