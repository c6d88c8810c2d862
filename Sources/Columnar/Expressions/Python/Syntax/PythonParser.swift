/// Reads one Python expression, by the binding powers of its operators.
struct PythonParser {
    let source: [Unicode.Scalar]
    private let tokens: [PythonToken]
    private(set) var index = 0
    private var depth = 0

    /// How deep expressions may be nested: far beyond what people write, far from the end of the stack.
    static let deepest = 100

    init(_ source: [Unicode.Scalar], range: Range<Int>? = nil, keepsLines: Bool = false) throws(ExpressionError) {
        self.source = source
        var lexer = PythonLexer(source, range: range, keepsLines: keepsLines)
        tokens = try lexer.tokens()
    }

    /// A whole source that is one expression.
    static func expression(_ source: [Unicode.Scalar], range: Range<Int>? = nil) throws(ExpressionError) -> PythonNode {
        var parser = try PythonParser(source, range: range)
        let node = try parser.expressionList()
        try parser.expectEnd()
        return node
    }

    // MARK: Tokens

    var current: PythonToken { tokens[index] }

    mutating func advance() { if index + 1 < tokens.count { index += 1 } }

    func isAt(_ symbol: String) -> Bool { current.kind == .symbol(symbol) }

    func isAt(word: String) -> Bool { current.kind == .name(word) }

    mutating func skip(_ symbol: String) -> Bool {
        guard isAt(symbol) else { return false }
        advance()
        return true
    }

    mutating func skip(word: String) -> Bool {
        guard isAt(word: word) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: String, after what: String) throws(ExpressionError) {
        guard skip(symbol) else {
            let refusal = unexpected()
            if refusal.isOutsideCompiledLanguage { throw refusal }
            throw ExpressionError(
                "'\(symbol)' is missing after \(what), where \(current.shown) stands", at: current.offset)
        }
    }

    func expectEnd() throws(ExpressionError) {
        guard current.kind == .end else { throw unexpected() }
    }

    func unexpected() -> ExpressionError {
        switch current.kind {
        case .name("for"), .name("async"): ExpressionError("a comprehension is not expected here", at: current.offset)
        case .symbol(":="): ExpressionError("assignments are not supported", at: current.offset).outside
        case .symbol("="):
            ExpressionError(
                "'=' assigns, which an expression does not", at: current.offset, suggestion: "did you mean '=='?")
        case .symbol("{"): ExpressionError("dictionaries and sets are not supported", at: current.offset).outside
        case .symbol(let symbol) where ["&", "|", "^", "~", "<<", ">>", "@"].contains(symbol):
            ExpressionError("the operator '\(symbol)' is not supported", at: current.offset).outside
        case .symbol("*"), .symbol("**"):
            // Something that is unpacked stands where a value starts; an operator stands after one.
            isUnpacking
                ? ExpressionError("unpacking is not supported", at: current.offset).outside
                : ExpressionError("\(current.shown) is not expected here", at: current.offset)
        case .symbol("!"), .name("AND"), .name("OR"):
            ExpressionError("\(current.shown) is not expected here", at: current.offset)
        case .end: ExpressionError("the expression ends too early", at: current.offset)
        default: ExpressionError("\(current.shown) is not expected here", at: current.offset)
        }
    }

    /// Whether the token before opens or goes on with a list.
    private var isUnpacking: Bool {
        guard index > 0, case .symbol(let symbol) = tokens[index - 1].kind else { return false }
        return ["(", "[", "{", ","].contains(symbol)
    }

    /// Words that are no names.
    static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif",
        "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not",
        "or",
        "pass", "raise", "return", "try", "while", "with", "yield",
    ]

    /// A row of operators or calls nests without brackets.
    func checkDepth(_ node: PythonNode) throws(ExpressionError) {
        if node.depth > 3 * Self.deepest {
            throw ExpressionError("the expression is nested too deeply", at: current.offset).outside
        }
    }

    /// One level deeper.
    private mutating func descend() throws(ExpressionError) {
        depth += 1
        if depth > Self.deepest {
            throw ExpressionError("the expression is nested too deeply", at: current.offset).outside
        }
    }

    // MARK: Expressions, the loosest binding first

    /// An expression, or a tuple without brackets.
    mutating func expressionList() throws(ExpressionError) -> PythonNode {
        let first = try expression()
        guard isAt(",") else { return first }
        var elements = [first]
        while skip(",") {
            if current.kind == .end || isAt(")") || isAt("]") { break }
            elements.append(try expression())
        }
        return PythonNode(kind: .tuple(elements), offset: first.offset)
    }

    mutating func expression() throws(ExpressionError) -> PythonNode {
        try descend()
        defer { depth -= 1 }
        if isAt(word: "lambda") {
            return try lambda()
        }
        let value = try disjunction()
        let offset = current.offset
        guard skip(word: "if") else { return value }
        let test = try disjunction()
        guard skip(word: "else") else {
            throw ExpressionError("'if' needs an 'else' in an expression", at: offset)
        }
        let no = try expression()
        return PythonNode(kind: .conditional(test: test, yes: value, no: no), offset: offset)
    }

    private mutating func lambda() throws(ExpressionError) -> PythonNode {
        let offset = current.offset
        advance()
        var parameters: [String] = []
        while !isAt(":") {
            if isAt("*") || isAt("**") || isAt("/") {
                throw ExpressionError("such parameters are not supported", at: current.offset).outside
            }
            guard case .name(let name) = current.kind, !Self.keywords.contains(name) else { throw unexpected() }
            advance()
            if isAt("=") {
                throw ExpressionError("parameters with defaults are not supported", at: current.offset).outside
            }
            parameters.append(name)
            guard skip(",") else { break }
        }
        try expect(":", after: "the parameters")
        return PythonNode(kind: .lambda(parameters, try expression()), offset: offset)
    }

    mutating func disjunction() throws(ExpressionError) -> PythonNode {
        var left = try conjunction()
        while isAt(word: "or") {
            let offset = current.offset
            advance()
            left = PythonNode(kind: .junction(.or, left, try conjunction()), offset: offset)
            try checkDepth(left)
        }
        return left
    }

    private mutating func conjunction() throws(ExpressionError) -> PythonNode {
        var left = try inversion()
        while isAt(word: "and") {
            let offset = current.offset
            advance()
            left = PythonNode(kind: .junction(.and, left, try inversion()), offset: offset)
            try checkDepth(left)
        }
        return left
    }

    private mutating func inversion() throws(ExpressionError) -> PythonNode {
        let offset = current.offset
        guard skip(word: "not") else { return try comparison() }
        try descend()
        defer { depth -= 1 }
        return PythonNode(kind: .not(try inversion()), offset: offset)
    }

    private mutating func comparison() throws(ExpressionError) -> PythonNode {
        let first = try arithmetic(0)
        var links: [PythonComparison] = []
        while let (symbol, offset) = try comparisonOperator() {
            links.append(PythonComparison(symbol: symbol, offset: offset, operand: try arithmetic(0)))
        }
        guard let link = links.first else { return first }
        return PythonNode(kind: .comparison(first, links), offset: link.offset)
    }

    private mutating func comparisonOperator() throws(ExpressionError) -> (String, Int)? {
        let offset = current.offset
        switch current.kind {
        case .symbol(let symbol) where ["<", "<=", ">", ">=", "==", "!="].contains(symbol):
            advance()
            return (symbol, offset)
        case .name("in"):
            advance()
            return ("in", offset)
        case .name("is"):
            advance()
            return (skip(word: "not") ? "is not" : "is", offset)
        case .name("not"):
            advance()
            guard skip(word: "in") else { throw unexpected() }
            return ("not in", offset)
        default: return nil
        }
    }

    /// How strongly the binary operators of arithmetic bind; all group to the left.
    private static let powers: [String: Int] = ["+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2]

    private mutating func arithmetic(_ least: Int) throws(ExpressionError) -> PythonNode {
        var left = try signed()
        while case .symbol(let symbol) = current.kind, let power = Self.powers[symbol], power > least {
            let offset = current.offset
            advance()
            left = PythonNode(kind: .arithmetic(symbol, left, try arithmetic(power)), offset: offset)
            try checkDepth(left)
        }
        return left
    }

    private mutating func signed() throws(ExpressionError) -> PythonNode {
        let offset = current.offset
        guard isAt("-") || isAt("+") else { return try power() }
        try descend()
        defer { depth -= 1 }
        let symbol = isAt("-") ? "-" : "+"
        advance()
        // -2**63 is the one integer whose magnitude is none.
        if symbol == "-", case .integer(let magnitude?) = current.kind, magnitude == Int64.min.magnitude {
            advance()
            return PythonNode(kind: .integer(.min), offset: offset)
        }
        let operand = try signed()
        if symbol == "-" {
            if case .integer(let value) = operand.kind, value != .min {
                return PythonNode(kind: .integer(-value), offset: offset)
            }
            if case .float(let value) = operand.kind { return PythonNode(kind: .float(-value), offset: offset) }
        }
        return PythonNode(kind: .sign(symbol, operand), offset: offset)
    }

    private mutating func power() throws(ExpressionError) -> PythonNode {
        let base = try primary()
        let offset = current.offset
        guard skip("**") else { return base }
        try descend()
        defer { depth -= 1 }
        return PythonNode(kind: .arithmetic("**", base, try signed()), offset: offset)
    }
}
