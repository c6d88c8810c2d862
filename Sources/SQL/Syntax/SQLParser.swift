import Columnar

/// Reads the SQL that maps to rows one at a time, and to groups of them.
struct SQLParser {
    let tokens: [PlacedSQLToken]
    var position = 0
    var depth = 0

    private init(_ text: String) throws(ExpressionError) { tokens = try SQLLexer.tokens(text) }

    /// Nested deeper than this an expression is refused: it is read by recursion.
    private static let maximumDepth = 200

    static func expression(_ text: String) throws(ExpressionError) -> SQLNode {
        var parser = try SQLParser(text)
        let node = try parser.expression()
        try parser.expectEnd()
        return node
    }

    static func select(_ text: String) throws(ExpressionError) -> SQLSelect {
        var parser = try SQLParser(text)
        let select = try parser.select()
        _ = parser.take(symbol: ";")
        try parser.expectEnd()
        return select
    }

    // MARK: Depth

    /// Goes one level down into an expression at `offset`. Whoever calls it goes up again: `defer { depth -= 1 }`.
    mutating func descend(at offset: Int) throws(ExpressionError) {
        depth += 1
        guard depth < SQLParser.maximumDepth else { throw ExpressionError("this is nested too deeply", at: offset) }
    }

    // MARK: Words

    var current: PlacedSQLToken { tokens[min(position, tokens.count - 1)] }

    func isKeyword(_ word: String, ahead: Int = 0) -> Bool {
        guard position + ahead < tokens.count, case .name(let name, false) = tokens[position + ahead].token else {
            return false
        }
        return name.uppercased() == word
    }

    mutating func take(_ word: String) -> Bool {
        guard isKeyword(word) else { return false }
        position += 1
        return true
    }

    mutating func take(symbol: String) -> Bool {
        guard current.token == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ word: String) throws(ExpressionError) {
        guard take(word) else { throw unexpected("\(word) should stand here") }
    }

    mutating func expect(symbol: String) throws(ExpressionError) {
        guard take(symbol: symbol) else { throw unexpected("'\(symbol)' should stand here") }
    }

    mutating func name(_ what: String) throws(ExpressionError) -> String {
        guard case .name(let name, _) = current.token else { throw unexpected("\(what) should stand here") }
        position += 1
        return name
    }

    func expectEnd() throws(ExpressionError) {
        guard current.token != .end else { return }
        if case .name(let name, false) = current.token, let refusal = SQLParser.refused[name.uppercased()] {
            let clause = isKeyword("BY", ahead: 1) ? "\(name.uppercased()) BY" : name.uppercased()
            throw ExpressionError("\(clause) is not supported", at: current.offset, suggestion: refusal)
        }
        throw unexpected("the query should end here")
    }

    func unexpected(_ what: String) -> ExpressionError {
        let found =
            switch current.token {
            case .name(let name, _): "'\(name)'"
            case .integer(let value): "'\(value)'"
            case .number(let value): "'\(value)'"
            case .text(let text): "the text '\(text)'"
            case .symbol(let symbol): "'\(symbol)'"
            case .end: "the end"
            }
        return ExpressionError("\(what), not \(found)", at: current.offset)
    }

    /// Refuses a query inside an expression.
    var subquery: ExpressionError {
        ExpressionError(
            "queries inside an expression are not supported", at: current.offset,
            suggestion: "write it in FROM, in parentheses, and join it")
    }

    /// What of a query does not map to one pass over rows or groups, with the remedy.
    static let refused: [String: String] = [
        "UNION": "use the Flatten transform", "INTERSECT": "join the queries in FROM",
        "EXCEPT": "join the queries in FROM: LEFT JOIN, and WHERE … IS NULL",
        "ORDER": "collections have no order; sort where they are read", "LIMIT": "collections have no order",
        "OFFSET": "collections have no order", "FETCH": "collections have no order",
        "WINDOW": "use windowing and Combine", "QUALIFY": "use windowing and Combine",
        "WITH": "write the query in FROM, in parentheses",
    ]
}
