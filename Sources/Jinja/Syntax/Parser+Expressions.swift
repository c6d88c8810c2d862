import Spelling

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

    private func count(_ terms: inout Int) throws {
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

    private func isTupleEnd(_ end: String?) -> Bool {
        switch token.kind {
        case .variableEnd, .blockEnd, .sign(")"): true
        case .name(let name): name == end
        default: false
        }
    }

    // MARK: Operators

    private mutating func or() throws -> Expression {
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

    private mutating func not() throws -> Expression {
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

    // MARK: Operands

    private mutating func primary() throws -> Expression {
        let place = place
        func constant(_ value: Value) -> Expression { Expression(place: place, kind: .constant(value)) }
        switch token.kind {
        case .name(let name):
            advance()
            switch name {
            case "true", "True": return constant(.boolean(true))
            case "false", "False": return constant(.boolean(false))
            case "none", "None": return constant(.none)
            default:
                if let last = usedNames.indices.last { usedNames[last].insert(name) }
                return Expression(place: place, kind: .name(name))
            }
        case .string:
            var text = ""
            while case .string(let part) = token.kind {
                text += part
                advance()
            }
            return constant(.string(text))
        case .integer(let number):
            advance()
            return constant(.integer(number))
        case .float(let number):
            advance()
            return constant(.float(number))
        case .sign("("):
            advance()
            let result = try tuple(inParentheses: true)
            try expectSign(")")
            return result
        case .sign("["):
            advance()
            return Expression(place: place, kind: .list(try items(until: "]") { try $0.expression() }))
        case .sign("{"):
            advance()
            let entries = try items(until: "}") { parser in
                let key = try parser.expression()
                try parser.expectSign(":")
                return (key: key, value: try parser.expression())
            }
            return Expression(place: place, kind: .dictionary(entries))
        default: throw unexpected("an expression")
        }
    }

    private mutating func items<Item>(until end: String, _ item: (inout Parser) throws -> Item) throws -> [Item] {
        var items: [Item] = []
        while !isSign(end) {
            if !items.isEmpty {
                try expectSign(",")
                if isSign(end) { break }
            }
            items.append(try item(&self))
        }
        try expectSign(end)
        return items
    }

    // MARK: What follows an operand

    private mutating func postfix(_ operand: Expression) throws -> Expression {
        var result = operand
        var terms = 0
        while isSign(".") || isSign("[") || isSign("(") {
            try count(&terms)
            result = isSign("(") ? try call(result) : try subscripted(result)
        }
        return result
    }

    private mutating func filters(_ operand: Expression) throws -> Expression {
        var result = operand
        var terms = 0
        while true {
            try count(&terms)
            if skipSign("|") {
                let place = place
                let name = try dottedName()
                try checkFilter(name, place)
                let arguments = isSign("(") ? try callArguments() : CallArguments()
                result = Expression(place: place, kind: .filter(result, name, arguments))
            } else if skipName("is") {
                result = try test(result)
            } else if isSign("(") {
                result = try call(result)
            } else {
                return result
            }
        }
    }

    private mutating func call(_ callee: Expression) throws -> Expression {
        Expression(place: callee.place, kind: .call(callee, try callArguments()))
    }

    private mutating func subscripted(_ owner: Expression) throws -> Expression {
        if skipSign(".") {
            let place = place
            switch token.kind {
            case .name(let name):
                advance()
                return Expression(place: place, kind: .attribute(owner, name))
            case .integer(let number):
                advance()
                let item = Expression(place: place, kind: .constant(.integer(number)))
                return Expression(place: place, kind: .item(owner, item))
            default: throw unexpected("a name or a number")
            }
        }
        advance()
        let place = place
        var parts: [Expression] = []
        while !isSign("]") {
            if !parts.isEmpty { try expectSign(",") }
            let start = isSign(":") ? nil : try expression()
            guard skipSign(":") else {
                if let start { parts.append(start) }
                continue
            }
            func bound(_ parser: inout Parser) throws -> Expression? {
                parser.isSign(":") || parser.isSign("]") || parser.isSign(",") ? nil : try parser.expression()
            }
            let stop = try bound(&self)
            let step = skipSign(":") ? try bound(&self) : nil
            try expectSign("]")
            guard parts.isEmpty else { throw Failure(.syntax, "a slice stands alone in its brackets", place: place) }
            return Expression(place: place, kind: .slice(owner, start: start, stop: stop, step: step))
        }
        try expectSign("]")
        let item = parts.count == 1 ? parts[0] : Expression(place: place, kind: .tuple(parts))
        return Expression(place: place, kind: .item(owner, item))
    }

    private mutating func test(_ operand: Expression) throws -> Expression {
        let isNegated = skipName("not")
        let place = place
        let name = try dottedName()
        if conditionals == 0, !Tests.names.contains(name) { throw Tests.unknown(name).at(place) }
        var arguments = CallArguments()
        if isSign("(") {
            arguments = try callArguments()
        } else if startsOperand, !isName("else", "or", "and") {
            if isName("is") { throw Failure(.syntax, "tests with 'is' do not follow each other", place: self.place) }
            arguments.positional = [try postfix(try primary())]
        }
        let result = Expression(place: place, kind: .test(operand, name, arguments))
        return isNegated ? Expression(place: place, kind: .not(result)) : result
    }

    private var startsOperand: Bool {
        switch token.kind {
        case .name, .string, .integer, .float, .sign("("), .sign("["), .sign("{"): true
        default: false
        }
    }

    mutating func callArguments() throws -> CallArguments {
        var arguments = CallArguments()
        let opening = place
        try expectSign("(")
        var isFirst = true
        func ensure(_ isRight: Bool) throws {
            guard isRight else { throw Failure(.syntax, "these arguments are in a wrong order", place: opening) }
        }
        while !isSign(")") {
            if !isFirst {
                try expectSign(",")
                if isSign(")") { break }
            }
            isFirst = false
            if skipSign("*") {
                try ensure(arguments.dynamic == nil && arguments.dynamicKeyword == nil)
                arguments.dynamic = try expression()
            } else if skipSign("**") {
                try ensure(arguments.dynamicKeyword == nil)
                arguments.dynamicKeyword = try expression()
            } else if case .name(let name) = token.kind, isSign("=", ahead: 1) {
                try ensure(arguments.dynamicKeyword == nil)
                advance()
                advance()
                arguments.keyword.append((name, try expression()))
            } else {
                try ensure(
                    arguments.dynamic == nil && arguments.dynamicKeyword == nil && arguments.keyword.isEmpty)
                arguments.positional.append(try expression())
            }
        }
        try expectSign(")")
        return arguments
    }

    // MARK: Names

    mutating func dottedName() throws -> String {
        var name = try expectName()
        while skipSign(".") { name += "." + (try expectName()) }
        return name
    }

    func checkFilter(_ name: String, _ place: SourcePlace) throws {
        if conditionals == 0, !Filters.names.contains(name) { throw Filters.unknown(name).at(place) }
    }

    mutating func assignableName() throws -> String {
        let place = place
        let name = try expectName()
        try Self.checkAssignable(name, place)
        return name
    }

    private static func checkAssignable(_ name: String, _ place: SourcePlace) throws {
        if ["true", "True", "false", "False", "none", "None"].contains(name) {
            throw Failure(.syntax, "nothing can be assigned to '\(name)'", place: place)
        }
        if let first = name.unicodeScalars.first, !(first == "_" || first.properties.isXIDStart) {
            throw Failure(.syntax, "'\(name)' is not a name", place: place)
        }
    }

    /// What stands before `=` or `in`.
    mutating func target(endingAt end: String? = nil, hasNamespace: Bool = false) throws -> Target {
        var targets: [Target] = []
        var isTuple = false
        while true {
            if !targets.isEmpty { try expectSign(",") }
            if isTupleEnd(end) { break }
            targets.append(try oneTarget(hasNamespace))
            guard isSign(",") else { break }
            isTuple = true
        }
        if isTuple { return .tuple(targets) }
        guard let only = targets.first else { throw unexpected("a name") }
        return only
    }

    private mutating func oneTarget(_ hasNamespace: Bool) throws -> Target {
        let place = place
        if skipSign("(") {
            let target = try self.target(hasNamespace: hasNamespace)
            try expectSign(")")
            return target
        }
        let name = try assignableName()
        guard hasNamespace, skipSign(".") else { return .name(name) }
        return .attribute(namespace: name, name: try expectName(), place)
    }
}
