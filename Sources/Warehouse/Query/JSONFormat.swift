import Time

/// An array of objects, a row a line, so that it can be read whole or line by line.
///
/// Integers and floats are numbers, timestamps RFC 3339 texts, bytes base64 texts; `NaN` and the infinities, which JSON
/// does not have, are texts. Columns of the same name get `_1`, `_2` … as in BigQuery.
enum JSONFormat {
    static func write(_ result: QueryResult, to write: (String) throws -> Void) throws {
        let names = uniqueNames(result.columns.map(\.name)).map { name -> [UInt8] in
            var text: [UInt8] = []
            JSONText.append(text: Array(name.utf8)[...], to: &text)
            return text
        }
        try write("[")
        var isFirst = true
        while let row = try result.next() {
            var line = Array((isFirst ? "\n{" : ",\n{").utf8)
            isFirst = false
            for (index, value) in row.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                line += names[index]
                line.append(UInt8(ascii: ":"))
                append(value, to: &line)
            }
            line.append(UInt8(ascii: "}"))
            try write(String(decoding: line, as: UTF8.self))
        }
        try write(isFirst ? "]\n" : "\n]\n")
    }

    private static func append(_ value: QueryValue, to line: inout [UInt8]) {
        switch value {
        case .null: line += "null".utf8
        case .integer(let value): line += String(value).utf8
        case .float(let value): JSONText.append(value, to: &line)
        case .text(let text): JSONText.append(text: Array(text.utf8)[...], to: &line)
        case .bytes(let bytes): JSONText.append(text: Base64.encode(bytes)[...], to: &line)
        case .boolean(let value): line += (value ? "true" : "false").utf8
        case .timestamp(let time): JSONText.append(text: Array(time.rfc3339.utf8)[...], to: &line)
        case .json(let text): line += text.utf8
        }
    }

    private static func uniqueNames(_ names: [String]) -> [String] {
        var used = Set(names)
        var seen: Set<String> = []
        return names.map { name in
            if seen.insert(name).inserted { return name }
            var number = 1
            while used.contains("\(name)_\(number)") { number += 1 }
            used.insert("\(name)_\(number)")
            return "\(name)_\(number)"
        }
    }
}
