import Columnar

/// Puts the steps of a query in order: those of the queries inside it first, then joins, then its own clauses.
struct SQLPlanner {
    /// Rows that steps give.
    struct Rows {
        var source: SQLPlan.Source
        var schema: Schema
    }

    let inputs: [SQLPlan.Table]
    private(set) var steps: [SQLPlan.Step] = []
    private(set) var warnings: [ExpressionError] = []

    init(inputs: [SQLPlan.Table]) { self.inputs = inputs }

    /// Adds a step behind `rows`.
    mutating func add(
        _ name: String, _ operation: SQLPlan.Operation, _ sources: [SQLPlan.Source], _ schema: Schema, at offset: Int
    ) -> Rows {
        steps.append(.init(name: name, operation: operation, sources: sources, schema: schema, offset: offset))
        return Rows(source: .step(steps.count - 1), schema: schema)
    }

    /// The rows of a query; `prefix` stands before the names of its steps where it is inside another.
    mutating func plan(_ select: SQLSelect, prefix: String = "") throws(ExpressionError) -> Rows {
        var select = select
        let builder: SQLQueryBuilder
        var rows: Rows
        switch select.source {
        case .table, .query:
            let (leaf, names) = try leaf(select.source, prefix)
            rows = leaf
            builder = SQLQueryBuilder(schema: rows.schema, tables: Set(names))
            for item in select.items {
                guard let table = item.table, !names.contains(where: { $0.uppercased() == table.uppercased() }) else {
                    continue
                }
                throw ExpressionError(
                    "the query has no table '\(table)'", at: item.offset, unknown: .init(name: table, known: names))
            }
        case .join, .product:
            rows = try joined(&select, prefix)
            builder = SQLQueryBuilder(schema: rows.schema, tables: [])
        }
        let query = try SQLQuery(select, builder)
        warnings += query.warnings
        let offset = select.source.offset
        if let condition = query.condition {
            rows = add(prefix + "Where", .filter(condition), [rows.source], rows.schema, at: offset)
        }
        if let grouping = query.grouping {
            rows = add(prefix + "GroupBy", .group(grouping), [rows.source], grouping.schema, at: offset)
            if let having = grouping.having {
                rows = add(prefix + "Having", .filter(having), [rows.source], rows.schema, at: offset)
            }
        }
        let schema = Schema(query.outputs.map { Field($0.name, $0.expression.type, isNullable: $0.isNullable) })
        let name = prefix.isEmpty ? "" : prefix + "Select"
        return add(name, .select(query.outputs), [rows.source], schema, at: offset)
    }

    /// The rows of an input or of a query in parentheses, and what the query around them may call them.
    mutating func leaf(_ source: SQLSource, _ prefix: String) throws(ExpressionError) -> (rows: Rows, names: [String]) {
        switch source {
        case .table(let name, let alias, let offset):
            let number =
                inputs.firstIndex { $0.names.contains(name) }
                ?? inputs.firstIndex { input in
                    input.names.contains { $0.uppercased() == name.uppercased() }
                }
            guard let number else {
                throw ExpressionError(
                    "there is no input called '\(name)'", at: offset,
                    unknown: .init(name: name, known: inputs.flatMap(\.names)))
            }
            let names = alias.map { [$0] } ?? [name] + inputs[number].names.filter { $0 != name }
            return (Rows(source: .table(number), schema: inputs[number].schema), names)
        case .query(let query, let alias, _):
            let rows = try plan(query, prefix: prefix + (alias ?? "Query") + "/")
            return (rows, alias.map { [$0] } ?? [])
        case .join(_, _, _, _, let offset):
            throw ExpressionError("a join cannot stand here", at: offset)
        case .product(let sources):
            throw ExpressionError("a list cannot stand here", at: sources.first?.offset ?? 0)
        }
    }
}
