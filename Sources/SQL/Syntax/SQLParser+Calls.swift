import Columnar

/// Calls of functions, with commas or with words between their arguments.
extension SQLParser {
    mutating func call(_ name: String, _ offset: Int) throws(ExpressionError) -> SQLNode {
        if name == "COUNT", take(symbol: "*") {
            try expect(symbol: ")")
            try refuseOver()
            return SQLNode(kind: .countRows, offset: offset)
        }
        if let node = try worded(name, offset) { return node }
        let isDistinct = take("DISTINCT")
        let arguments = try arguments()
        try refuseOver()
        return SQLNode(kind: .call(name, arguments, isDistinct: isDistinct), offset: offset)
    }

    /// `POSITION('a' IN s)`, `SUBSTRING(s FROM 2 FOR 3)`, `TRIM(LEADING 'x' FROM s)`: arguments with words between them.
    /// Nil when these are plain ones.
    private mutating func worded(_ name: String, _ offset: Int) throws(ExpressionError) -> SQLNode? {
        let start = position
        func call(_ name: String, _ arguments: [SQLNode]) -> SQLNode {
            SQLNode(kind: .call(name, arguments, isDistinct: false), offset: offset)
        }
        switch name {
        case "POSITION":
            let part = try sum()
            try expect("IN")
            let whole = try sum()
            try expect(symbol: ")")
            return call("STRPOS", [whole, part])
        case "SUBSTRING":
            var arguments = [try expression()]
            guard take("FROM") else { break }
            arguments.append(try expression())
            if take("FOR") { arguments.append(try expression()) }
            try expect(symbol: ")")
            return call(name, arguments)
        case "TRIM":
            let sides = ["BOTH": "TRIM", "LEADING": "LTRIM", "TRAILING": "RTRIM"]
            var side: String?
            for (word, function) in sides where isKeyword(word) && !isEndOfArgument(ahead: 1) { side = function }
            if side != nil { position += 1 }
            var taken: SQLNode?
            if !isKeyword("FROM") { taken = try expression() }
            guard take("FROM") else { break }
            let text = try expression()
            try expect(symbol: ")")
            return call(side ?? name, [text] + (taken.map { [$0] } ?? []))
        default: break
        }
        position = start
        return nil
    }

    private func isEndOfArgument(ahead: Int) -> Bool {
        guard position + ahead < tokens.count, case .symbol(let symbol) = tokens[position + ahead].token else {
            return false
        }
        return symbol == ")" || symbol == ","
    }

    private func refuseOver() throws(ExpressionError) {
        guard isKeyword("OVER") else { return }
        throw ExpressionError(
            "OVER is not supported", at: current.offset, suggestion: "use windowing and Combine")
    }

    /// Expressions up to the closing parenthesis.
    mutating func arguments() throws(ExpressionError) -> [SQLNode] {
        if take(symbol: ")") { return [] }
        var list: [SQLNode] = []
        repeat { list.append(try expression()) } while take(symbol: ",")
        try expect(symbol: ")")
        return list
    }
}
