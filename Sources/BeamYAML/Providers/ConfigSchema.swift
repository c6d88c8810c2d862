/// Checks the parameters of a provider's transform against its `config_schema`: the words of JSON Schema that such
/// schemas use.
struct ConfigSchema {
    private let provided: ProvidedTransform
    private let findings: Findings

    init(_ provided: ProvidedTransform, _ findings: Findings) {
        self.provided = provided
        self.findings = findings
    }

    func allows(_ spec: TransformSpec) -> Bool {
        let before = findings.diagnostics.count
        let reader = MapReader(provided.schema, of: "config_schema", at: provided.place, findings)
        let properties = reader["properties"]?.entries ?? []
        let names = properties.map(\.key)
        for entry in spec.config?.entries ?? [] {
            guard let property = properties.first(where: { $0.key == entry.key }) else {
                findings.unknown(
                    "\(spec.type) has no parameter '\(entry.key)'", entry.key, among: names, called: "parameters",
                    at: entry.place)
                continue
            }
            check(entry.value, property.value, "'\(entry.key)'")
        }
        for (name, _) in reader["required"]?.texts ?? [] where !has(name, spec.config) {
            findings.error("\(spec.type) needs '\(name)'", at: spec.place)
        }
        return !findings.diagnostics[before...].contains { $0.severity == .error }
    }

    private func has(_ name: String, _ value: Value?) -> Bool { value?.entries?.contains { $0.key == name } ?? false }

    private func check(_ value: Value, _ schema: Value, _ what: String) {
        let reader = MapReader(schema, of: "the type of \(what)", at: schema.place, findings)
        if let types = reader["type"]?.texts?.map(\.text), !types.contains(where: { Self.isOfType(value, $0) }) {
            findings.error(
                "\(what) of \(provided.type) is \(types.joined(separator: " or ")), not \(value.kind)", at: value.place)
            return
        }
        if let choices = reader["enum"]?.list, !choices.contains(where: { Self.isSame($0, value) }) {
            let words = choices.compactMap(\.text)
            findings.unknown(
                "\(what) is one of \(words.joined(separator: ", "))", value.text ?? "", among: words, at: value.place)
        }
        if let number = Self.number(value) {
            for (key, isRight) in [
                ("minimum", { number >= $0 }), ("maximum", { number <= $0 }), ("exclusiveMinimum", { number > $0 }),
                ("exclusiveMaximum", { number < $0 }),
            ] as [(String, (Double) -> Bool)] {
                if let bound = reader[key], let limit = Self.number(bound), !isRight(limit) {
                    findings.error("\(what) breaks '\(key): \(bound.text ?? "")'", at: value.place)
                }
            }
        }
        if let items = reader["items"], items.entries != nil {
            for item in value.list ?? [] { check(item, items, "an item of \(what)") }
        }
        guard let entries = value.entries else { return }
        let properties = reader["properties"]?.entries ?? []
        for entry in entries {
            if let property = properties.first(where: { $0.key == entry.key }) {
                check(entry.value, property.value, "'\(entry.key)' of \(what)")
            } else if reader["additionalProperties"]?.scalar == .boolean(false) {
                findings.unknown(
                    "\(what) has no '\(entry.key)'", entry.key, among: properties.map(\.key), at: entry.place)
            } else if let other = reader["additionalProperties"], other.entries != nil {
                check(entry.value, other, "'\(entry.key)' of \(what)")
            }
        }
        for (name, _) in reader["required"]?.texts ?? [] where !has(name, value) {
            findings.error("\(what) needs '\(name)'", at: value.place)
        }
    }

    private static func number(_ value: Value) -> Double? {
        switch value.scalar {
        case .integer(let number): Double(number)
        case .float(let number): number
        default: nil
        }
    }

    private static func isSame(_ a: Value, _ b: Value) -> Bool {
        if let x = number(a), let y = number(b) { return x == y }
        return a.scalar != nil && a.scalar == b.scalar
    }

    private static func isOfType(_ value: Value, _ type: String) -> Bool {
        switch (type, value.scalar) {
        case ("string", .string), ("string", .date), ("integer", .integer), ("number", .integer), ("number", .float),
            ("boolean", .boolean), ("null", .null):
            true
        case ("integer", .float(let number)): number == number.rounded()
        case ("array", nil): value.list != nil
        case ("object", nil): value.entries != nil
        default: false
        }
    }
}
