import Columnar
import Dataflow

/// `Create`: rows that stand in the file.
enum CreateTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        _ = context.config.boolean("reshuffle")
        guard let value = context.config.required("elements") else { return nil }
        guard let elements = value.list else {
            context.findings.error("'elements' is a list, not \(value.kind)", at: value.place)
            return nil
        }
        let literals = LiteralRows(context.findings)
        guard let (schema, rows) = literals.read(elements) else { return nil }
        return CompiledTransform(operation: .create(Batch(schema, rows: rows)), rows: Rows(schema: schema))
    }
}

/// Values of the file as rows: maps are rows, anything else is a row with the one field `element`.
private struct LiteralRows {
    let findings: Findings

    init(_ findings: Findings) { self.findings = findings }

    func read(_ elements: [Value]) -> (Schema, [[Scalar]])? {
        var type = DataType.structure([])
        for element in elements {
            guard let own = self.type(of: element) else { return nil }
            let row: DataType =
                if case .structure = own { own } else { .structure([Field("element", own, isNullable: own == .null)]) }
            guard let united = united(type, row, at: element.place) else { return nil }
            type = united
        }
        guard case .structure(var fields) = type else { return nil }
        let rows = elements.map { element -> [Scalar] in
            if element.entries == nil {
                return fields.map { $0.name == "element" ? scalar(element, $0.type) : .null }
            }
            if case .structure(let members) = scalar(element, type) { return members }
            return fields.map { _ in .null }
        }
        for (index, field) in fields.enumerated() {
            fields[index] = Field(field.name, field.type, isNullable: rows.contains { $0[index] == .null })
        }
        return (Schema(fields), rows)
    }

    // MARK: Types

    private func type(of value: Value) -> DataType? {
        if let entries = value.entries {
            var fields: [Field] = []
            for (key, _, member) in entries {
                guard let type = type(of: member) else { return nil }
                fields.append(Field(key, type))
            }
            return .structure(fields)
        }
        if let list = value.list {
            var element = DataType.null
            for member in list {
                guard let type = type(of: member), let united = united(element, type, at: member.place) else {
                    return nil
                }
                element = united
            }
            return .list(element)
        }
        switch value.scalar {
        case .null?: return .null
        case .boolean?: return .boolean
        case .integer?: return .int64
        case .float?: return .float64
        case .string?: return .string
        case .date?:
            findings.error(
                "a date is not supported as a value", at: value.place, suggestion: "put it in quotes for text")
            return nil
        case nil:
            findings.error("\(value.kind) is not supported as a value", at: value.place)
            return nil
        }
    }

    /// A type for values of both, or a complaint.
    private func united(_ a: DataType, _ b: DataType, at place: Place) -> DataType? {
        switch (a, b) {
        case _ where a == b: return a
        case (.null, _): return b
        case (_, .null): return a
        case (.int64, .float64), (.float64, .int64): return .float64
        case (.list(let x), .list(let y)): return united(x, y, at: place).map { .list($0) }
        case (.structure(var fields), .structure(let others)):
            for other in others {
                guard let index = fields.firstIndex(where: { $0.name == other.name }) else {
                    fields.append(other)
                    continue
                }
                guard let type = united(fields[index].type, other.type, at: place) else { return nil }
                fields[index].type = type
            }
            return .structure(fields)
        default:
            findings.error("the values are \(a) and \(b); a field has one type", at: place)
            return nil
        }
    }

    // MARK: Values

    private func scalar(_ value: Value, _ type: DataType) -> Scalar {
        if let entries = value.entries, case .structure(let fields) = type {
            return .structure(
                fields.map { field in
                    entries.first { $0.key == field.name }.map { scalar($0.value, field.type) } ?? .null
                })
        }
        if let list = value.list, case .list(let element) = type { return .list(list.map { scalar($0, element) }) }
        switch value.scalar {
        case .boolean(let flag)?: return .boolean(flag)
        case .integer(let number)?: return type == .float64 ? .float64(Double(number)) : .int64(number)
        case .float(let number)?: return .float64(number)
        case .string(let text)?: return .string(text)
        default: return .null
        }
    }
}
