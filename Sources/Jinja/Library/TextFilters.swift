/// The filters of text; what is not text is taken as Python's `str` writes it.
enum TextFilters {
    static func apply(_ name: String, to value: Value, _ arguments: Arguments) throws -> Value? {
        let called = "the filter '\(name)'"
        switch name {
        case "string", "safe":
            try arguments.none(called)
            return .string(try value.text())
        case "upper", "lower", "capitalize":
            try arguments.none(called)
            return try StringMethods.call(name, of: try value.text())
        case "title":
            try arguments.none(called)
            return .string(title(try value.text()))
        case "trim": return try StringMethods.call("strip", of: try value.text(), arguments)
        case "center":
            let width = try arguments.bound(called, ["width"]).integer(0, default: 80)
            return try StringMethods.call("center", of: try value.text(), Arguments(positional: [.integer(width)]))
        case "replace":
            let parameters = try arguments.bound(called, ["old", "new", "count"], required: 2)
            let count = try parameters.integer(2, default: -1)
            return .string(
                try StringMethods.replaced(
                    try value.text(), try parameters.value(0).text(), try parameters.value(1).text(), count))
        case "e", "escape", "forceescape":
            try arguments.none(called)
            return .string(escaped(try value.text()))
        case "striptags":
            try arguments.none(called)
            return .string(stripped(try value.text()))
        case "indent": return .string(try indented(value, try arguments.bound(called, ["width", "first", "blank"])))
        case "wordcount":
            try arguments.none(called)
            let text = try value.text().unicodeScalars
            return .integer(text.split { !StringMethods.isWord($0) }.count)
        case "format":
            guard arguments.positional.isEmpty || arguments.keyword.isEmpty else {
                throw Failure(.runtime, "\(called) takes values by place or by name, not both")
            }
            let format = PercentFormat(try value.text())
            if arguments.keyword.isEmpty { return .string(try format.apply(.tuple(arguments.positional))) }
            return .string(
                try format.apply(.dictionary(DictionaryBox(texts: arguments.keyword.map { ($0.name, $0.value) }))))
        case "truncate":
            return .string(
                try truncated(try value.text(), try arguments.bound(called, ["length", "killwords", "end", "leeway"])))
        case "urlencode":
            try arguments.none(called)
            return .string(try encoded(value))
        case "filesizeformat":
            return .string(try size(value, isBinary: try arguments.bound(called, ["binary"]).flag(0)))
        default: return nil
        }
    }

    private static func title(_ text: String) -> String {
        var result = ""
        var word: [Unicode.Scalar] = []
        func flush() {
            guard let first = word.first else { return }
            result += String(first).uppercased() + String(scalars: word.dropFirst()).lowercased()
            word = []
        }
        for scalar in text.unicodeScalars {
            if PythonString.isSpace(scalar) || "-({[<".unicodeScalars.contains(scalar) {
                flush()
                result.unicodeScalars.append(scalar)
            } else {
                word.append(scalar)
            }
        }
        flush()
        return result
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&#34;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func stripped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isInside = false
        for scalar in text.unicodeScalars {
            if scalar == "<" {
                isInside = true
            } else if scalar == ">", isInside {
                isInside = false
            } else if !isInside {
                result.append(scalar)
            }
        }
        return String(result).unicodeScalars.split(whereSeparator: PythonString.isSpace)
            .map { String(scalars: $0) }.joined(separator: " ")
    }

    private static func indented(_ value: Value, _ parameters: Parameters) throws -> String {
        guard case .string(let text) = value else { throw Filters.wrongType(parameters.function, "text", value) }
        let indent: String
        if case .string(let text)? = parameters[0] {
            indent = text
        } else {
            let width = try parameters.integer(0, default: 4)
            guard width <= 10_000 else { throw Limits.tooLong }
            indent = String(repeating: " ", count: max(0, width))
        }
        let isBlankToo = try parameters.flag(2)
        // Jinja adds a line end for its splitting into lines.
        let lines = StringMethods.lines(text + "\n", keepsEnds: false)
        let rest = lines.dropFirst().map { isBlankToo || !$0.isEmpty ? indent + $0 : $0 }
        let result = try ListFilters.joined([lines.first ?? ""] + rest, "\n")
        return try parameters.flag(1) ? indent + result : result
    }

    private static func truncated(_ text: String, _ parameters: Parameters) throws -> String {
        let length = try parameters.integer(0, default: 255)
        let end = try parameters.text(2, default: "...")
        let leeway = try parameters.integer(3, default: 5)
        let scalars = Array(text.unicodeScalars)
        let endLength = end.unicodeScalars.count
        guard length >= endLength, leeway >= 0 else {
            throw Failure(.runtime, "\(parameters.function) needs a length of at least \(endLength)")
        }
        if scalars.count <= length + leeway { return text }
        let kept = scalars[..<(length - endLength)]
        if try parameters.flag(1) { return String(scalars: kept) + end }
        return String(scalars: kept.lastIndex(of: " ").map { kept[..<$0] } ?? kept) + end
    }

    private static func encoded(_ value: Value) throws -> String {
        func quoted(_ value: Value, _ allowed: String) throws -> String {
            try value.text().utf8.map { byte in
                let scalar = Unicode.Scalar(byte)
                let isPlain =
                    scalar.isASCII
                    && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || allowed.unicodeScalars.contains(scalar))
                if isPlain { return String(scalar) }
                let digits = String(byte, radix: 16, uppercase: true)
                return "%" + (digits.count < 2 ? "0" : "") + digits
            }.joined()
        }
        if case .string = value { return try quoted(value, "_.-~/") }
        guard value.isIterable else { return try quoted(value, "_.-~/") }
        let pairs: [Value] =
            if case .dictionary(let dictionary) = value {
                dictionary.entries.map { .tuple([$0.key, $0.value]) }
            } else { try value.items() }
        return try pairs.map { pair in
            let parts = try pair.items()
            guard parts.count == 2 else { throw Failure(.runtime, "'urlencode' takes text, a map, or a list of pairs") }
            return try parts.map { part in
                // In a query a space is a plus.
                try quoted(part, "_.-~ ").split(separator: " ", omittingEmptySubsequences: false).joined(separator: "+")
            }.joined(separator: "=")
        }.joined(separator: "&")
    }

    private static func size(_ value: Value, isBinary: Bool) throws -> String {
        let number: Double? = if case .string(let text) = value { PythonNumber.float(text) } else { value.number }
        guard let bytes = number else { throw Filters.wrongType("the filter 'filesizeformat'", "a number", value) }
        let base = isBinary ? 1024.0 : 1000
        if bytes == 1 { return "1 Byte" }
        if bytes < base { return "\(Int(bytes)) Bytes" }
        let letters = ["k", "M", "G", "T", "P", "E", "Z", "Y"]
        var unit = base * base
        for (index, letter) in letters.enumerated() {
            if bytes < unit || index == letters.count - 1 {
                let prefix = isBinary ? letter.uppercased() + "iB" : letter + "B"
                return FloatMath.formatted("%.1f", base * bytes / unit) + " " + prefix
            }
            unit *= base
        }
        return ""
    }
}
