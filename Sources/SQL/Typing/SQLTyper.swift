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
    mutating func comparable(
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
}
