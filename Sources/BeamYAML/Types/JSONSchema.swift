import Columnar

/// Reads a JSON schema as far as Beam does (`json_utils.py`): objects with properties, arrays, and the atoms.
struct JSONSchema {
    private static let atoms: [String: DataType] = [
        "boolean": .boolean, "integer": .int64, "number": .float64, "string": .string, "bytes": .bytes,
    ]
    private static let types = ["array", "boolean", "bytes", "integer", "number", "object", "string"]

    let findings: Findings

    /// The schema of rows. A property is nullable unless it is `required`.
    func schema(_ value: Value) -> Schema? {
        guard let type = type(value) else { return nil }
        guard case .structure(let fields) = type else {
            findings.error("the schema of a row has 'type: object'", at: value.place)
            return nil
        }
        return Schema(fields)
    }

    /// A type: a map with `type`, or its name alone.
    func type(_ value: Value) -> DataType? {
        if let text = value.text { return atom(text, at: value.place) }
        guard value.entries != nil else {
            findings.error("a type is a map with 'type', not \(value.kind)", at: value.place)
            return nil
        }
        let reader = MapReader(value, of: "the type", at: value.place, findings)
        guard let typeValue = reader.required("type") else { return nil }
        guard let name = typeValue.text else {
            findings.error("'type' is one of \(Self.types.joined(separator: ", "))", at: typeValue.place)
            return nil
        }
        switch name {
        case "object": return object(reader, value)
        case "array":
            guard let items = reader.required("items") else { return nil }
            return type(items).map { .list($0) }
        default: return atom(name, at: typeValue.place)
        }
    }

    private func atom(_ name: String, at place: Place) -> DataType? {
        if let type = Self.atoms[name] { return type }
        findings.unknown("'\(name)' is not a type", name, among: Self.types, called: "types", at: place)
        return nil
    }

    private func object(_ reader: MapReader, _ value: Value) -> DataType? {
        guard let properties = reader["properties"] else {
            findings.error(
                reader.has("additionalProperties")
                    ? "objects with any keys are not supported" : "an object needs 'properties'", at: value.place)
            return nil
        }
        guard let entries = properties.entries else {
            findings.error("'properties' is a map of names and types", at: properties.place)
            return nil
        }
        let names = entries.map(\.key)
        var required: Set<String> = []
        for (name, place) in reader.texts("required") ?? [] {
            if names.contains(name) {
                required.insert(name)
            } else {
                findings.unknown(
                    "'\(name)' is required but not a property", name, among: names, called: "properties", at: place)
            }
        }
        let fields = entries.map { name, _, value in
            type(value).map { Field(name, $0, isNullable: !required.contains(name)) }
        }
        return fields.contains { $0 == nil } ? nil : .structure(fields.compactMap { $0 })
    }
}
