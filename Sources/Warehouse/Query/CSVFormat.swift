import Time

/// RFC 4180 with a heading: lines end in CRLF; a null is an empty field, the empty text is `""`.
enum CSVFormat {
    static func write(_ result: QueryResult, to write: (String) throws -> Void) throws {
        try write(result.columns.map { field($0.name) }.joined(separator: ",") + "\r\n")
        while let row = try result.next() {
            try write(row.map(text).joined(separator: ",") + "\r\n")
        }
    }

    private static func text(_ value: QueryValue) -> String {
        switch value {
        case .null: ""
        case .integer(let value): String(value)
        case .float(let value): value.description
        case .text(let text), .json(let text): field(text)
        case .bytes(let bytes): String(decoding: Base64.encode(bytes), as: UTF8.self)
        case .boolean(let value): value ? "true" : "false"
        case .timestamp(let time): time.rfc3339
        }
    }

    private static func field(_ text: String) -> String {
        // Also where a reader could trim, or mistake the text for a null.
        let isPlain =
            !text.isEmpty && text.first != " " && text.last != " "
            && !text.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }
        if isPlain { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
