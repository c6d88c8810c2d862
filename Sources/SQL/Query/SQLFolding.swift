import Columnar

/// Rewrites what a query with groups selects into expressions over the folded rows, and collects the folds on the way.
struct SQLFolding {
    let builder: SQLQueryBuilder
    /// The expressions of `GROUP BY`, in canonical form.
    let groups: [String]
    /// The fields of these in the folded rows.
    let keys: [String]
    private(set) var aggregates: [SQLQuery.Aggregate] = []
    /// By canonical form, so that none is folded twice.
    private var known: [String: String] = [:]

    init(builder: SQLQueryBuilder, groups: [String], keys: [String]) {
        self.builder = builder
        self.groups = groups
        self.keys = keys
    }

    mutating func rewritten(_ node: SQLNode) throws(ExpressionError) -> SQLNode {
        switch node.kind {
        case .literal: return node
        case .countRows:
            return field(
                try fold(.count, SQLNode(kind: .literal(.int64(1), .int64), offset: node.offset), of: nil), node.offset)
        case .call(let name, let arguments, let isDistinct):
            guard let aggregate = SQLAggregate(rawValue: name) else { break }
            return try folded(aggregate, arguments, isDistinct: isDistinct, node)
        default: break
        }
        if !SQLQueryBuilder.hasAggregate(node), let index = groups.firstIndex(of: try builder.canonical(node)) {
            return field(keys[index], node.offset)
        }
        if case .field(let path) = node.kind {
            throw ExpressionError(
                "'\(path.joined(separator: "."))' is neither in GROUP BY nor in an aggregate", at: node.offset,
                suggestion: "add it to GROUP BY, or take its MIN or MAX")
        }
        var children: [SQLNode] = []
        for child in node.children { children.append(try rewritten(child)) }
        return node.replacing(children)
    }

    private mutating func folded(
        _ aggregate: SQLAggregate, _ arguments: [SQLNode], isDistinct: Bool, _ node: SQLNode
    ) throws(ExpressionError) -> SQLNode {
        let name = aggregate.rawValue
        guard arguments.count == 1 else {
            throw ExpressionError("\(name) takes one argument, not \(arguments.count)", at: node.offset)
        }
        if isDistinct, [.sum, .average].contains(aggregate) {
            throw ExpressionError(
                "\(name)(DISTINCT …) is not supported", at: node.offset,
                suggestion: "fold what a query with DISTINCT gives: FROM (SELECT DISTINCT …)")
        }
        let argument = arguments[0]
        if SQLQueryBuilder.hasAggregate(argument) {
            throw ExpressionError("an aggregate cannot stand inside another", at: argument.offset)
        }
        let offset = node.offset
        let value = try builder.output(argument, named: "value")
        if [.sum, .average].contains(aggregate), ![.int64, .float64].contains(value.expression.type) {
            throw ExpressionError("\(name) takes numbers, not \(value.expression.type)", at: argument.offset)
        }
        switch aggregate {
        case .count where isDistinct:
            switch value.expression.type {
            case .list, .map, .structure:
                throw ExpressionError(
                    "COUNT(DISTINCT …) takes plain values, not \(value.expression.type)", at: argument.offset)
            default: return field(try fold(.countDistinct, argument, of: argument), offset)
            }
        case .count where !value.isNullable:
            return field(try fold(.count, SQLNode(kind: .literal(.int64(1), .int64), offset: offset), of: nil), offset)
        case .count: return field(try fold(.sum, presence(argument), of: argument, as: "COUNT"), offset)
        case .minimum: return field(try fold(.minimum, argument, of: argument), offset)
        case .maximum: return field(try fold(.maximum, argument, of: argument), offset)
        case .sum, .average:
            let total = field(
                try fold(.sum, value.isNullable ? orZero(argument, value) : argument, of: argument), offset)
            guard value.isNullable || aggregate == .average else { return total }
            let count = field(
                value.isNullable
                    ? try fold(.sum, presence(argument), of: argument, as: "COUNT")
                    : try fold(.count, SQLNode(kind: .literal(.int64(1), .int64), offset: offset), of: nil), offset)
            let zero = SQLNode(kind: .literal(.int64(0), .int64), offset: offset)
            let isEmpty = SQLNode(kind: .binary("=", count, zero), offset: offset)
            // The mean of whole numbers is a whole number, as in Beam SQL.
            let result = aggregate == .sum ? total : SQLNode(kind: .binary("/", total, count), offset: offset)
            guard value.isNullable else { return result }
            let null = SQLNode(kind: .literal(.null, .null), offset: offset)
            return SQLNode(kind: .choice([(isEmpty, null)], otherwise: result), offset: offset)
        }
    }

    /// 1 for a value, 0 for a null.
    private func presence(_ node: SQLNode) -> SQLNode {
        let (one, zero) = (literal(1, node), literal(0, node))
        let isNull = SQLNode(kind: .isNull(node, isNegated: false), offset: node.offset)
        return SQLNode(kind: .choice([(isNull, zero)], otherwise: one), offset: node.offset)
    }

    private func orZero(_ node: SQLNode, _ value: SQLQuery.Output) -> SQLNode {
        let zero =
            value.expression.type == .float64
            ? SQLNode(kind: .literal(.float64(0), .float64), offset: node.offset) : literal(0, node)
        return SQLNode(kind: .call("COALESCE", [node, zero], isDistinct: false), offset: node.offset)
    }

    private func literal(_ value: Int64, _ node: SQLNode) -> SQLNode {
        SQLNode(kind: .literal(.int64(value), .int64), offset: node.offset)
    }

    private func field(_ name: String, _ offset: Int) -> SQLNode { SQLNode(kind: .field([name]), offset: offset) }

    /// The field with the fold of a value. People see its name in the graph: `SUM(price)`, of the argument as written.
    private mutating func fold(
        _ fold: SQLQuery.Fold, _ node: SQLNode, of argument: SQLNode?, as function: String? = nil
    ) throws(ExpressionError) -> String {
        let form = "\(fold) " + (try builder.canonical(node))
        if let name = known[form] { return name }
        var name = "fold\(aggregates.count)"
        switch argument?.kind {
        case nil: name = "COUNT(*)"
        case .field(let path):
            let text = path.joined(separator: ".")
            name = fold == .countDistinct ? "COUNT(DISTINCT \(text))" : "\(function ?? fold.name)(\(text))"
        default: break
        }
        if keys.contains(name) || aggregates.contains(where: { $0.name == name }) { name = "fold\(aggregates.count)" }
        known[form] = name
        aggregates.append(
            SQLQuery.Aggregate(name: name, fold: fold, value: try builder.output(node, named: name)))
        return name
    }
}

extension SQLQuery.Fold {
    fileprivate var name: String {
        switch self {
        case .sum: "SUM"
        case .count, .countDistinct: "COUNT"
        case .minimum: "MIN"
        case .maximum: "MAX"
        }
    }
}
