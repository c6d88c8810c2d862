import Columnar

/// Compiles the parts of a query.
struct SQLQueryBuilder {
    let schema: Schema
    let tables: Set<String>

    func condition(_ node: SQLNode) throws(ExpressionError) -> SQLExpression {
        let condition = try SQLExpression(node, over: schema, tables: tables)
        guard [.boolean, .null].contains(condition.type) else {
            throw ExpressionError("this is to be a condition, not \(condition.type)", at: node.offset)
        }
        return condition
    }

    // MARK: Rows

    func outputs(_ items: [SQLSelect.Item]) throws(ExpressionError) -> [SQLQuery.Output] {
        var outputs: [SQLQuery.Output] = []
        for (index, item) in items.enumerated() {
            guard let value = item.value else {
                for field in schema.fields { outputs.append(try passed(field.name, item.offset)) }
                continue
            }
            outputs.append(try output(value, named: item.name ?? SQLQueryBuilder.name(value, index)))
        }
        try SQLQueryBuilder.checkNames(outputs, items)
        return outputs
    }

    /// A field as it is, of whatever type, or an expression.
    func output(_ node: SQLNode, named name: String) throws(ExpressionError) -> SQLQuery.Output {
        if case .field(let written) = node.kind {
            let path = resolved(written)
            if let field = FieldExpression(path, in: schema), field.type != .null {
                return SQLQuery.Output(name: name, expression: field, isNullable: isNullable(path))
            }
        }
        let expression = try SQLExpression(node, over: schema, tables: tables)
        return SQLQuery.Output(name: name, expression: expression, isNullable: expression.isNullable)
    }

    /// The path without the input's name.
    private func resolved(_ path: [String]) -> [String] {
        guard path.count > 1, schema.index(of: path[0]) == nil,
            tables.contains(where: { $0.uppercased() == path[0].uppercased() })
        else { return path }
        return Array(path.dropFirst())
    }

    private func passed(_ name: String, _ offset: Int) throws(ExpressionError) -> SQLQuery.Output {
        try output(SQLNode(kind: .field([name]), offset: offset), named: name)
    }

    private func isNullable(_ path: [String]) -> Bool {
        var fields = schema.fields
        for name in path {
            guard let field = fields.first(where: { $0.name == name }) else { return true }
            if field.isNullable { return true }
            if case .structure(let inner) = field.type { fields = inner }
        }
        return false
    }

    private static func name(_ node: SQLNode, _ index: Int) -> String {
        if case .field(let path) = node.kind, let last = path.last { return last }
        return "EXPR$\(index)"
    }

    private static func checkNames(_ outputs: [SQLQuery.Output], _ items: [SQLSelect.Item]) throws(ExpressionError) {
        var names: Set<String> = []
        for output in outputs where !names.insert(output.name).inserted {
            throw ExpressionError(
                "two fields of the result are called '\(output.name)'", at: items[0].offset,
                suggestion: "name one of them with AS")
        }
    }

    // MARK: Groups

    func distinct(_ outputs: [SQLQuery.Output]) throws(ExpressionError) -> (SQLQuery.Grouping, [SQLQuery.Output]) {
        let grouped = Schema(outputs.map { Field($0.name, $0.expression.type, isNullable: $0.isNullable) })
        let builder = SQLQueryBuilder(schema: grouped, tables: tables)
        var results: [SQLQuery.Output] = []
        for output in outputs { results.append(try builder.passed(output.name, 0)) }
        return (SQLQuery.Grouping(keys: outputs, aggregates: [], having: nil), results)
    }

    func grouped(_ select: SQLSelect) throws(ExpressionError) -> (SQLQuery.Grouping, [SQLQuery.Output]) {
        var keys: [SQLQuery.Output] = []
        for (index, group) in select.groups.enumerated() {
            if case .literal = group.kind {
                throw ExpressionError(
                    "rows cannot be grouped by a literal", at: group.offset, suggestion: "name the field")
            }
            keys.append(try output(group, named: keyName(group, index, taken: keys.map(\.name))))
        }
        let canonical = try select.groups.map { node throws(ExpressionError) in try self.canonical(node) }
        var folding = SQLFolding(builder: self, groups: canonical, keys: keys.map(\.name))
        var nodes: [(SQLNode, String)] = []
        for (index, item) in select.items.enumerated() {
            guard let value = item.value else {
                throw ExpressionError(
                    "'*' cannot stand in a query with groups", at: item.offset,
                    suggestion: "name the fields of GROUP BY and the aggregates")
            }
            nodes.append((try folding.rewritten(value), item.name ?? SQLQueryBuilder.name(value, index)))
        }
        let having = try select.having.map { node throws(ExpressionError) in try folding.rewritten(node) }
        var fields = keys.map { Field($0.name, $0.expression.type, isNullable: $0.isNullable) }
        for aggregate in folding.aggregates {
            let type: DataType = aggregate.fold == .count ? .int64 : aggregate.value.expression.type
            let isNullable = [.minimum, .maximum].contains(aggregate.fold) && aggregate.value.isNullable
            fields.append(Field(aggregate.name, type, isNullable: isNullable))
        }
        let result = SQLQueryBuilder(schema: Schema(fields), tables: [])
        var outputs: [SQLQuery.Output] = []
        for (node, name) in nodes { outputs.append(try result.output(node, named: name)) }
        try SQLQueryBuilder.checkNames(outputs, select.items)
        let kept = try having.map { node throws(ExpressionError) in try result.condition(node) }
        return (SQLQuery.Grouping(keys: keys, aggregates: folding.aggregates, having: kept), outputs)
    }

    /// What people see in the graph: the field's name where it is one.
    private func keyName(_ node: SQLNode, _ index: Int, taken: [String]) -> String {
        guard case .field(let path) = node.kind, let name = path.last, !taken.contains(name) else {
            return "key\(index)"
        }
        return name
    }

    /// The same text for expressions that mean the same field for field.
    func canonical(_ node: SQLNode) throws(ExpressionError) -> String {
        if case .field(let path) = node.kind {
            return resolved(path).joined(separator: ".")
        }
        var typer = SQLTyper(schema: schema, tables: tables)
        let typed = try typer.type(node)
        return typed.text + " " + typer.paths.map { $0.joined(separator: ".") }.joined(separator: " ")
    }

    static func hasAggregate(_ node: SQLNode) -> Bool {
        switch node.kind {
        case .countRows: true
        case .call(let name, _, _) where SQLAggregate(rawValue: name) != nil: true
        default: node.children.contains(where: hasAggregate)
        }
    }
}
