import Columnar
import Time

/// An expression as the embedded engine takes it.
struct TypedSQL {
    /// SQL with parameters `?1`, `?2`, … for fields.
    var text: String
    var type: DataType
    var isNullable: Bool

    init(_ text: String, _ type: DataType, isNullable: Bool) {
        self.text = text
        self.type = type
        self.isNullable = isNullable
    }
}

/// Finds the type of an expression over the fields of a schema and writes it for the embedded engine, whose own rules
/// (types by value, `NULL` for a division by zero, a float for a sum that is too large) are not those of SQL.
struct SQLTyper {
    let schema: Schema
    /// What the input may be called.
    let tables: Set<String>
    /// The fields that were read, in the order of their parameters.
    private(set) var paths: [[String]] = []

    init(schema: Schema, tables: Set<String> = ["PCOLLECTION"]) {
        self.schema = schema
        self.tables = tables
    }

    mutating func type(_ node: SQLNode) throws(ExpressionError) -> TypedSQL {
        switch node.kind {
        case .literal(let value, let type): return literal(value, type)
        case .field(let path): return try field(path, node)
        case .unary("NOT", let operand):
            let value = try boolean(operand)
            return TypedSQL("(NOT \(value.text))", .boolean, isNullable: value.isNullable)
        case .unary(_, let operand):
            let value = try number(operand)
            return TypedSQL("(-\(value.text))", value.type, isNullable: value.isNullable)
        case .binary(let symbol, let left, let right): return try binary(symbol, left, right, node)
        case .isNull(let operand, let isNegated):
            let value = try type(operand)
            return TypedSQL("(\(value.text) IS \(isNegated ? "NOT " : "")NULL)", .boolean, isNullable: false)
        case .isTruth(let operand, let truth, let isNegated):
            let value = try boolean(operand)
            return TypedSQL(
                "(\(value.text) IS \(isNegated ? "NOT " : "")\(truth ? 1 : 0))", .boolean, isNullable: false)
        case .inList(let operand, let list, let isNegated): return try inList(operand, list, isNegated, node)
        case .between(let operand, let low, let high, let isNegated):
            let (a, b) = try comparable(operand, low, node)
            let (c, d) = try comparable(operand, high, node)
            let text = "(\(a.text) >= \(b.text) AND \(c.text) <= \(d.text))"
            return TypedSQL(
                isNegated ? "(NOT \(text))" : text, .boolean,
                isNullable: a.isNullable || b.isNullable || d.isNullable)
        case .like(let operand, let pattern, let escape, let isNegated):
            let (value, mask) = (try text(operand, "LIKE"), try text(pattern, "LIKE"))
            let suffix = try escape.map { escape throws(ExpressionError) in
                " ESCAPE " + (try text(escape, "ESCAPE").text)
            }
            return TypedSQL(
                "(\(value.text) \(isNegated ? "NOT " : "")LIKE \(mask.text)\(suffix ?? ""))", .boolean,
                isNullable: value.isNullable || mask.isNullable)
        case .choice(let branches, let otherwise): return try choice(branches, otherwise, node)
        case .cast(let operand, let type): return try cast(operand, to: type, node)
        case .extract(let unit, let operand): return try extract(unit, operand, node)
        case .call(let name, let arguments, _):
            if SQLAggregate(rawValue: name) != nil { throw aggregateHere(node) }
            return try call(name, arguments, node)
        case .countRows: throw aggregateHere(node)
        }
    }

    private func aggregateHere(_ node: SQLNode) -> ExpressionError {
        ExpressionError(
            "an aggregate cannot stand here", at: node.offset,
            suggestion: "aggregates stand in the select list and in HAVING of the Sql transform; use Combine elsewhere")
    }

    // MARK: Leaves

    private func literal(_ value: Scalar, _ type: DataType) -> TypedSQL {
        switch value {
        case .boolean(let value): TypedSQL(value ? "1" : "0", type, isNullable: false)
        case .int64(let value): TypedSQL(String(value), type, isNullable: false)
        case .float64(let value): TypedSQL("\(value)", type, isNullable: false)
        case .string(let value): TypedSQL(SQLTyper.quoted(value), type, isNullable: false)
        case .timestamp(let value): TypedSQL(String(value.micros), type, isNullable: false)
        default: TypedSQL("NULL", .null, isNullable: true)
        }
    }

    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    private mutating func field(_ path: [String], _ node: SQLNode) throws(ExpressionError) -> TypedSQL {
        var path = path
        if path.count > 1, tables.contains(where: { $0.uppercased() == path[0].uppercased() }),
            schema.index(of: path[0]) == nil
        {
            path.removeFirst()
        }
        var fields = schema.fields
        var isNullable = false
        var type = DataType.null
        for (depth, name) in path.enumerated() {
            guard let field = fields.first(where: { $0.name == name }) else {
                let owner = depth == 0 ? "the row" : "'\(path[depth - 1])'"
                throw ExpressionError(
                    "\(owner) has no field '\(name)'", at: node.offset,
                    suggestion: fields.isEmpty ? nil : "fields are \(fields.map(\.name).joined(separator: ", "))",
                    unknown: .init(name: name, known: fields.map(\.name)))
            }
            isNullable = isNullable || field.isNullable
            type = field.type
            if case .structure(let inner) = type { fields = inner } else { fields = [] }
        }
        switch type {
        case .list, .map, .structure:
            throw ExpressionError(
                "'\(path.joined(separator: "."))' is \(type), which SQL cannot use here", at: node.offset,
                suggestion: "name one of its fields, or write this part in 'language: python'")
        default: break
        }
        let number: Int
        if let known = paths.firstIndex(of: path) {
            number = known + 1
        } else {
            paths.append(path)
            number = paths.count
        }
        return TypedSQL("?\(number)", type, isNullable: isNullable || type == .null)
    }

    // MARK: Operands

    func mismatch(_ what: String, _ type: DataType, _ node: SQLNode) -> ExpressionError {
        ExpressionError("\(what), not \(type)", at: node.offset)
    }

    mutating func boolean(_ node: SQLNode) throws(ExpressionError) -> TypedSQL {
        let value = try type(node)
        guard [.boolean, .null].contains(value.type) else {
            throw mismatch("this is to be a condition", value.type, node)
        }
        return value
    }

    mutating func number(_ node: SQLNode) throws(ExpressionError) -> TypedSQL {
        let value = try type(node)
        guard [.int64, .float64, .null].contains(value.type) else {
            throw mismatch("this is to be a number", value.type, node)
        }
        return value
    }

    mutating func text(_ node: SQLNode, _ what: String) throws(ExpressionError) -> TypedSQL {
        let value = try type(node)
        guard [.string, .null].contains(value.type) else { throw mismatch("\(what) takes text", value.type, node) }
        return value
    }

    /// Two values of one type: numbers widen, and a text beside a timestamp is read as one.
    private mutating func comparable(
        _ left: SQLNode, _ right: SQLNode, _ node: SQLNode
    ) throws(ExpressionError) -> (TypedSQL, TypedSQL) {
        let (a, b) = (try type(left), try type(right))
        if a.type == .timestamp, b.type == .string { return (a, asTimestamp(b)) }
        if a.type == .string, b.type == .timestamp { return (asTimestamp(a), b) }
        guard SQLTyper.common(a.type, b.type) != nil else {
            throw ExpressionError(
                "\(a.type) and \(b.type) cannot be compared", at: node.offset, suggestion: "CAST one of them")
        }
        return (a, b)
    }

    private func asTimestamp(_ value: TypedSQL) -> TypedSQL {
        TypedSQL("st_timestamp(\(value.text))", .timestamp, isNullable: value.isNullable)
    }

    /// The type that values of both types have; nil when there is none.
    static func common(_ a: DataType, _ b: DataType) -> DataType? {
        if a == b || b == .null { return a }
        if a == .null { return b }
        let numbers: [DataType] = [.int64, .float64]
        return numbers.contains(a) && numbers.contains(b) ? .float64 : nil
    }

    /// The value as a float where `type` is one.
    static func widened(_ value: TypedSQL, to type: DataType) -> TypedSQL {
        guard type == .float64, value.type == .int64 else { return value }
        return TypedSQL("CAST(\(value.text) AS REAL)", .float64, isNullable: value.isNullable)
    }

    // MARK: Operators

    private mutating func binary(
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

    private mutating func inList(
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

    private mutating func choice(
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

    // MARK: Conversions

    private mutating func cast(
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

    private mutating func extract(
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
