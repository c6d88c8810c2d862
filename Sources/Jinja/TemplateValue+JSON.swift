/// What is wrong with a JSON text, and where.
public struct JSONProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
    /// What is wrong.
    public var message: String

    /// `1:14: expected ':'`
    public var description: String { "\(line):\(column): \(message)" }
}

extension TemplateValue {
    /// The value of a JSON text, as Python's `json.loads` reads it: maps keep their order, the last of two equal keys
    /// counts, and NaN and Infinity are numbers.
    public init(json: String) throws(JSONProblem) {
        var reader = JSONReader(json)
        self = try reader.document()
    }
}

private struct JSONReader {
    private let text: [Unicode.Scalar]
    private var offset = 0

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    mutating func document() throws(JSONProblem) -> TemplateValue {
        let value = try value(0)
        skipSpace()
        guard offset == text.count else { throw problem("there is more behind the value") }
        return value
    }

    private func problem(_ message: String, at place: Int? = nil) -> JSONProblem {
        let before = text[..<min(place ?? offset, text.count)]
        let lineStart = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
        return JSONProblem(
            line: before.count { $0 == "\n" } + 1, column: before.count - lineStart + 1, message: message)
    }

    private var next: Unicode.Scalar? { offset < text.count ? text[offset] : nil }

    private mutating func skipSpace() {
        while let scalar = next, scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" { offset += 1 }
    }

    private mutating func skip(_ word: String) -> Bool {
        guard text[offset...].starts(with: word.unicodeScalars) else { return false }
        offset += word.unicodeScalars.count
        return true
    }

    private mutating func value(_ depth: Int) throws(JSONProblem) -> TemplateValue {
        skipSpace()
        guard depth < 200 else { throw problem("the value is nested too deeply") }
        switch next {
        case nil: throw problem("a value is missing")
        case "\"": return .string(try string())
        case "[":
            var items: [TemplateValue] = []
            try list("]") { (reader) throws(JSONProblem) in items.append(try reader.value(depth + 1)) }
            return .list(items)
        case "{":
            var entries: [TemplateValue.Entry] = []
            try list("}") { (reader) throws(JSONProblem) in
                guard reader.next == "\"" else { throw reader.problem("expected a key in double quotes") }
                let key = try reader.string()
                reader.skipSpace()
                guard reader.skip(":") else { throw reader.problem("expected ':'") }
                let value = try reader.value(depth + 1)
                if let index = entries.firstIndex(where: { $0.key == key }) {
                    entries[index].value = value
                } else {
                    entries.append(TemplateValue.Entry(key, value))
                }
            }
            return .map(entries)
        default: break
        }
        if skip("true") { return .boolean(true) }
        if skip("false") { return .boolean(false) }
        if skip("null") { return .null }
        if skip("NaN") { return .float(.nan) }
        if skip("Infinity") { return .float(.infinity) }
        if skip("-Infinity") { return .float(-.infinity) }
        return try number()
    }

    private mutating func list(
        _ end: String, _ item: (inout JSONReader) throws(JSONProblem) -> Void
    ) throws(JSONProblem) {
        offset += 1
        skipSpace()
        if skip(end) { return }
        while true {
            skipSpace()
            try item(&self)
            skipSpace()
            if skip(end) { return }
            guard skip(",") else { throw problem("expected ',' or '\(end)'") }
        }
    }

    private mutating func number() throws(JSONProblem) -> TemplateValue {
        let start = offset
        func digits(_ reader: inout JSONReader) -> Bool {
            let before = reader.offset
            while let scalar = reader.next, ("0"..."9").contains(scalar) { reader.offset += 1 }
            return reader.offset > before
        }
        _ = skip("-")
        let first = next
        let whole = offset
        guard digits(&self), first != "0" || offset == whole + 1 else {
            throw problem("this is not a value", at: start)
        }
        var isFloat = false
        if next == "." {
            offset += 1
            isFloat = true
            guard digits(&self) else { throw problem("expected digits behind the point") }
        }
        if next == "e" || next == "E" {
            offset += 1
            isFloat = true
            if next == "+" || next == "-" { offset += 1 }
            guard digits(&self) else { throw problem("expected digits in the exponent") }
        }
        let body = String(scalars: text[start..<offset])
        if isFloat { return .float(Double(body) ?? .infinity) }
        guard let number = Int(body) else { throw problem("the number is beyond 64 bits", at: start) }
        return .integer(number)
    }

    private mutating func string() throws(JSONProblem) -> String {
        let start = offset
        offset += 1
        var units: [UInt16] = []
        while let scalar = next {
            offset += 1
            switch scalar {
            case "\"": return String(decoding: units, as: UTF16.self)
            case "\\":
                guard let letter = next else { break }
                offset += 1
                let simple: [Unicode.Scalar: UInt16] = [
                    "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
                ]
                if let unit = simple[letter] {
                    units.append(unit)
                } else if letter == "u", offset + 4 <= text.count,
                    let unit = UInt16(String(scalars: text[offset..<offset + 4]), radix: 16)
                {
                    units.append(unit)
                    offset += 4
                } else {
                    throw problem("'\\\(letter)' is not an escape", at: offset - 2)
                }
            default:
                guard scalar.value >= 0x20 else { throw problem("a line end in text is written '\\n'", at: offset - 1) }
                units += Array(String(scalar).utf16)
            }
        }
        throw problem("the text has no end", at: start)
    }
}
