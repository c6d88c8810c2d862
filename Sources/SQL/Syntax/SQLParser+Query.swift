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
        select.tableOffset = current.offset
        if current.token == .symbol("(") { throw subquery("write one transform for each query") }
        select.table = try name("the name of the input")
        if take("AS") {
            select.alias = try name("another name")
        } else if case .name(let word, let isQuoted) = current.token,
            isQuoted || !SQLParser.clauses.contains(word.uppercased())
        {
            select.alias = try name("another name")
        }
        if current.token == .symbol(",") {
            throw ExpressionError(
                "a query over several inputs is not supported", at: current.offset,
                suggestion: "use the Join transform")
        }
        if take("WHERE") { select.condition = try expression() }
        if take("GROUP") {
            try expect("BY")
            repeat { select.groups.append(try expression()) } while take(symbol: ",")
        }
        if take("HAVING") { select.having = try expression() }
        return select
    }

    private static let clauses: Set<String> = Set(refused.keys).union(["WHERE", "GROUP", "HAVING", "ON"])

    private mutating func item() throws(ExpressionError) -> SQLSelect.Item {
        let offset = current.offset
        if take(symbol: "*") { return SQLSelect.Item(value: nil, name: nil, offset: offset) }
        let value = try expression()
        if take("AS") { return SQLSelect.Item(value: value, name: try name("a name"), offset: offset) }
        if case .name(let word, let isQuoted) = current.token, isQuoted || word.uppercased() != "FROM" {
            return SQLSelect.Item(value: value, name: try name("a name"), offset: offset)
        }
        return SQLSelect.Item(value: value, name: nil, offset: offset)
    }
}
