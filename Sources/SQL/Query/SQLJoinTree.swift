import Columnar

/// Tables and joins of them, with the conditions sorted by what they can do.
indirect enum SQLJoinTree {
    /// An equality between the sides of a join.
    struct Equality {
        var left: SQLNode
        var right: SQLNode
        var offset: Int
    }

    struct Join {
        var kind: SQLJoin.Kind
        var left: SQLJoinTree
        var right: SQLJoinTree
        var equalities: [Equality]
        /// Conditions on rows of one side: a row that does not fulfil them has no partner.
        var conditions: (left: [SQLNode], right: [SQLNode])
        /// Conditions on pairs, of an inner join.
        var rest: [SQLNode]
        var offset: Int
    }

    case table(name: String, SQLPlanner.Rows)
    case join(Join)

    /// The names of its tables, in their order.
    var tables: [String] {
        switch self {
        case .table(let name, _): [name]
        case .join(let join): join.left.tables + join.right.tables
        }
    }

    /// For people.
    var label: String { tables.map { $0.isEmpty ? "a query" : $0 }.joined(separator: " and ") }
}

extension SQLJoinTree.Join {
    /// Sorts what `ON` puts together. Throws for what a join cannot compare.
    init(
        _ kind: SQLJoin.Kind, _ left: SQLJoinTree, _ right: SQLJoinTree, on conditions: [SQLNode], at offset: Int
    ) throws(ExpressionError) {
        self.init(
            kind: kind, left: left, right: right, equalities: [], conditions: ([], []), rest: [], offset: offset)
        for condition in conditions {
            switch side(of: condition) {
            case .left: self.conditions.left.append(condition)
            case .right: self.conditions.right.append(condition)
            case .both:
                if let equality = equality(condition) {
                    equalities.append(equality)
                } else {
                    rest.append(condition)
                }
            }
        }
        if equalities.isEmpty {
            throw ExpressionError(
                "no equality joins '\(right.label)' with '\(left.label)'", at: rest.first?.offset ?? offset,
                suggestion:
                    "rows are joined where fields are equal: write 'ON a.id = b.id'; other conditions may follow")
        }
        if kind != .inner, let condition = rest.first {
            throw ExpressionError(
                "an outer join compares its two sides by equality alone", at: condition.offset,
                suggestion: "use an inner join, or compute the condition from one side")
        }
    }

    private enum Side { case left, right, both }

    private func side(of node: SQLNode) -> Side {
        let names = node.columns.map(\.table)
        if names.allSatisfy({ left.tables.contains($0) }) { return .left }
        return names.allSatisfy { right.tables.contains($0) } ? .right : .both
    }

    private func equality(_ node: SQLNode) -> SQLJoinTree.Equality? {
        guard case .binary("=", let a, let b) = node.kind, !a.columns.isEmpty, !b.columns.isEmpty else { return nil }
        return switch (side(of: a), side(of: b)) {
        case (.left, .right): .init(left: a, right: b, offset: node.offset)
        case (.right, .left): .init(left: b, right: a, offset: node.offset)
        default: nil
        }
    }
}
