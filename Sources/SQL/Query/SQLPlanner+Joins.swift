import Columnar

/// Steps for the joins of a query.
extension SQLPlanner {
    /// Where a column lies in rows.
    private typealias Places = [SQLColumnName: String]

    /// The joined rows that a query reads; its expressions are rewritten for them.
    mutating func joined(_ select: inout SQLSelect, _ prefix: String) throws(ExpressionError) -> Rows {
        let tree: SQLJoinTree
        let scope: SQLScope
        var conditions: [SQLNode] = []
        if case .product(let sources) = select.source {
            let condition = select.condition
            (tree, scope, conditions) = try self.tree(
                product: sources,
                { scope throws(ExpressionError) in
                    try condition.map { node throws(ExpressionError) in try scope.resolved(node) }?.conjuncts ?? []
                }, prefix)
        } else {
            (tree, scope) = try self.tree(select.source, prefix)
            if let condition = select.condition { conditions = try scope.resolved(condition).conjuncts }
        }
        select.items = try scope.resolved(select.items)
        var groups: [SQLNode] = []
        for group in select.groups { groups.append(try scope.resolved(group)) }
        let having = try select.having.map { node throws(ExpressionError) in try scope.resolved(node) }
        let all = select.items.compactMap(\.value) + groups + conditions + (having.map { [$0] } ?? [])
        let (rows, places) = try emit(tree, needed: all.reduce(into: []) { $0.formUnion($1.columns) }, prefix)

        for index in select.items.indices {
            if let value = select.items[index].value { select.items[index].value = try placed(value, places) }
        }
        select.groups = []
        for group in groups { select.groups.append(try placed(group, places)) }
        select.having = try having.map { node throws(ExpressionError) in try placed(node, places) }
        select.condition = try SQLNode.all(conditions).map { node throws(ExpressionError) in try placed(node, places) }
        return rows
    }

    /// The expression over rows that have its columns at `places`.
    private func placed(_ node: SQLNode, _ places: Places) throws(ExpressionError) -> SQLNode {
        try node.replacingFields { path, node throws(ExpressionError) in
            guard path.count > 1, let place = places[SQLColumnName(table: path[0], field: path[1])] else { return node }
            return SQLNode(kind: .field([place] + path.dropFirst(2)), offset: node.offset)
        }
    }

    // MARK: Steps

    /// Adds the steps of a tree; what comes out has the columns that are `needed` further on, and no more.
    private mutating func emit(
        _ tree: SQLJoinTree, needed: Set<SQLColumnName>, _ prefix: String
    ) throws(ExpressionError) -> (Rows, Places) {
        switch tree {
        case .table(let name, let rows):
            let places = rows.schema.names.map { (SQLColumnName(table: name, field: $0), $0) }
            return (rows, Places(places) { first, _ in first })
        case .join(let join): return try emit(join, needed: needed, prefix)
        }
    }

    private mutating func emit(
        _ join: SQLJoinTree.Join, needed: Set<SQLColumnName>, _ prefix: String
    ) throws(ExpressionError) -> (Rows, Places) {
        let carried = join.rest.reduce(into: needed) { $0.formUnion($1.columns) }
        let compared = join.equalities.flatMap { [$0.left, $0.right] } + join.conditions.left + join.conditions.right
        let read = compared.reduce(into: carried) { $0.formUnion($1.columns) }
        let (left, leftPlaces) = try emit(join.left, needed: read, prefix)
        let (right, rightPlaces) = try emit(join.right, needed: read, prefix)
        let keys = try self.keys(join, (left, leftPlaces), (right, rightPlaces))

        var fields: [SQLJoin.OutputField] = []
        var schema: [Field] = []
        var places = Places()
        func carry(_ index: Int, of rows: Rows, isRight: Bool, as column: SQLColumnName) {
            var field = rows.schema.fields[index]
            if join.kind == .full || join.kind == (isRight ? .left : .right) { field.isNullable = true }
            let name = column.table.isEmpty ? column.field : "\(column.table).\(column.field)"
            field.name = SQLQueryBuilder.unused(name, schema.map(\.name))
            fields.append(.init(isRight: isRight, field: index))
            schema.append(field)
            places[column] = field.name
        }
        for (rows, own, isRight) in [(left, leftPlaces, false), (right, rightPlaces, true)] {
            let columns = own.filter { carried.contains($0.key) }
            let indexed = columns.compactMap { column, place in rows.schema.index(of: place).map { ($0, column) } }
            for (index, column) in indexed.sorted(by: { $0.0 < $1.0 }) {
                carry(index, of: rows, isRight: isRight, as: column)
            }
        }
        // Rows that nobody looks into are counted: they need not be empty.
        if fields.isEmpty, let (column, place) = leftPlaces.min(by: { $0.value < $1.value }),
            let index = left.schema.index(of: place)
        {
            carry(index, of: left, isRight: false, as: column)
        }
        let kind = SQLJoin(
            kind: join.kind, leftKeys: keys.left, rightKeys: keys.right, fields: fields,
            names: [join.left.label, join.right.label])
        let name = prefix + "Join " + join.right.label
        var rows = add(name, .join(kind), [left.source, right.source], Schema(schema), at: join.offset)
        if let rest = SQLNode.all(join.rest) {
            let condition = try SQLQueryBuilder(schema: rows.schema, tables: []).condition(try placed(rest, places))
            rows = add(name + "/On", .filter(condition), [rows.source], rows.schema, at: join.offset)
        }
        return (rows, places)
    }

    // MARK: Keys

    /// What is compared, as values of one type on both sides.
    private func keys(
        _ join: SQLJoinTree.Join, _ left: (rows: Rows, places: Places), _ right: (rows: Rows, places: Places)
    ) throws(ExpressionError) -> (left: [any ColumnExpression], right: [any ColumnExpression]) {
        var keys: (left: [any ColumnExpression], right: [any ColumnExpression]) = ([], [])
        for (number, equality) in join.equalities.enumerated() {
            let (a, b) = (try placed(equality.left, left.places), try placed(equality.right, right.places))
            let builders = [left.rows, right.rows].map { SQLQueryBuilder(schema: $0.schema, tables: []) }
            let types = (
                try builders[0].output(a, named: "").expression.type,
                try builders[1].output(b, named: "").expression.type
            )
            let type = try SQLPlanner.common(types.0, types.1, at: equality.offset)
            // A row that a condition on its side leaves out has a key that is equal to nothing.
            let conditions = number == 0 ? join.conditions : ([], [])
            keys.left.append(try key(a, types.0, as: type, if: conditions.0, left.places, builders[0]))
            keys.right.append(try key(b, types.1, as: type, if: conditions.1, right.places, builders[1]))
        }
        return keys
    }

    private func key(
        _ node: SQLNode, _ own: DataType, as type: DataType, if conditions: [SQLNode], _ places: Places,
        _ builder: SQLQueryBuilder
    ) throws(ExpressionError) -> any ColumnExpression {
        var node = node
        if own != type { node = SQLNode(kind: .cast(node, type), offset: node.offset) }
        if let condition = try SQLNode.all(conditions).map({ node throws(ExpressionError) in try placed(node, places) })
        {
            _ = try builder.condition(condition)
            node = SQLNode(kind: .choice([(condition, node)], otherwise: nil), offset: node.offset)
        } else if own != type, case .cast(let field, _) = node.kind, case .field(let path) = field.kind,
            path.count == 1,
            let field = CompiledExpression.field(path[0], in: builder.schema)
        {
            return field.widened(to: type)
        }
        return try builder.output(node, named: "").expression
    }

    private static func common(_ a: DataType, _ b: DataType, at offset: Int) throws(ExpressionError) -> DataType {
        for type in [a, b] {
            switch type {
            case .list, .map, .structure:
                throw ExpressionError(
                    "rows are not joined by \(type)", at: offset, suggestion: "compare fields of plain values")
            default: break
            }
        }
        guard let type = SQLTyper.common(a, b) else {
            throw ExpressionError("\(a) and \(b) cannot be compared", at: offset, suggestion: "CAST one of them")
        }
        return type
    }
}
