import Columnar

extension SchemaRule {
    private static let types = ["array", "boolean", "integer", "number", "object", "string"]
    /// Words that say nothing about what is allowed.
    private static let notes = ["$comment", "$id", "$schema", "default", "description", "examples", "title"]

    /// Reads a schema; complains about words that are not supported, and about those that are none.
    static func read(_ value: Value, of what: String, _ findings: Findings) -> SchemaRule? {
        guard value.entries != nil else {
            findings.error("\(what) is a map with 'type', not \(value.kind)", at: value.place)
            return nil
        }
        let reader = MapReader(value, of: what, at: value.place, findings)
        reader.allow(
            ["type", "properties", "required", "additionalProperties", "items", "enum", "const", "pattern"]
                + Bound.Word.allCases.map(\.rawValue) + notes, called: "words")
        guard reader.required("type") != nil, let type = reader.choice("type", of: types) else { return nil }
        var rule = SchemaRule(type: type)
        guard readObject(reader, &rule), readValues(reader, &rule) else { return nil }
        if let items = reader["items"] {
            guard let inner = read(items, of: "'items'", findings) else { return nil }
            rule.items = [inner]
        }
        return rule
    }

    private static func readObject(_ reader: MapReader, _ rule: inout SchemaRule) -> Bool {
        var isRight = true
        if let properties = reader["properties"] {
            guard let entries = properties.entries else {
                reader.findings.error("'properties' is a map of names and schemas", at: properties.place)
                return false
            }
            for (name, _, value) in entries {
                if let inner = read(value, of: "'\(name)'", reader.findings) {
                    rule.properties.append((name, inner))
                } else {
                    isRight = false
                }
            }
        }
        rule.required = reader.texts("required")?.map(\.text) ?? []
        rule.allowsOthers = reader.boolean("additionalProperties") ?? true
        return isRight
    }

    private static func readValues(_ reader: MapReader, _ rule: inout SchemaRule) -> Bool {
        let findings = reader.findings
        var isRight = true
        if let list = reader["enum"]?.list ?? reader["const"].map({ [$0] }) {
            let values = list.compactMap { ComparedValue($0, findings) }
            isRight = values.count == list.count
            rule.allowed = values
        }
        for word in Bound.Word.allCases {
            guard let value = reader[word.rawValue] else { continue }
            switch value.scalar {
            case .integer(let number)?:
                rule.bounds.append(Bound(word: word, limit: Double(number), text: String(number)))
            case .float(let number)?: rule.bounds.append(Bound(word: word, limit: number, text: "\(number)"))
            default:
                findings.error("'\(word.rawValue)' is a number, not \(value.kind)", at: value.place)
                isRight = false
            }
        }
        if let (text, place) = reader.text("pattern") {
            let literal = text.replacing("\\", with: "\\\\").replacing("'", with: "\\'").replacing("\n", with: "\\n")
            do {
                let code = "import re\nlambda row: re.search('\(literal)', row.value) is not None"
                let expression = try PythonExpression(code, as: .callable)
                    .compile(over: Schema([Field("value", .string, isNullable: false)]))
                rule.pattern = Pattern(text: text, expression: expression)
            } catch {
                findings.error("'pattern': \(error.message)", at: place)
                isRight = false
            }
        }
        return isRight
    }
}
