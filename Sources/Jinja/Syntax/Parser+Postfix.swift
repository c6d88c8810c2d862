/// What follows an operand: attributes, items, calls, filters and tests.
extension Parser {
    mutating func postfix(_ operand: Expression) throws -> Expression {
        var result = operand
        var terms = 0
        while isSign(".") || isSign("[") || isSign("(") {
            try count(&terms)
            result = isSign("(") ? try call(result) : try subscripted(result)
        }
        return result
    }

    mutating func filters(_ operand: Expression) throws -> Expression {
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

    mutating func call(_ callee: Expression) throws -> Expression {
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

    mutating func test(_ operand: Expression) throws -> Expression {
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
}
