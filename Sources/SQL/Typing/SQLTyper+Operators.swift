import Columnar

/// The types of operators, conditions, choices and conversions.
extension SQLTyper {
    mutating func binary(
        _ symbol: String, _ left: SQLNode, _ right: SQLNode, _ node: SQLNode
    ) throws(ExpressionError) -> TypedSQL {
        switch symbol {
        case "AND", "OR":
            let (a, b) = (try boolean(left), try boolean(right))
            return TypedSQL("(\(a.text) \(symbol) \(b.text))", .boolean, isNullable: a.isNullable || b.isNullable)
        case "=", "<>", "<", "<=", ">", ">=":
            let (a, b) = try comparable(left, right, node)
            return TypedSQL("(\(a.text) \(symbol) \(b.text))", .boolean, isNullable: a.isNullable || b.isNullable)
        case "||":
            let (a, b) = (try text(left, "||"), try text(right, "||"))
            return TypedSQL("(\(a.text) || \(b.text))", .string, isNullable: a.isNullable || b.isNullable)
        default:
            let (a, b) = (try number(left), try number(right))
            let type = SQLTyper.common(a.type, b.type) ?? .float64
            let isNullable = a.isNullable || b.isNullable
            let (x, y) = (SQLTyper.widened(a, to: type).text, SQLTyper.widened(b, to: type).text)
            switch symbol {
            case "/": return TypedSQL("st_divide(\(x), \(y))", type, isNullable: isNullable)
            case "%": return TypedSQL("st_remainder(\(x), \(y))", type, isNullable: isNullable)
            default: return TypedSQL("(\(x) \(symbol) \(y))", type, isNullable: isNullable)
            }
        }
    }

    mutating func inList(
        _ operand: SQLNode, _ list: [SQLNode], _ isNegated: Bool, _ node: SQLNode
    ) throws(ExpressionError) -> TypedSQL {
        guard !list.isEmpty else { throw ExpressionError("IN needs at least one value", at: node.offset) }
        let value = try type(operand)
        var texts: [String] = []
        var isNullable = value.isNullable
        for element in list {
            let (_, other) = try comparable(operand, element, node)
            texts.append(other.text)
            isNullable = isNullable || other.isNullable
        }
        return TypedSQL(
            "(\(value.text) \(isNegated ? "NOT " : "")IN (\(texts.joined(separator: ", "))))", .boolean,
            isNullable: isNullable)
    }

    mutating func choice(
        _ branches: [(condition: SQLNode, value: SQLNode)], _ otherwise: SQLNode?, _ node: SQLNode
    ) throws(ExpressionError) -> TypedSQL {
        var values: [TypedSQL] = []
        var conditions: [String] = []
        for branch in branches {
            conditions.append(try boolean(branch.condition).text)
            values.append(try type(branch.value))
        }
        let rest =
            try otherwise.map { node throws(ExpressionError) in try type(node) }
            ?? TypedSQL("NULL", .null, isNullable: true)
        let common = try commonType(values + [rest], "the branches of CASE", node)
        var text = "CASE"
        for (condition, value) in zip(conditions, values) {
            text += " WHEN \(condition) THEN \(SQLTyper.widened(value, to: common).text)"
        }
        text += " ELSE \(SQLTyper.widened(rest, to: common).text) END"
        return TypedSQL("(\(text))", common, isNullable: (values + [rest]).contains(where: \.isNullable))
    }

    func commonType(_ values: [TypedSQL], _ what: String, _ node: SQLNode) throws(ExpressionError) -> DataType {
        var type = DataType.null
        for value in values {
            guard let common = SQLTyper.common(type, value.type) else {
                throw ExpressionError(
                    "\(what) are \(type) and \(value.type)", at: node.offset, suggestion: "CAST one of them")
            }
            type = common
        }
        return type
    }

    mutating func cast(
        _ operand: SQLNode, to type: DataType, _ node: SQLNode
    ) throws(ExpressionError) -> TypedSQL {
        let value = try self.type(operand)
        func given(_ text: String) -> TypedSQL { TypedSQL(text, type, isNullable: value.isNullable) }
        switch (value.type, type) {
        case (.null, _): return given("NULL")
        case (let from, let to) where from == to: return value
        case (.int64, .float64): return given("CAST(\(value.text) AS REAL)")
        case (.float64, .int64): return given("st_whole(\(value.text))")
        case (.int64, .string): return given("CAST(\(value.text) AS TEXT)")
        case (.float64, .string): return given("st_text(\(value.text))")
        case (.boolean, .string): return given("CASE \(value.text) WHEN 1 THEN 'true' WHEN 0 THEN 'false' END")
        case (.timestamp, .string): return given("st_timestamp_text(\(value.text))")
        case (.string, .int64): return given("st_integer(\(value.text))")
        case (.string, .float64): return given("st_number(\(value.text))")
        case (.string, .boolean): return given("st_boolean(\(value.text))")
        case (.string, .timestamp): return given("st_timestamp(\(value.text))")
        case (.boolean, .int64): return given(value.text)
        default: throw ExpressionError("\(value.type) cannot be cast to \(type)", at: node.offset)
        }
    }

    mutating func extract(
        _ unit: String, _ operand: SQLNode, _ node: SQLNode
    ) throws(ExpressionError) -> TypedSQL {
        let value = try type(operand)
        guard [.timestamp, .null].contains(value.type) else {
            throw mismatch("EXTRACT takes a timestamp", value.type, operand)
        }
        guard SQLTime.units.contains(unit) else {
            throw ExpressionError(
                "'\(unit)' is not a unit of time", at: node.offset, unknown: .init(name: unit, known: SQLTime.units))
        }
        return TypedSQL("st_extract('\(unit)', \(value.text))", .int64, isNullable: value.isNullable)
    }
}
