import Yams

/// A provider's body as the template that Beam makes of it: text as it stands; anything else as PyYAML's `safe_dump`
/// writes it, keys in order and with as few quotes as can be.
struct BodyTemplate {
    let text: String
    private let place: (_ line: Int, _ column: Int) -> Place

    init(_ body: Value, _ source: SourceText) {
        if let scalar = body.node.scalar {
            let lines = Array(scalar.string.unicodeScalars).split(separator: "\n", omittingEmptySubsequences: false)
            text = scalar.string
            place = { line, column in
                let before = lines.prefix(line - 1).reduce(0) { $0 + $1.count + 1 }
                return source.place(of: before + column - 1, in: scalar)
            }
        } else {
            var writer = BodyWriter(source: source)
            writer.write(body, 0)
            let pieces = writer.pieces
            text = writer.lines.joined(separator: "\n") + "\n"
            place = { line, column in
                let before = pieces.last { ($0.line, $0.column) <= (line, column) }
                guard let piece = before ?? pieces.first else { return body.place }
                guard let scalar = piece.scalar, piece.line == line else { return piece.place }
                return source.place(of: min(column - piece.column, scalar.string.unicodeScalars.count), in: scalar)
            }
        }
    }

    /// Where a line and a column of the template stand in the file.
    func place(line: Int, column: Int) -> Place { place(line, column) }
}

private struct BodyWriter {
    struct Piece {
        var line: Int
        var column: Int
        var place: Place
        /// Of a value, whose characters follow each other from the column on.
        var scalar: Node.Scalar?
    }

    let source: SourceText
    private(set) var lines: [String] = [""]
    private(set) var pieces: [Piece] = []

    private mutating func append(_ text: String, _ place: Place?, _ scalar: Node.Scalar? = nil) {
        if let place {
            let isQuoted = text.hasPrefix("'") || text.hasPrefix("\"")
            pieces.append(
                Piece(
                    line: lines.count, column: lines[lines.count - 1].unicodeScalars.count + (isQuoted ? 2 : 1),
                    place: place, scalar: scalar))
        }
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
        lines[lines.count - 1] += parts[0]
        lines += parts.dropFirst().map(String.init)
    }

    private mutating func newLine(_ indent: Int) { lines.append(String(repeating: " ", count: indent)) }

    mutating func write(_ value: Value, _ indent: Int) {
        if let entries = value.entries {
            guard !entries.isEmpty else { return append("{}", value.place) }
            let sorted = entries.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
            for (index, entry) in sorted.enumerated() {
                if index > 0 { newLine(indent) }
                append(Self.text(entry.key), entry.place)
                append(":", nil)
                child(entry.value, indent + 2)
            }
        } else if let list = value.list {
            guard !list.isEmpty else { return append("[]", value.place) }
            for (index, item) in list.enumerated() {
                if index > 0 { newLine(indent) }
                append("- ", item.place)
                write(item, indent + 2)
            }
        } else if let scalar = value.node.scalar {
            append(Self.text(scalar, indent), value.place, scalar)
        } else {
            append("null", value.place)
        }
    }

    private mutating func child(_ value: Value, _ indent: Int) {
        let isNested = value.entries?.isEmpty == false || value.list?.isEmpty == false
        if isNested { newLine(indent) } else { append(" ", nil) }
        write(value, indent)
    }

    private static func text(_ scalar: Node.Scalar, _ indent: Int) -> String {
        switch YAMLScalar(scalar) {
        case .null: return "null"
        case .boolean(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .float, .date: return scalar.string
        case .string(let text): return self.text(text, indent)
        }
    }

    private static func text(_ text: String, _ indent: Int = 0) -> String {
        if isPlain(text) { return text }
        let hasControls = text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x7F }
        if !hasControls, !text.contains("\n") { return "'" + doubled(text) + "'" }
        if !hasControls, !text.hasPrefix("\n"), !text.contains(" \n"), !text.contains("\n ") {
            // A line end in quotes is an empty line.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { doubled(String($0)) }
            return "'" + lines.joined(separator: "\n\n" + String(repeating: " ", count: indent)) + "'"
        }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\x" + (digits.count < 2 ? "0" : "") + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    private static func doubled(_ text: String) -> String {
        text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    }

    /// Whether YAML reads the text as itself when it stands without quotes.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            case .string = YAMLScalar(Node.Scalar(text, Tag(.implicit), .plain))
        else { return false }
        if first == " " || last == " " || last == ":" || text == "=" || text == "<<" { return false }
        if "#,[]{}&*!|>'\"%@`".unicodeScalars.contains(first) { return false }
        if "-?:".unicodeScalars.contains(first), text.unicodeScalars.dropFirst().first.map({ $0 == " " }) ?? true {
            return false
        }
        if text.hasPrefix("---") || text.hasPrefix("...") { return false }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) { return false }
        return !text.contains(": ") && !text.contains(" #")
    }
}
