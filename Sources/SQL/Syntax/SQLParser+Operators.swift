import Columnar

/// Expressions, from the operators that bind loosest to those that bind tightest.
extension SQLParser {
    mutating func expression() throws(ExpressionError) -> SQLNode {
        defer { depth -= 1 }
        try descend(at: current.offset)
        var node = try conjunction()
        while isKeyword("OR") {
            let offset = current.offset
            position += 1
            node = SQLNode(kind: .binary("OR", node, try conjunction()), offset: offset)
        }
        return node
    }

    private mutating func conjunction() throws(ExpressionError) -> SQLNode {
        var node = try negation()
        while isKeyword("AND") {
            let offset = current.offset
            position += 1
            node = SQLNode(kind: .binary("AND", node, try negation()), offset: offset)
        }
        return node
    }

    private mutating func negation() throws(ExpressionError) -> SQLNode {
        let offset = current.offset
        guard take("NOT") else { return try comparison() }
        defer { depth -= 1 }
        try descend(at: offset)
        return SQLNode(kind: .unary("NOT", try negation()), offset: offset)
    }

    private mutating func comparison() throws(ExpressionError) -> SQLNode {
        var node = try sum()
        while true {
            let offset = current.offset
            if case .symbol(let symbol) = current.token, ["=", "<>", "!=", "<", "<=", ">", ">="].contains(symbol) {
                position += 1
                let name = symbol == "!=" ? "<>" : symbol
                node = SQLNode(kind: .binary(name, node, try sum()), offset: offset)
            } else if take("IS") {
                let isNegated = take("NOT")
                if take("NULL") {
                    node = SQLNode(kind: .isNull(node, isNegated: isNegated), offset: offset)
                } else if take("TRUE") {
                    node = SQLNode(kind: .isTruth(node, true, isNegated: isNegated), offset: offset)
                } else if take("FALSE") {
                    node = SQLNode(kind: .isTruth(node, false, isNegated: isNegated), offset: offset)
                } else {
                    throw unexpected("NULL, TRUE or FALSE should stand here")
                }
            } else if let tested = try test(node, offset) {
                node = tested
            } else {
                return node
            }
        }
    }

    /// `[NOT] IN`, `[NOT] BETWEEN`, `[NOT] LIKE`; nil when there is none.
    private mutating func test(_ node: SQLNode, _ offset: Int) throws(ExpressionError) -> SQLNode? {
        let isNegated = isKeyword("NOT")
        guard ["IN", "BETWEEN", "LIKE"].contains(where: { isKeyword($0, ahead: isNegated ? 1 : 0) }) else { return nil }
        if isNegated { position += 1 }
        if take("IN") {
            try expect(symbol: "(")
            if isKeyword("SELECT") { throw subquery }
            let list = try arguments()
            return SQLNode(kind: .inList(node, list, isNegated: isNegated), offset: offset)
        }
        if take("BETWEEN") {
            let low = try sum()
            try expect("AND")
            return SQLNode(kind: .between(node, low, try sum(), isNegated: isNegated), offset: offset)
        }
        try expect("LIKE")
        let pattern = try sum()
        let escape = take("ESCAPE") ? try sum() : nil
        return SQLNode(kind: .like(node, pattern, escape: escape, isNegated: isNegated), offset: offset)
    }

    mutating func sum() throws(ExpressionError) -> SQLNode {
        var node = try product()
        while case .symbol(let symbol) = current.token, ["+", "-", "||"].contains(symbol) {
            let offset = current.offset
            position += 1
            node = SQLNode(kind: .binary(symbol, node, try product()), offset: offset)
        }
        return node
    }

    private mutating func product() throws(ExpressionError) -> SQLNode {
        var node = try sign()
        while case .symbol(let symbol) = current.token, ["*", "/", "%"].contains(symbol) {
            let offset = current.offset
            position += 1
            node = SQLNode(kind: .binary(symbol, node, try sign()), offset: offset)
        }
        return node
    }

    private mutating func sign() throws(ExpressionError) -> SQLNode {
        let offset = current.offset
        if take(symbol: "-") {
            defer { depth -= 1 }
            try descend(at: offset)
            return SQLNode(kind: .unary("-", try sign()), offset: offset)
        }
        if take(symbol: "+") { return try sign() }
        return try primary()
    }
}
