import Columnar

/// What a `FROM` with several tables means: names, and which condition joins what.
extension SQLPlanner {
    /// The tree of a source, and the names that it brings.
    mutating func tree(
        _ source: SQLSource, _ prefix: String
    ) throws(ExpressionError) -> (tree: SQLJoinTree, scope: SQLScope) {
        switch source {
        case .table, .query, .product:
            let (rows, names) = try leaf(source, prefix)
            let name = names.first ?? ""
            return (.table(name: name, rows), SQLScope(.init(name: name, schema: rows.schema)))
        case .join(let kind, let left, let right, let condition, let offset):
            let (a, leftScope) = try tree(left, prefix)
            let (b, rightScope) = try tree(right, prefix)
            var scope = try leftScope.joined(with: rightScope, at: right.offset)
            let kind = SQLJoin.Kind(rawValue: kind.rawValue) ?? .inner
            switch condition {
            case .on(let condition):
                let conditions = try scope.resolved(condition).conjuncts
                return (.join(try .init(kind, a, b, on: conditions, at: offset)), scope)
            case .using(let columns):
                var equalities: [SQLJoinTree.Equality] = []
                for (name, offset) in columns {
                    let field = SQLNode(kind: .field([name]), offset: offset)
                    let sides = (left: try leftScope.resolved(field), right: try rightScope.resolved(field))
                    equalities.append(.init(left: sides.left, right: sides.right, offset: offset))
                    let value =
                        switch kind {
                        case .inner, .left: sides.left
                        case .right: sides.right
                        case .full:
                            SQLNode(
                                kind: .call("COALESCE", [sides.left, sides.right], isDistinct: false), offset: offset)
                        }
                    scope.merge(
                        .init(name: name, value: value, columns: Array(sides.left.columns.union(sides.right.columns))))
                }
                let join = SQLJoinTree.Join(
                    kind: kind, left: a, right: b, equalities: equalities, conditions: ([], []), rest: [],
                    offset: offset)
                return (.join(join), scope)
            }
        }
    }

    /// The tree of sources with commas between them; what of the conditions joins them is taken away.
    mutating func tree(
        product sources: [SQLSource], _ conditions: (SQLScope) throws(ExpressionError) -> [SQLNode], _ prefix: String
    ) throws(ExpressionError) -> (tree: SQLJoinTree, scope: SQLScope, conditions: [SQLNode]) {
        var (tree, scope) = try self.tree(sources[0], prefix)
        var waiting: [(tree: SQLJoinTree, offset: Int)] = []
        for source in sources.dropFirst() {
            let (next, names) = try self.tree(source, prefix)
            scope = try scope.joined(with: names, at: source.offset)
            waiting.append((next, source.offset))
        }
        var rest = try conditions(scope)
        while !waiting.isEmpty {
            // Each with those before it, or with what comes later where only that is equal to something of it.
            var found: (number: Int, join: SQLJoinTree.Join)?
            for (number, other) in waiting.enumerated() where found == nil {
                let equalities = rest.filter { condition in
                    guard case .binary("=", _, _) = condition.kind else { return false }
                    let names = Set(condition.columns.map(\.table))
                    return names.isSubset(of: tree.tables + other.tree.tables)
                }
                let join = try? SQLJoinTree.Join(.inner, tree, other.tree, on: equalities, at: other.offset)
                if let join { found = (number, join) }
            }
            guard let (number, join) = found else {
                let other = waiting[0]
                throw ExpressionError(
                    "nothing in WHERE joins '\(other.tree.label)' with '\(tree.label)'", at: other.offset,
                    suggestion:
                        "rows are joined where fields are equal: write 'JOIN \(other.tree.label) ON a.id = b.id'")
            }
            let used = Set(join.equalities.map(\.offset))
            var only = join
            // Conditions on one side, or not of this form, stay in WHERE.
            (only.conditions, only.rest) = (([], []), [])
            rest.removeAll { if case .binary("=", _, _) = $0.kind { used.contains($0.offset) } else { false } }
            tree = .join(only)
            waiting.remove(at: number)
        }
        return (tree, scope, rest)
    }
}
