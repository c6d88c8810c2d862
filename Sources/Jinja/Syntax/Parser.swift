import Spelling

/// Reads the statements of a template; the grammar is that of Jinja 3.1.
struct Parser {
    let source: SourceText
    var tokens: [Token]
    var index = 0
    var depth = 0
    /// Inside of `if`, filters and tests that there are not fail when they are used, not before.
    var conditionals = 0
    private var blocks: [String: BlockDefinition] = [:]
    /// The names that the macros around use.
    var usedNames: [Set<String>] = []

    private init(_ source: SourceText) throws {
        self.source = source
        tokens = try Lexer.tokens(of: source)
    }

    static func parse(_ source: SourceText) throws -> ParsedTemplate {
        var parser = try Parser(source)
        let body = try parser.statements(until: [], of: nil)
        return ParsedTemplate(source: source, body: body, blocks: parser.blocks)
    }

    // MARK: Tokens

    var token: Token { tokens[index] }
    var place: SourcePlace { SourcePlace(source: source, offset: token.offset) }

    mutating func advance() { if index < tokens.count - 1 { index += 1 } }

    func isName(_ names: String..., ahead: Int = 0) -> Bool {
        guard index + ahead < tokens.count, case .name(let name) = tokens[index + ahead].kind else { return false }
        return names.contains(name)
    }

    func isSign(_ sign: String, ahead: Int = 0) -> Bool {
        index + ahead < tokens.count && tokens[index + ahead].kind == .sign(sign)
    }

    mutating func skipName(_ name: String) -> Bool {
        guard isName(name) else { return false }
        advance()
        return true
    }

    mutating func skipSign(_ sign: String) -> Bool {
        guard isSign(sign) else { return false }
        advance()
        return true
    }

    mutating func expectSign(_ sign: String) throws {
        guard skipSign(sign) else { throw unexpected("'\(sign)'") }
    }

    mutating func expectWord(_ word: String) throws {
        guard skipName(word) else { throw unexpected("'\(word)'") }
    }

    mutating func expectName() throws -> String {
        guard case .name(let name) = token.kind else { throw unexpected("a name") }
        advance()
        return name
    }

    mutating func expectBlockEnd() throws {
        guard token.kind == .blockEnd else { throw unexpected("'%}'") }
        advance()
    }

    func unexpected(_ expected: String) -> Failure {
        Failure(.syntax, "expected \(expected), found \(token.described)", place: place)
    }

    // MARK: Bodies

    private mutating func statements(until ends: [String], of opening: (name: String, place: SourcePlace)?) throws
        -> [Statement]
    {
        depth += 1
        defer { depth -= 1 }
        guard depth < Limits.nesting / 4 else { throw Failure(.limit, "the tags are nested too deeply", place: place) }
        var body: [Statement] = []
        while true {
            switch token.kind {
            case .data(let text):
                body.append(.data(text, place))
                advance()
            case .variableBegin:
                advance()
                body.append(.output(try tuple()))
                guard token.kind == .variableEnd else { throw unexpected("'}}'") }
                advance()
            case .blockBegin:
                advance()
                if case .name(let name) = token.kind, ends.contains(name) { return body }
                try statement(into: &body, ends)
                try expectBlockEnd()
            default:
                if let opening {
                    throw Failure(
                        .syntax, "'\(opening.name)' has no end",
                        suggestion: "write '{% \(ends.last ?? "") %}' behind it", place: opening.place)
                }
                return body
            }
        }
    }

    /// The body of a tag that is read up to the end of its own `%}`; then the present token is the end tag's name.
    private mutating func body(_ name: String, _ place: SourcePlace, until ends: String...) throws -> [Statement] {
        _ = skipSign(":")
        try expectBlockEnd()
        return try statements(until: ends, of: (name, place))
    }

    /// The same with one end, behind whose name the present token is.
    private mutating func wholeBody(_ name: String, _ place: SourcePlace, until end: String) throws -> [Statement] {
        let body = try body(name, place, until: end)
        advance()
        return body
    }

    private static let tags = [
        "for", "if", "block", "extends", "print", "macro", "include", "from", "import", "set", "with", "call",
        "filter", "raw",
    ]

    private mutating func statement(into body: inout [Statement], _ ends: [String]) throws {
        let place = place
        guard case .name(let name) = token.kind else { throw unexpected("the name of a tag") }
        advance()
        switch name {
        case "for": body.append(try loop(place))
        case "if": body.append(try conditional(place))
        case "set": body.append(try set(place))
        case "with": body.append(try with(place))
        case "macro": body.append(try macro(place))
        case "call": body.append(try callBlock(place))
        case "filter":
            let filters = try filterUses(startsInline: true)
            body.append(.filterBlock(filters, body: try wholeBody(name, place, until: "endfilter"), place))
        case "block": body.append(try block(place))
        case "extends": body.append(.extends(try expression()))
        case "include": body.append(try include())
        case "import":
            let template = try expression()
            try expectWord("as")
            let alias = try assignableName()
            body.append(.importAll(template, alias: alias, withContext: context(default: false)))
        case "from": body.append(try fromImport())
        case "print":
            while token.kind != .blockEnd {
                body.append(.output(try expression()))
                if token.kind != .blockEnd { try expectSign(",") }
            }
        default: throw unknownTag(name, place, ends)
        }
    }

    private func unknownTag(_ name: String, _ place: SourcePlace, _ ends: [String]) -> Failure {
        if ["do", "break", "continue", "trans", "debug", "autoescape"].contains(name) {
            return Failure(
                .syntax, "the tag '\(name)' is not supported",
                suggestion: name == "do"
                    ? "write '{% set _ = … %}'" : "Apache Beam's templates have none of Jinja's extensions",
                place: place)
        }
        if name.hasPrefix("end") || name == "else" || name == "elif" {
            return Failure(
                .syntax, "'\(name)' ends nothing that is open",
                suggestion: ends.isEmpty ? nil : "here '\(ends.joined(separator: "' or '"))' can stand", place: place)
        }
        return Failure(
            .syntax, "'\(name)' is not a tag",
            suggestion: Spelling.nearest(to: name, in: Self.tags + ends).map { "did you mean '\($0)'?" }
                ?? "tags are \(Self.tags.joined(separator: ", "))", place: place)
    }

    // MARK: Statements

    private mutating func loop(_ place: SourcePlace) throws -> Statement {
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

    private mutating func conditional(_ place: SourcePlace) throws -> Statement {
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

    private mutating func set(_ place: SourcePlace) throws -> Statement {
        let target = try target(hasNamespace: true)
        if skipSign("=") { return .assign(target, try tuple()) }
        let filters = try filterUses(startsInline: false)
        return .assignBlock(target, filters: filters, body: try wholeBody("set", place, until: "endset"), place)
    }

    private mutating func with(_ place: SourcePlace) throws -> Statement {
        var values: [(Target, Expression)] = []
        while token.kind != .blockEnd {
            if !values.isEmpty { try expectSign(",") }
            let target = try self.target()
            try expectSign("=")
            values.append((target, try expression()))
        }
        return .with(values, body: try wholeBody("with", place, until: "endwith"))
    }

    private mutating func macro(_ place: SourcePlace) throws -> Statement {
        let name = try assignableName()
        return .macro(try definition(name, try signature(), "macro", place))
    }

    private mutating func callBlock(_ place: SourcePlace) throws -> Statement {
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

    private mutating func block(_ place: SourcePlace) throws -> Statement {
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

    private mutating func include() throws -> Statement {
        let template = try expression()
        var ignoresMissing = false
        if isName("ignore"), isName("missing", ahead: 1) {
            advance()
            advance()
            ignoresMissing = true
        }
        return .include(template, ignoresMissing: ignoresMissing, withContext: context(default: true))
    }

    private mutating func fromImport() throws -> Statement {
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

    private mutating func context(default value: Bool) -> Bool {
        guard isName("with", "without"), isName("context", ahead: 1) else { return value }
        let result = isName("with")
        advance()
        advance()
        return result
    }

    private mutating func filterUses(startsInline: Bool) throws -> [Statement.FilterUse] {
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
