import Columnar

/// `SELECT` and its clauses.
extension SQLParser {
    mutating func select() throws(ExpressionError) -> SQLSelect {
        if isKeyword("WITH") { try expectEnd() }
        try expect("SELECT")
        var select = SQLSelect()
        select.isDistinct = take("DISTINCT")
        if !select.isDistinct { _ = take("ALL") }
        repeat { select.items.append(try item()) } while take(symbol: ",")
        try expect("FROM")
        select.source = try sources()
        if take("WHERE") { select.condition = try expression() }
        if take("GROUP") {
            try expect("BY")
            repeat { select.groups.append(try expression()) } while take(symbol: ",")
        }
        if take("HAVING") { select.having = try expression() }
        return select
    }

    private mutating func item() throws(ExpressionError) -> SQLSelect.Item {
        let offset = current.offset
        if take(symbol: "*") { return SQLSelect.Item(value: nil, name: nil, offset: offset) }
        if isStarOfTable {
            let table = try name("the name of an input")
            position += 2
            return SQLSelect.Item(value: nil, name: nil, table: table, offset: offset)
        }
        let value = try expression()
        if take("AS") { return SQLSelect.Item(value: value, name: try name("a name"), offset: offset) }
        if case .name(let word, let isQuoted) = current.token, isQuoted || word.uppercased() != "FROM" {
            return SQLSelect.Item(value: value, name: try name("a name"), offset: offset)
        }
        return SQLSelect.Item(value: value, name: nil, offset: offset)
    }

    /// Whether `b.*` stands here.
    private var isStarOfTable: Bool {
        guard position + 2 < tokens.count, case .name = current.token else { return false }
        return tokens[position + 1].token == .symbol(".") && tokens[position + 2].token == .symbol("*")
    }
}
