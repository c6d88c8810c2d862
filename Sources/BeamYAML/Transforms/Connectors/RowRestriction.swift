/// One condition of a `row_restriction_template`: `column = '{}'`.
struct RowRestriction: Equatable {
    var column: String
    /// Whether the value stands in quotes: text.
    var isQuoted: Bool

    /// Conditions joined by `and`; nil when the template is anything else.
    static func parse(_ template: String) -> [RowRestriction]? {
        var words: [String] = []
        var current = ""
        for character in template {
            switch character {
            case " ", "\n", "\t":
                if !current.isEmpty { words.append(current) }
                current = ""
            case "=":
                if !current.isEmpty { words.append(current) }
                words.append("=")
                current = ""
            default: current.append(character)
            }
        }
        if !current.isEmpty { words.append(current) }
        var conditions: [RowRestriction] = []
        for (number, start) in stride(from: 0, to: words.count, by: 4).enumerated() {
            if number > 0, words[start - 1].lowercased() != "and" { return nil }
            guard words.count >= start + 3, words[start + 1] == "=" else { return nil }
            let column = words[start].replacing("`", with: "")
            guard !column.isEmpty, column.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }),
                ["{}", "'{}'", "\"{}\""].contains(words[start + 2])
            else { return nil }
            conditions.append(RowRestriction(column: column, isQuoted: words[start + 2] != "{}"))
        }
        return conditions.isEmpty || words.count % 4 != 3 ? nil : conditions
    }
}
