import Columnar

/// What operators stand between: literals, fields, and the constructs that a keyword begins.
extension SQLParser {
    mutating func primary() throws(ExpressionError) -> SQLNode {
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
            if isKeyword("SELECT") { throw subquery }
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
