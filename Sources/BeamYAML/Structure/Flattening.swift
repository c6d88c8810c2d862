import Columnar

/// How collections of different fields become one: it has all of their fields, and a row has nulls for those it lacks.
enum Flattening {
    /// What is known of the union; nil when a field has two types, or an input is not known.
    static func rows(of inputs: [Rows?], at place: Place, _ findings: Findings) -> Rows? {
        let known = inputs.compactMap { $0 }
        guard known.count == inputs.count, var result = known.first else { return nil }
        var fields = result.schema.fields
        var isRight = true
        for rows in known.dropFirst() {
            for field in rows.schema.fields {
                guard let index = fields.firstIndex(where: { $0.name == field.name }) else {
                    fields.append(Field(field.name, field.type))
                    continue
                }
                fields[index].isNullable = fields[index].isNullable || field.isNullable
                if let type = united(fields[index].type, field.type) {
                    fields[index].type = type
                } else {
                    findings.error(
                        "the inputs have '\(field.name)' as \(fields[index].type) and as \(field.type)", at: place,
                        suggestion: "make them one type with MapToFields")
                    isRight = false
                }
            }
            result.isUnbounded = result.isUnbounded || rows.isUnbounded
            result.schemaLostBy = result.schemaLostBy ?? rows.schemaLostBy
            result.possiblyAbsent.formUnion(rows.possiblyAbsent)
        }
        for index in fields.indices where !known.allSatisfy({ $0.schema.index(of: fields[index].name) != nil }) {
            fields[index].isNullable = true
        }
        result.schema = Schema(fields)
        return isRight ? result : nil
    }

    /// The values for the fields of `target` out of rows of `source`.
    static func expressions(from source: Schema, to target: Schema) -> [any ColumnExpression]? {
        target.fields.map { field in
            CompiledExpression.field(field.name, in: source)?.widened(to: field.type)
                ?? CompiledExpression.constant(.null, field.type)
        }
    }

    private static func united(_ a: DataType, _ b: DataType) -> DataType? {
        if a == b || b == .null { return a }
        if a == .null { return b }
        if case .structure(let own) = a, case .structure(let others) = b { return united(own, others) }
        if case .list(let own) = a, case .list(let other) = b { return united(own, other).map { .list($0) } }
        return Set([a, b]) == [.int64, .float64] ? .float64 : nil
    }

    /// The fields of both, as of the collections themselves: so error outputs of several transforms become one.
    private static func united(_ own: [Field], _ others: [Field]) -> DataType? {
        var fields = own
        for index in fields.indices where !others.contains(where: { $0.name == fields[index].name }) {
            fields[index].isNullable = true
        }
        for other in others {
            guard let index = fields.firstIndex(where: { $0.name == other.name }) else {
                fields.append(Field(other.name, other.type))
                continue
            }
            guard let type = united(fields[index].type, other.type) else { return nil }
            fields[index].type = type
            fields[index].isNullable = fields[index].isNullable || other.isNullable
        }
        return .structure(fields)
    }
}
