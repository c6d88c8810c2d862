/// The filter `tojson`: keys in order, and what HTML could take for markup escaped.
struct JSONWriter {
    private var text = ""
    private let indent: Int?

    static func htmlSafe(_ value: Value, indent: Int?) throws -> String {
        var writer = JSONWriter(indent: indent.map { min(max($0, 0), 100) })
        try writer.write(value, 0)
        return writer.text
    }

    private init(indent: Int?) { self.indent = indent }

    private mutating func write(_ value: Value, _ depth: Int) throws {
        guard depth < Limits.nesting else { throw Failure(.limit, "the value is nested too deeply") }
        guard text.utf8.count <= Limits.textBytes else { throw Limits.tooLong }
        switch value {
        case .undefined(let undefined): throw undefined.failure
        case .none: text += "null"
        case .boolean(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += String(number)
        case .float(let number):
            text +=
                number.isNaN
                ? "NaN" : number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : PythonFloat.text(number)
        case .string(let string): write(string)
        case .list, .tuple:
            let items = try value.items()
            try write("[", "]", items.count, depth) { writer, index in try writer.write(items[index], depth + 1) }
        case .dictionary(let dictionary):
            let entries = try ListFilters.sort(
                dictionary.entries.map { .tuple([$0.key, $0.value]) }, reversed: false
            ) { try $0.items()[0] }
            try write("{", "}", entries.count, depth) { writer, index in
                let pair = try entries[index].items()
                writer.write(try Self.key(pair[0]))
                writer.text += ": "
                try writer.write(pair[1], depth + 1)
            }
        default: throw Failure(.runtime, "'\(value.typeName)' cannot be written as JSON")
        }
    }

    private static func key(_ key: Value) throws -> String {
        switch key {
        case .string(let text): text
        case .none: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .integer, .float: try key.text()
        default: throw Failure(.runtime, "the keys of JSON are text, not '\(key.typeName)'")
        }
    }

    private mutating func write(
        _ start: String, _ end: String, _ count: Int, _ depth: Int, _ item: (inout JSONWriter, Int) throws -> Void
    ) throws {
        text += start
        for index in 0..<count {
            if index > 0 { text += indent == nil ? ", " : "," }
            newLine(depth + 1)
            try item(&self, index)
        }
        if count > 0 { newLine(depth) }
        text += end
    }

    private mutating func newLine(_ depth: Int) {
        if let indent { text += "\n" + String(repeating: " ", count: indent * depth) }
    }

    private mutating func write(_ string: String) {
        text += "\""
        for unit in string.utf16 {
            switch unit {
            case 0x22: text += "\\\""
            case 0x5C: text += "\\\\"
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x09: text += "\\t"
            case 0x08: text += "\\b"
            case 0x0C: text += "\\f"
            case 0x20..<0x7F where ![0x26, 0x27, 0x3C, 0x3E].contains(unit):
                text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            case 0x7F: text += "\u{7F}"
            default:
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        text += "\""
    }
}
