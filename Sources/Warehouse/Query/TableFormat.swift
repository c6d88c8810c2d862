import Time

/// Aligned columns: numbers to the right, NULL as `NULL`, control characters made visible.
enum TableFormat {
    /// The widths come from that many rows; a wider value in a later one moves what stands right of it.
    static let measured = 5_000

    static func write(_ result: QueryResult, to write: (String) throws -> Void) throws {
        let columns = result.columns
        guard !columns.isEmpty else { return }
        let first = try result.rows(limit: measured)
        let isRight = columns.indices.map { index in
            columns[index].isNumeric || (columns[index].type == nil && isNumbers(first.map { $0[index] }))
        }
        let head = columns.map { visible($0.name) }
        let lines = first.map { $0.map(text) }
        var widths = head.map(DisplayWidth.of)
        for line in lines {
            for (index, cell) in line.enumerated() { widths[index] = max(widths[index], DisplayWidth.of(cell)) }
        }
        func line(_ cells: [String]) -> String {
            var text = ""
            for (index, cell) in cells.enumerated() {
                if index > 0 { text += " | " }
                let space = String(repeating: " ", count: max(0, widths[index] - DisplayWidth.of(cell)))
                text += isRight[index] ? space + cell : cell + space
            }
            while text.last == " " { text.removeLast() }
            return text + "\n"
        }
        try write(line(head))
        try write(widths.map { String(repeating: "-", count: $0) }.joined(separator: "-+-") + "\n")
        for cells in lines { try write(line(cells)) }
        while let row = try result.next() { try write(line(row.map(text))) }
    }

    private static func isNumbers(_ values: [QueryValue]) -> Bool {
        var found = false
        for value in values {
            switch value {
            case .null: break
            case .integer, .float: found = true
            default: return false
            }
        }
        return found
    }

    private static func text(_ value: QueryValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let value): String(value)
        case .float(let value): value.description
        case .text(let text), .json(let text): visible(text)
        case .bytes(let bytes): String(decoding: Base64.encode(bytes), as: UTF8.self)
        case .boolean(let value): value ? "true" : "false"
        case .timestamp(let time): time.rfc3339
        }
    }

    /// Without control characters: they would tear the table, or command the terminal.
    private static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isControl(scalar):
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || (0x202a...0x202e).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
    }
}
