import Columnar

/// `FROM`: inputs, queries in parentheses, and joins of them.
extension SQLParser {
    mutating func sources() throws(ExpressionError) -> SQLSource {
        var list = [try joined()]
        let before = depth
        defer { depth = before }
        while take(symbol: ",") {
            // What comes of it is nested: each joins with all before it.
            try descend(at: current.offset)
            list.append(try joined())
        }
        return list.count == 1 ? list[0] : .product(list)
    }

    /// Joins are read from the left: `a JOIN b … JOIN c …` joins `c` with what comes of `a` and `b`.
    private mutating func joined() throws(ExpressionError) -> SQLSource {
        var source = try operand()
        let before = depth
        defer { depth = before }
        while let kind = try joinKind() {
            try descend(at: current.offset)
            let right = try operand()
            let offset = current.offset
            if take("ON") {
                source = .join(kind, source, right, .on(try expression()), offset: offset)
            } else if take("USING") {
                source = .join(kind, source, right, .using(try columns()), offset: offset)
            } else {
                var error = unexpected("ON and a condition should stand here")
                error.suggestion = "write 'JOIN b ON a.id = b.id', or 'JOIN b USING (id)'"
                throw error
            }
        }
        return source
    }

    private mutating func joinKind() throws(ExpressionError) -> SQLSource.JoinKind? {
        let offset = current.offset
        if take("JOIN") { return .inner }
        let kinds: [(word: String, kind: SQLSource.JoinKind)] = [
            ("INNER", .inner), ("LEFT", .left), ("RIGHT", .right), ("FULL", .full),
        ]
        for (word, kind) in kinds where take(word) {
            if kind != .inner { _ = take("OUTER") }
            try expect("JOIN")
            return kind
        }
        if isKeyword("CROSS") {
            throw ExpressionError(
                "CROSS JOIN is not supported", at: offset,
                suggestion: "rows are joined where fields are equal: write 'JOIN b ON a.id = b.id'")
        }
        if isKeyword("NATURAL") {
            throw ExpressionError(
                "NATURAL JOIN is not supported", at: offset, suggestion: "name the fields: 'JOIN b USING (id)'")
        }
        return nil
    }

    private mutating func operand() throws(ExpressionError) -> SQLSource {
        let offset = current.offset
        guard take(symbol: "(") else {
            let name = try name("the name of the input")
            return .table(name: name, alias: try alias(), offset: offset)
        }
        defer { depth -= 1 }
        try descend(at: offset)
        guard isKeyword("SELECT") || isKeyword("WITH") else {
            let source = try joined()
            try expect(symbol: ")")
            return source
        }
        let query = try select()
        if current.token != .symbol(")") { try expectEnd() }
        try expect(symbol: ")")
        return .query(query, alias: try alias(), offset: offset)
    }

    private mutating func alias() throws(ExpressionError) -> String? {
        if take("AS") { return try name("another name") }
        guard case .name(let word, let isQuoted) = current.token,
            isQuoted || !SQLParser.clauses.contains(word.uppercased())
        else { return nil }
        return try name("another name")
    }

    /// What is no alias.
    private static let clauses: Set<String> = Set(refused.keys).union([
        "WHERE", "GROUP", "HAVING", "ON", "USING", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS",
        "NATURAL",
    ])

    private mutating func columns() throws(ExpressionError) -> [(name: String, offset: Int)] {
        try expect(symbol: "(")
        var columns: [(name: String, offset: Int)] = []
        repeat {
            let offset = current.offset
            columns.append((try name("the name of a field"), offset))
        } while take(symbol: ",")
        try expect(symbol: ")")
        return columns
    }
}
