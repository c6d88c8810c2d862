/// The grammar of expressions, from what binds least.
extension Parser {
    mutating func expression() throws -> Expression {
        try nested { parser in
            let place = parser.place
            var result = try parser.or()
            var terms = 0
            while parser.skipName("if") {
                try parser.count(&terms)
                parser.conditionals += 1
                defer { parser.conditionals -= 1 }
                let test = try parser.or()
                let otherwise = parser.skipName("else") ? try parser.expression() : nil
                result = Expression(
                    place: place, kind: .conditional(test: test, then: result, otherwise: otherwise))
            }
            return result
        }
    }

    private mutating func nested(_ read: (inout Parser) throws -> Expression) throws -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Limits.nesting / 4 else {
            throw Failure(.limit, "the expression is nested too deeply", place: place)
        }
        return try read(&self)
    }

    func count(_ terms: inout Int) throws {
        terms += 1
        guard terms < Limits.terms else {
            throw Failure(.limit, "the expression has more than \(Limits.terms) terms", place: place)
        }
    }

    /// Expressions with commas between them are a tuple.
    mutating func tuple(
        hasConditional: Bool = true, endingAt end: String? = nil, inParentheses: Bool = false
    ) throws -> Expression {
        let place = place
        var items: [Expression] = []
        var isTuple = false
        while true {
            if !items.isEmpty { try expectSign(",") }
            if isTupleEnd(end) { break }
            items.append(hasConditional ? try expression() : try nested { try $0.or() })
            guard isSign(",") else { break }
            isTuple = true
        }
        if !isTuple {
            if let only = items.first { return only }
            guard inParentheses else { throw unexpected("an expression") }
        }
        return Expression(place: place, kind: .tuple(items))
    }

    func isTupleEnd(_ end: String?) -> Bool {
        switch token.kind {
        case .variableEnd, .blockEnd, .sign(")"): true
        case .name(let name): name == end
        default: false
        }
    }

    mutating func or() throws -> Expression {
        let place = place
        var left = try and()
        var terms = 0
        while skipName("or") {
            try count(&terms)
            left = Expression(place: place, kind: .or(left, try and()))
        }
        return left
    }

    private mutating func and() throws -> Expression {
        let place = place
        var left = try not()
        var terms = 0
        while skipName("and") {
            try count(&terms)
            left = Expression(place: place, kind: .and(left, try not()))
        }
        return left
    }

    mutating func not() throws -> Expression {
        let place = place
        if skipName("not") {
            return Expression(place: place, kind: .not(try nested { try $0.not() }))
        }
        return try comparison()
    }

    private mutating func comparison() throws -> Expression {
        let place = place
        let first = try sum()
        var rest: [(Comparison, Expression)] = []
        while true {
            if case .sign(let sign) = token.kind, let comparison = Comparison(rawValue: sign) {
                advance()
                rest.append((comparison, try sum()))
            } else if skipName("in") {
                rest.append((.isIn, try sum()))
            } else if isName("not"), isName("in", ahead: 1) {
                advance()
                advance()
                rest.append((.isNotIn, try sum()))
            } else {
                return rest.isEmpty ? first : Expression(place: place, kind: .compare(first, rest))
            }
        }
    }

    private mutating func sum() throws -> Expression {
        try operators(["+", "-"]) { try $0.concatenation() }
    }

    private mutating func concatenation() throws -> Expression {
        let place = place
        var parts = [try product()]
        while skipSign("~") { parts.append(try product()) }
        return parts.count == 1 ? parts[0] : Expression(place: place, kind: .concatenate(parts))
    }

    private mutating func product() throws -> Expression {
        try operators(["*", "/", "//", "%"]) { try $0.power() }
    }

    /// In Jinja, unlike Python, the left `**` comes first.
    private mutating func power() throws -> Expression {
        try operators(["**"]) { try $0.unary(hasFilters: true) }
    }

    private mutating func operators(
        _ signs: [String], _ operand: (inout Parser) throws -> Expression
    ) throws -> Expression {
        let place = place
        var left = try operand(&self)
        var terms = 0
        while case .sign(let sign) = token.kind, signs.contains(sign), let operation = Arithmetic(rawValue: sign) {
            advance()
            try count(&terms)
            left = Expression(place: place, kind: .arithmetic(operation, left, try operand(&self)))
        }
        return left
    }

    private mutating func unary(hasFilters: Bool) throws -> Expression {
        let place = place
        var result: Expression
        if skipSign("-") {
            result = Expression(place: place, kind: .negate(try nested { try $0.unary(hasFilters: false) }))
        } else if skipSign("+") {
            result = Expression(place: place, kind: .plus(try nested { try $0.unary(hasFilters: false) }))
        } else {
            result = try primary()
        }
        result = try postfix(result)
        return hasFilters ? try filters(result) : result
    }
}
