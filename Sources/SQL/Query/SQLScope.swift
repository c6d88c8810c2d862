import Columnar

/// A column of a table of a query.
struct SQLColumnName: Hashable {
    var table: String
    var field: String
}

/// What names mean behind a `FROM` with several tables.
struct SQLScope {
    struct Table {
        /// What the query calls it; empty for a query in parentheses without an alias.
        var name: String
        var schema: Schema
    }

    /// A column that `USING` makes of one of each side.
    struct CommonColumn {
        var name: String
        var value: SQLNode
        /// The columns that it stands for.
        var columns: [SQLColumnName]
    }

    /// In the order of `FROM`.
    private(set) var tables: [Table]
    private(set) var common: [CommonColumn] = []

    init(_ table: Table) { tables = [table] }

    /// The tables of both; a name must not stand for two. `offset` is where the others begin.
    func joined(with other: SQLScope, at offset: Int) throws(ExpressionError) -> SQLScope {
        for table in other.tables where tables.contains(where: { $0.isCalled(table.name) }) {
            throw ExpressionError(
                table.name.isEmpty
                    ? "two queries in FROM have no name" : "two tables of the query are called '\(table.name)'",
                at: offset, suggestion: "give one of them another name: 'AS b'")
        }
        var scope = self
        scope.tables += other.tables
        scope.common += other.common
        return scope
    }

    /// Puts a column of `USING` in the place of those that it stands for.
    mutating func merge(_ column: CommonColumn) {
        common.removeAll { $0.name == column.name }
        common.append(column)
    }

    /// What `table` is called in the query, however it is spelt; nil when there is none.
    func table(called name: String) -> Table? {
        tables.first { $0.name == name } ?? tables.first { $0.isCalled(name) }
    }

    // MARK: Names

    /// The same expression with the table's name before each field.
    func resolved(_ node: SQLNode) throws(ExpressionError) -> SQLNode {
        try node.replacingFields { path, node throws(ExpressionError) in try column(path, node.offset) }
    }

    private func column(_ path: [String], _ offset: Int) throws(ExpressionError) -> SQLNode {
        func field(_ table: Table, _ path: [String]) -> SQLNode {
            SQLNode(kind: .field([table.name] + path), offset: offset)
        }
        let qualified = path.count > 1 ? table(called: path[0]) : nil
        if let qualified, qualified.schema.index(of: path[1]) != nil {
            return field(qualified, Array(path.dropFirst()))
        }
        if path.count == 1, let column = common.first(where: { $0.name == path[0] }) {
            var value = column.value
            value.offset = offset
            return value
        }
        let owners = tables.filter { $0.schema.index(of: path[0]) != nil }
        if owners.count == 1 { return field(owners[0], path) }
        if owners.count > 1 {
            let names = owners.map { $0.name.isEmpty ? path[0] : "\($0.name).\(path[0])" }
            throw ExpressionError(
                "'\(path[0])' may mean \(names.joined(separator: " or "))", at: offset,
                suggestion: "write which one is meant")
        }
        if let qualified {
            throw ExpressionError(
                "'\(qualified.name)' has no field '\(path[1])'", at: offset,
                suggestion: "fields are \(qualified.schema.names.joined(separator: ", "))",
                unknown: .init(name: path[1], known: qualified.schema.names))
        }
        if path.count > 1 {
            throw ExpressionError(
                "neither a table nor a field of the query is called '\(path[0])'", at: offset,
                unknown: .init(name: path[0], known: tables.map(\.name) + tables.flatMap(\.schema.names)))
        }
        throw ExpressionError(
            "no table of the query has a field '\(path[0])'", at: offset,
            unknown: .init(name: path[0], known: tables.flatMap(\.schema.names)))
    }

    // MARK: Stars

    /// The select list without stars, and with the tables' names before fields. Every item has a name.
    func resolved(_ items: [SQLSelect.Item]) throws(ExpressionError) -> [SQLSelect.Item] {
        var resolved: [SQLSelect.Item] = []
        for (index, item) in items.enumerated() {
            if let value = item.value {
                var item = item
                item.name = item.name ?? SQLQueryBuilder.name(value, index)
                item.value = try self.resolved(value)
                resolved.append(item)
            } else {
                resolved += try fields(of: item)
            }
        }
        return resolved
    }

    /// What a star stands for: first the columns of `USING`, as in Calcite.
    private func fields(of star: SQLSelect.Item) throws(ExpressionError) -> [SQLSelect.Item] {
        func item(_ value: SQLNode, _ name: String) -> SQLSelect.Item {
            SQLSelect.Item(value: value, name: name, offset: star.offset)
        }
        func items(_ table: Table, without hidden: [SQLColumnName] = []) -> [SQLSelect.Item] {
            table.schema.names.filter { !hidden.contains(SQLColumnName(table: table.name, field: $0)) }.map { name in
                item(SQLNode(kind: .field([table.name, name]), offset: star.offset), name)
            }
        }
        if let name = star.table {
            guard let table = table(called: name) else {
                throw ExpressionError(
                    "the query has no table '\(name)'", at: star.offset,
                    unknown: .init(name: name, known: tables.map(\.name)))
            }
            return items(table)
        }
        let hidden = common.flatMap(\.columns)
        return common.map { item($0.value, $0.name) } + tables.flatMap { items($0, without: hidden) }
    }
}

extension SQLScope.Table {
    fileprivate func isCalled(_ name: String) -> Bool { self.name.uppercased() == name.uppercased() }
}

extension SQLNode {
    /// The columns inside; the names of tables stand before all fields.
    var columns: Set<SQLColumnName> {
        Set(fields.compactMap { $0.count > 1 ? SQLColumnName(table: $0[0], field: $0[1]) : nil })
    }
}
