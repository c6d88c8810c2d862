import Columnar

/// Reads the SQL that maps to rows one at a time, and to groups of them.
struct SQLParser {
    private let tokens: [PlacedSQLToken]
    private var position = 0
    private var depth = 0

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

    // MARK: Words

    private var current: PlacedSQLToken { tokens[min(position, tokens.count - 1)] }

    private func isKeyword(_ word: String, ahead: Int = 0) -> Bool {
        guard position + ahead < tokens.count, case .name(let name, false) = tokens[position + ahead].token else {
            return false
        }
        return name.uppercased() == word
    }

    private mutating func take(_ word: String) -> Bool {
        guard isKeyword(word) else { return false }
        position += 1
        return true
    }

    private mutating func take(symbol: String) -> Bool {
        guard current.token == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ word: String) throws(ExpressionError) {
        guard take(word) else { throw unexpected("\(word) should stand here") }
    }

    private mutating func expect(symbol: String) throws(ExpressionError) {
        guard take(symbol: symbol) else { throw unexpected("'\(symbol)' should stand here") }
    }

    private func expectEnd() throws(ExpressionError) {
        guard current.token != .end else { return }
        if case .name(let name, false) = current.token, let refusal = SQLParser.refused[name.uppercased()] {
            let clause = isKeyword("BY", ahead: 1) ? "\(name.uppercased()) BY" : name.uppercased()
            throw ExpressionError("\(clause) is not supported", at: current.offset, suggestion: refusal)
        }
        throw unexpected("the query should end here")
    }

    private func unexpected(_ what: String) -> ExpressionError {
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

    /// What of a query does not map to one pass over rows or groups, with the remedy.
    private static let refused: [String: String] = [
        "JOIN": "use the Join transform", "INNER": "use the Join transform", "LEFT": "use the Join transform",
        "RIGHT": "use the Join transform", "FULL": "use the Join transform", "CROSS": "use the Join transform",
        "NATURAL": "use the Join transform", "UNION": "use the Flatten transform",
        "INTERSECT": "use the Join transform", "EXCEPT": "use the Join transform",
        "ORDER": "collections have no order; sort where they are read", "LIMIT": "collections have no order",
        "OFFSET": "collections have no order", "FETCH": "collections have no order",
        "WINDOW": "use windowing and Combine", "QUALIFY": "use windowing and Combine",
        "WITH": "write one transform for each query",
    ]

    // MARK: Queries

    private mutating func select() throws(ExpressionError) -> SQLSelect {
        if isKeyword("WITH") { try expectEnd() }
        try expect("SELECT")
        var select = SQLSelect()
        select.isDistinct = take("DISTINCT")
        if !select.isDistinct { _ = take("ALL") }
        repeat { select.items.append(try item()) } while take(symbol: ",")
        try expect("FROM")
        select.tableOffset = current.offset
        if current.token == .symbol("(") {
            throw ExpressionError(
                "queries inside a query are not supported", at: current.offset,
                suggestion: "write one transform for each query")
        }
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

    private mutating func name(_ what: String) throws(ExpressionError) -> String {
        guard case .name(let name, _) = current.token else { throw unexpected("\(what) should stand here") }
        position += 1
        return name
    }

    // MARK: Expressions, from the loosest binding to the tightest

    private mutating func expression() throws(ExpressionError) -> SQLNode {
        depth += 1
        defer { depth -= 1 }
        guard depth < SQLParser.maximumDepth else {
            throw ExpressionError("this is nested too deeply", at: current.offset)
        }
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
        depth += 1
        defer { depth -= 1 }
        guard depth < SQLParser.maximumDepth else { throw ExpressionError("this is nested too deeply", at: offset) }
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
            if isKeyword("SELECT") {
                throw ExpressionError(
                    "queries inside a query are not supported", at: current.offset,
                    suggestion: "use the Join transform")
            }
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

    private mutating func sum() throws(ExpressionError) -> SQLNode {
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
            depth += 1
            defer { depth -= 1 }
            guard depth < SQLParser.maximumDepth else { throw ExpressionError("this is nested too deeply", at: offset) }
            return SQLNode(kind: .unary("-", try sign()), offset: offset)
        }
        if take(symbol: "+") { return try sign() }
        return try primary()
    }

    private mutating func primary() throws(ExpressionError) -> SQLNode {
        let offset = current.offset
        switch current.token {
        case .integer(let value):
            position += 1
            return SQLNode(kind: .literal(.int64(value), .int64), offset: offset)
        case .number(let value):
            position += 1
            return SQLNode(kind: .literal(.float64(value), .float64), offset: offset)
        case .text(let text):
            position += 1
            return SQLNode(kind: .literal(.string(text), .string), offset: offset)
        case .symbol("("):
            position += 1
            if isKeyword("SELECT") {
                throw ExpressionError(
                    "queries inside a query are not supported", at: current.offset,
                    suggestion: "use the Join transform")
            }
            let node = try expression()
            try expect(symbol: ")")
            return node
        case .name(let name, let isQuoted):
            if !isQuoted, let node = try keyword(name.uppercased(), offset) { return node }
            position += 1
            if !isQuoted, take(symbol: "(") { return try call(name.uppercased(), offset) }
            var path = [name]
            while take(symbol: ".") { path.append(try self.name("the name of a field")) }
            return SQLNode(kind: .field(path), offset: offset)
        default: throw unexpected("an expression should stand here")
        }
    }

    /// A literal or construct that begins with a keyword; nil when the word is none.
    private mutating func keyword(_ word: String, _ offset: Int) throws(ExpressionError) -> SQLNode? {
        switch word {
        case "TRUE", "FALSE":
            position += 1
            return SQLNode(kind: .literal(.boolean(word == "TRUE"), .boolean), offset: offset)
        case "NULL":
            position += 1
            return SQLNode(kind: .literal(.null, .null), offset: offset)
        case "CASE":
            position += 1
            return try choice(offset)
        case "CAST":
            position += 1
            try expect(symbol: "(")
            let value = try expression()
            try expect("AS")
            let type = try typeName()
            try expect(symbol: ")")
            return SQLNode(kind: .cast(value, type), offset: offset)
        case "EXTRACT":
            position += 1
            try expect(symbol: "(")
            let unit = try name("a unit, such as YEAR,").uppercased()
            try expect("FROM")
            let value = try expression()
            try expect(symbol: ")")
            return SQLNode(kind: .extract(unit, value), offset: offset)
        case "TIMESTAMP":
            guard position + 1 < tokens.count, case .text(let text) = tokens[position + 1].token else { return nil }
            position += 2
            guard let time = SQLTime.parse(text) else {
                throw ExpressionError(
                    "'\(text)' is not a timestamp", at: offset, suggestion: "write '2026-01-31 12:00:00'")
            }
            return SQLNode(kind: .literal(.timestamp(time), .timestamp), offset: offset)
        case "EXISTS", "INTERVAL", "DATE", "TIME", "ROW", "ARRAY":
            guard isFollowedByMore else { return nil }
            throw ExpressionError(
                "\(word) is not supported", at: offset, suggestion: "write this part in 'language: python'")
        default: return nil
        }
    }

    /// Whether a word is followed by what makes it a construct rather than a field.
    private var isFollowedByMore: Bool {
        guard position + 1 < tokens.count else { return false }
        switch tokens[position + 1].token {
        case .text, .integer, .symbol("("), .symbol("["): return true
        default: return false
        }
    }

    private mutating func choice(_ offset: Int) throws(ExpressionError) -> SQLNode {
        let subject = isKeyword("WHEN") ? nil : try expression()
        var branches: [(condition: SQLNode, value: SQLNode)] = []
        while take("WHEN") {
            let place = current.offset
            let condition = try expression()
            try expect("THEN")
            let tested = subject.map { SQLNode(kind: .binary("=", $0, condition), offset: place) } ?? condition
            branches.append((tested, try expression()))
        }
        guard !branches.isEmpty else { throw unexpected("WHEN should stand here") }
        let otherwise = take("ELSE") ? try expression() : nil
        try expect("END")
        return SQLNode(kind: .choice(branches, otherwise: otherwise), offset: offset)
    }

    private mutating func call(_ name: String, _ offset: Int) throws(ExpressionError) -> SQLNode {
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
    private mutating func arguments() throws(ExpressionError) -> [SQLNode] {
        if take(symbol: ")") { return [] }
        var list: [SQLNode] = []
        repeat { list.append(try expression()) } while take(symbol: ",")
        try expect(symbol: ")")
        return list
    }

    private mutating func typeName() throws(ExpressionError) -> DataType {
        let offset = current.offset
        let word = try name("a type").uppercased()
        if word == "DOUBLE" { _ = take("PRECISION") }
        if take(symbol: "(") {
            // VARCHAR(100): lengths are not kept here.
            while !take(symbol: ")") {
                guard current.token != .end else { throw unexpected("')' should stand here") }
                position += 1
            }
        }
        let types: [String: DataType] = [
            "VARCHAR": .string, "CHAR": .string, "STRING": .string, "BIGINT": .int64, "INTEGER": .int64, "INT": .int64,
            "SMALLINT": .int64, "TINYINT": .int64, "INT64": .int64, "DOUBLE": .float64, "FLOAT": .float64,
            "REAL": .float64, "FLOAT64": .float64, "DECIMAL": .float64, "NUMERIC": .float64, "BOOLEAN": .boolean,
            "BOOL": .boolean, "TIMESTAMP": .timestamp,
        ]
        guard let type = types[word] else {
            throw ExpressionError(
                "'\(word)' is not a type", at: offset,
                unknown: .init(name: word, known: types.keys.sorted()))
        }
        return type
    }
}
