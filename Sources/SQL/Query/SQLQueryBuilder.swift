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

    func outputs(_ items: [SQLSelect.Item]) throws(ExpressionError) -> ([SQLQuery.Output], [ExpressionError]) {
        var outputs: [(SQLQuery.Output, Int)] = []
        for (index, item) in items.enumerated() {
            guard let value = item.value else {
                for field in schema.fields { outputs.append((try passed(field.name, item.offset), item.offset)) }
                continue
            }
            outputs.append((try output(value, named: item.name ?? SQLQueryBuilder.name(value, index)), item.offset))
        }
        return SQLQueryBuilder.numbered(outputs)
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

    /// What a field without an alias is called: as the field that it is, or as Calcite calls it.
    static func name(_ node: SQLNode, _ index: Int) -> String {
        if case .field(let path) = node.kind, let last = path.last { return last }
        return "EXPR$\(index)"
    }

    /// The name with the first number from 0 on that makes it a new one.
    static func unused(_ name: String, _ taken: [String]) -> String {
        var (candidate, number) = (name, 0)
        while taken.contains(candidate) {
            candidate = "\(name)\(number)"
            number += 1
        }
        return candidate
    }

    /// Fields of one name get numbers, as in Calcite; the places of the fields are given with them.
    private static func numbered(_ outputs: [(SQLQuery.Output, Int)]) -> ([SQLQuery.Output], [ExpressionError]) {
        var numbered: [SQLQuery.Output] = []
        var warnings: [ExpressionError] = []
        for (output, offset) in outputs {
            var output = output
            let name = unused(output.name, numbered.map(\.name))
            if name != output.name {
                warnings.append(
                    ExpressionError(
                        "the result has a field '\(output.name)' already, so this one is called '\(name)', as in "
                            + "Beam's SQL", at: offset, suggestion: "name it with AS"))
            }
            output.name = name
            numbered.append(output)
        }
        return (numbered, warnings)
    }

    // MARK: Groups

    func distinct(_ outputs: [SQLQuery.Output]) throws(ExpressionError) -> (SQLQuery.Grouping, [SQLQuery.Output]) {
        let grouped = Schema(outputs.map { Field($0.name, $0.expression.type, isNullable: $0.isNullable) })
        let builder = SQLQueryBuilder(schema: grouped, tables: tables)
        var results: [SQLQuery.Output] = []
        for output in outputs { results.append(try builder.passed(output.name, 0)) }
        return (SQLQuery.Grouping(keys: outputs, aggregates: [], having: nil), results)
    }

    func grouped(
        _ select: SQLSelect
    ) throws(ExpressionError) -> (SQLQuery.Grouping, [SQLQuery.Output], [ExpressionError]) {
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
        var grouping = SQLQuery.Grouping(keys: keys, aggregates: folding.aggregates, having: nil)
        let result = SQLQueryBuilder(schema: grouping.schema, tables: [])
        var outputs: [(SQLQuery.Output, Int)] = []
        for (item, (node, name)) in zip(select.items, nodes) {
            outputs.append((try result.output(node, named: name), item.offset))
        }
        grouping.having = try having.map { node throws(ExpressionError) in try result.condition(node) }
        let (fields, warnings) = SQLQueryBuilder.numbered(outputs)
        return (grouping, fields, warnings)
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
