public import Jinja

/// The variables of a pipeline's templates, as they stand in `streamtop.yaml`.
public struct TemplateVariables: Sendable, Hashable, Codable {
    /// In the order of the file.
    public var entries: [TemplateValue.Entry]

    /// Variables.
    public init(_ entries: [TemplateValue.Entry]) { self.entries = entries }

    /// Reads a map of any values.
    public init(from decoder: any Decoder) throws {
        guard let source = decoder as? any TemplateVariableSource else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "variables are read from YAML alone"))
        }
        entries = try source.templateVariables()
    }

    /// Writes a map.
    public func encode(to encoder: any Encoder) throws { try EncodedValue(value: .map(entries)).encode(to: encoder) }
}

/// A decoder that knows what kind of value stands in the file: `5` or `"5"`.
protocol TemplateVariableSource: Decoder {
    func templateVariables() throws -> [TemplateValue.Entry]
}

private struct EncodedValue: Encodable {
    let value: TemplateValue

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        switch value {
        case .map(let entries):
            var container = encoder.container(keyedBy: Key.self)
            for entry in entries {
                try container.encode(EncodedValue(value: entry.value), forKey: Key(stringValue: entry.key))
            }
        case .list(let items): try items.map { EncodedValue(value: $0) }.encode(to: encoder)
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .boolean(let flag): try flag.encode(to: encoder)
        case .integer(let number): try number.encode(to: encoder)
        case .float(let number): try number.encode(to: encoder)
        case .string(let text): try text.encode(to: encoder)
        }
    }
}
