/// Reads the statements of a template; the grammar is that of Jinja 3.1.
struct Parser {
    private let source: SourceText
    private var tokens: [Token]
    private var index = 0
    var depth = 0
    /// Inside of `if`, filters and tests that there are not fail when they are used, not before.
    var conditionals = 0
    var blocks: [String: BlockDefinition] = [:]
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
}
