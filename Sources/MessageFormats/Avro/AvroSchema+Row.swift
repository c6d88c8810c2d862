public import Columnar

extension AvroSchema {
    /// A definition of rows of `fields`, as Beam makes one: nullable fields are unions with null behind the type,
    /// timestamps count microseconds.
    public init(row fields: [Field]) {
        var records: [String: [RecordField]] = [:]
        root = Self.record("Row", fields, &records)
        self.records = records
    }

    private static func record(_ name: String, _ fields: [Field], _ records: inout [String: [RecordField]]) -> Kind {
        records[name] = fields.map { field in
            let kind = kind(of: field.type, "\(name).\(field.name)", &records)
            return RecordField(
                name: field.name, kind: field.isNullable && kind != .null ? .union([kind, .null]) : kind)
        }
        return .record(name: name)
    }

    private static func kind(of type: DataType, _ name: String, _ records: inout [String: [RecordField]]) -> Kind {
        switch type {
        case .null: .null
        case .boolean: .boolean
        case .int64: .long
        case .float64: .double
        case .string: .string
        case .bytes: .bytes
        case .timestamp: .timestamp(unit: 1)
        case .list(let element): .array(kind(of: element, name, &records))
        case .map(let value): .map(kind(of: value, name, &records))
        case .structure(let fields): record(name, fields, &records)
        }
    }
}
