/// Reads the filter language by recursive descent.
struct FilterParser {
    private let text: String
    private let tokens: [FilterToken]
    private var position = 0

    init(_ text: String) {
        self.text = text
        tokens = FilterToken.tokens(of: text)
    }

    mutating func parse() throws(PubSubError) -> Filter.Condition {
        let condition = try expression(depth: 0)
        guard case .end = current.kind else {
            if case .word(let word) = current.kind, word == "AND" || word == "OR" {
                throw expected("parentheses: AND and OR cannot be mixed without them")
            }
            throw expected("AND, OR or the end")
        }
        return condition
    }

    private var current: FilterToken { tokens[position] }

    private mutating func advance() { if position + 1 < tokens.count { position += 1 } }

    private mutating func take(_ kind: FilterToken.Kind) -> Bool {
        guard current.kind == kind else { return false }
        advance()
        return true
    }

    private func expected(_ what: String) -> PubSubError {
        PubSubError(
            .invalidArgument,
            "Invalid filter at character \(current.column): expected \(what), found \(current.kind) in: \(text)")
    }

    private mutating func expression(depth: Int) throws(PubSubError) -> Filter.Condition {
        // 256 bytes leave no room for more; the stack does.
        guard depth <= 256 else { throw expected("fewer parentheses") }
        var conditions = [try term(depth: depth)]
        var connective: String?
        while case .word(let word) = current.kind, word == "AND" || word == "OR", word == connective ?? word {
            connective = word
            advance()
            conditions.append(try term(depth: depth))
        }
        switch connective {
        case "AND": return .all(conditions)
        case "OR": return .any(conditions)
        default: return conditions[0]
        }
    }

    private mutating func term(depth: Int) throws(PubSubError) -> Filter.Condition {
        if take(.word("NOT")) || take(.symbol("-")) { return .not(try term(depth: depth + 1)) }
        if take(.symbol("(")) {
            let inner = try expression(depth: depth + 1)
            guard take(.symbol(")")) else { throw expected("')'") }
            return inner
        }
        if take(.word("hasPrefix")) {
            guard take(.symbol("(")) else { throw expected("'('") }
            let key = try attribute()
            guard take(.symbol(",")) else { throw expected("','") }
            let value = try string()
            guard take(.symbol(")")) else { throw expected("')'") }
            return .prefix(key, value)
        }
        guard case .word("attributes") = current.kind else {
            throw expected("'attributes', 'hasPrefix', NOT or '('")
        }
        if case .symbol(":") = tokens[min(position + 1, tokens.count - 1)].kind {
            advance()
            advance()
            return .present(try key())
        }
        let key = try attribute()
        if take(.symbol("=")) { return .equal(key, try string()) }
        if take(.symbol("!=")) { return .not(.equal(key, try string())) }
        throw expected("'=' or '!='")
    }

    /// `attributes.key`.
    private mutating func attribute() throws(PubSubError) -> String {
        guard take(.word("attributes")) else { throw expected("'attributes'") }
        guard take(.symbol(".")) else { throw expected("'.' or ':'") }
        return try key()
    }

    private mutating func key() throws(PubSubError) -> String {
        switch current.kind {
        case .word(let text), .string(let text):
            advance()
            return text
        default: throw expected("a key")
        }
    }

    private mutating func string() throws(PubSubError) -> String {
        guard case .string(let text) = current.kind else { throw expected("a value in double quotes") }
        advance()
        return text
    }
}
