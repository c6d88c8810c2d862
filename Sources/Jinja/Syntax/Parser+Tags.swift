/// The tags, each with its body.
extension Parser {
    mutating func loop(_ place: SourcePlace) throws -> Statement {
        let target = try self.target(endingAt: "in")
        try expectWord("in")
        let items = try tuple(hasConditional: false, endingAt: "recursive")
        let test = skipName("if") ? try expression() : nil
        let isRecursive = skipName("recursive")
        let body = try body("for", place, until: "else", "endfor")
        var otherwise: [Statement] = []
        let hasElse = isName("else")
        advance()
        if hasElse { otherwise = try wholeBody("for", place, until: "endfor") }
        return .loop(
            .init(
                target: target, items: items, test: test, body: body, otherwise: otherwise, place: place,
                isRecursive: isRecursive))
    }

    mutating func conditional(_ place: SourcePlace) throws -> Statement {
        conditionals += 1
        defer { conditionals -= 1 }
        var branches: [(Expression, [Statement])] = []
        while true {
            let test = try tuple(hasConditional: false)
            branches.append((test, try body("if", place, until: "elif", "else", "endif")))
            if skipName("elif") { continue }
            if skipName("else") {
                return .conditional(branches, otherwise: try wholeBody("if", place, until: "endif"))
            }
            advance()
            return .conditional(branches, otherwise: [])
        }
    }

    mutating func set(_ place: SourcePlace) throws -> Statement {
        let target = try target(hasNamespace: true)
        if skipSign("=") { return .assign(target, try tuple()) }
        let filters = try filterUses(startsInline: false)
        return .assignBlock(target, filters: filters, body: try wholeBody("set", place, until: "endset"), place)
    }

    mutating func with(_ place: SourcePlace) throws -> Statement {
        var values: [(Target, Expression)] = []
        while token.kind != .blockEnd {
            if !values.isEmpty { try expectSign(",") }
            let target = try self.target()
            try expectSign("=")
            values.append((target, try expression()))
        }
        return .with(values, body: try wholeBody("with", place, until: "endwith"))
    }

    mutating func macro(_ place: SourcePlace) throws -> Statement {
        let name = try assignableName()
        return .macro(try definition(name, try signature(), "macro", place))
    }

    mutating func callBlock(_ place: SourcePlace) throws -> Statement {
        let parameters = isSign("(") ? try signature() : []
        let call = try expression()
        guard case .call = call.kind else {
            throw Failure(.syntax, "'call' needs the call of a macro", place: call.place)
        }
        return .callBlock(try definition("caller", parameters, "call", place), call: call)
    }

    private mutating func definition(
        _ name: String, _ parameters: [(name: String, fallback: Expression?)], _ tag: String, _ place: SourcePlace
    ) throws -> MacroDefinition {
        usedNames.append([])
        let body = try wholeBody(tag, place, until: "end" + tag)
        let used = usedNames.removeLast()
        if let last = usedNames.indices.last { usedNames[last].formUnion(used) }
        return MacroDefinition(
            name: name, parameters: parameters, body: body, place: place, takesMore: used.contains("varargs"),
            takesMoreKeywords: used.contains("kwargs"), takesCaller: used.contains("caller"))
    }

    private mutating func signature() throws -> [(name: String, fallback: Expression?)] {
        var parameters: [(name: String, fallback: Expression?)] = []
        try expectSign("(")
        while !isSign(")") {
            if !parameters.isEmpty { try expectSign(",") }
            let place = place
            let name = try assignableName()
            let fallback = skipSign("=") ? try expression() : nil
            if fallback == nil, parameters.last?.fallback != nil {
                throw Failure(
                    .syntax, "'\(name)' has no default, but the parameter before it has", place: place)
            }
            parameters.append((name, fallback))
        }
        try expectSign(")")
        return parameters
    }

    mutating func block(_ place: SourcePlace) throws -> Statement {
        let namePlace = self.place
        let name = try expectName()
        if isSign("-") {
            throw Failure(.syntax, "the name of a block has no hyphen", suggestion: "write '_'", place: self.place)
        }
        let isScoped = skipName("scoped")
        let isRequired = skipName("required")
        guard blocks[name] == nil else {
            throw Failure(.syntax, "two blocks are called '\(name)'", place: namePlace)
        }
        let body = try wholeBody("block", place, until: "endblock")
        _ = skipName(name)
        if isRequired {
            for case let statement in body {
                if case .data(let text, _) = statement, text.unicodeScalars.allSatisfy(PythonString.isSpace) {
                    continue
                }
                throw Failure(.syntax, "a required block holds nothing but comments", place: place)
            }
        }
        guard blocks[name] == nil else { throw Failure(.syntax, "two blocks are called '\(name)'", place: namePlace) }
        let definition = BlockDefinition(
            name: name, body: body, isScoped: isScoped, isRequired: isRequired, place: place)
        blocks[name] = definition
        return .block(definition)
    }

    mutating func include() throws -> Statement {
        let template = try expression()
        var ignoresMissing = false
        if isName("ignore"), isName("missing", ahead: 1) {
            advance()
            advance()
            ignoresMissing = true
        }
        return .include(template, ignoresMissing: ignoresMissing, withContext: context(default: true))
    }

    mutating func fromImport() throws -> Statement {
        let template = try expression()
        try expectWord("import")
        var names: [(String, String, SourcePlace)] = []
        var withContext: Bool?
        func startsContext() -> Bool { isName("with", "without") && isName("context", ahead: 1) }
        while true {
            if !names.isEmpty { try expectSign(",") }
            if startsContext() {
                withContext = context(default: false)
                break
            }
            let place = place
            let name = try assignableName()
            if name.hasPrefix("_") {
                throw Failure(.syntax, "'\(name)' starts with '_' and cannot be imported", place: place)
            }
            names.append((name, skipName("as") ? try assignableName() : name, place))
            if startsContext() { withContext = context(default: false) }
            if withContext != nil || !isSign(",") { break }
        }
        return .importNames(template, names: names, withContext: withContext ?? false)
    }

    mutating func context(default value: Bool) -> Bool {
        guard isName("with", "without"), isName("context", ahead: 1) else { return value }
        let result = isName("with")
        advance()
        advance()
        return result
    }

    mutating func filterUses(startsInline: Bool) throws -> [Statement.FilterUse] {
        var uses: [Statement.FilterUse] = []
        while (startsInline && uses.isEmpty) || skipSign("|") {
            let place = place
            let name = try dottedName()
            try checkFilter(name, place)
            let arguments = isSign("(") ? try callArguments() : CallArguments()
            uses.append(.init(name: name, arguments: arguments, place: place))
        }
        return uses
    }
}
