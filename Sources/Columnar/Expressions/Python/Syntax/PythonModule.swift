/// Reads a `callable`: lines that import, then a lambda of one parameter.
struct PythonModule {
    /// What code may import.
    static let modules: Set<String> = ["apache_beam", "datetime", "json", "math", "re"]

    private var parser: PythonParser
    private var imports: [String: [String]] = [:]

    static func parse(_ source: [Unicode.Scalar]) throws(ExpressionError) -> PythonLambda {
        var module = PythonModule(parser: try PythonParser(source, keepsLines: true))
        return try module.parse()
    }

    private init(parser: PythonParser) { self.parser = parser }

    private mutating func parse() throws(ExpressionError) -> PythonLambda {
        while true {
            switch parser.current.kind {
            case .newline: parser.advance()
            case .name("import"): try importModules()
            case .name("from"): try importNames()
            case .name("lambda"): return try lambda()
            case .name("def"), .name("class"):
                throw ExpressionError(
                    "a callable that is a definition is not supported", at: parser.current.offset,
                    suggestion: "write it as 'lambda row: …'"
                ).outside
            case .end: throw ExpressionError("a callable ends with 'lambda row: …'", at: parser.current.offset)
            default:
                throw ExpressionError(
                    "a callable is lines that import and then 'lambda row: …', not \(parser.current.shown)",
                    at: parser.current.offset
                ).outside
            }
        }
    }

    private mutating func lambda() throws(ExpressionError) -> PythonLambda {
        let start = parser.current.offset
        parser.advance()
        guard case .name(let parameter) = parser.current.kind, !PythonParser.keywords.contains(parameter) else {
            throw ExpressionError("a callable takes one parameter: 'lambda row: …'", at: parser.current.offset).outside
        }
        parser.advance()
        guard parser.skip(":") else {
            throw ExpressionError("a callable takes one parameter: 'lambda row: …'", at: parser.current.offset).outside
        }
        let body = try parser.expression()
        while parser.current.kind == .newline { parser.advance() }
        try parser.expectEnd()
        try requireIndentation(after: start)
        return PythonLambda(imports: imports, parameter: parameter, body: body)
    }

    /// Beam takes the last line that is not indented for the start of the lambda.
    private func requireIndentation(after start: Int) throws(ExpressionError) {
        let source = parser.source
        let lines = source.split(separator: "\n", omittingEmptySubsequences: true)
            .filter { line in line.first { $0 != " " }.map { $0 != "#" } ?? false }
        guard let indent = lines.map({ $0.prefix { $0 == " " }.count }).min() else { return }
        for line in lines where line.startIndex > start && line.prefix(while: { $0 == " " }).count <= indent {
            throw ExpressionError(
                "Beam takes this line for the start of the lambda", at: line.startIndex + indent,
                suggestion: "indent it more than 'lambda'")
        }
    }

    // MARK: Imports

    private mutating func importModules() throws(ExpressionError) {
        parser.advance()
        repeat {
            let offset = parser.current.offset
            let path = try dottedName()
            try requireKnown(path, at: offset)
            if parser.skip(word: "as") {
                imports[try name()] = path
            } else {
                // `import a.b` makes the name `a` known.
                imports[path[0]] = [path[0]]
            }
        } while parser.skip(",")
        try endLine()
    }

    private mutating func importNames() throws(ExpressionError) {
        parser.advance()
        let offset = parser.current.offset
        let path = try dottedName()
        guard parser.skip(word: "import") else { throw parser.unexpected() }
        let isBracketed = parser.skip("(")
        repeat {
            if isBracketed, parser.isAt(")") { break }
            let imported = try name()
            try requireKnown(path + [imported], at: offset)
            imports[parser.skip(word: "as") ? try name() : imported] = path + [imported]
        } while parser.skip(",")
        if isBracketed { try parser.expect(")", after: "the imported names") }
        try endLine()
    }

    private mutating func endLine() throws(ExpressionError) {
        guard parser.skip(";") || [.newline, .end].contains(parser.current.kind) else { throw parser.unexpected() }
    }

    private mutating func name() throws(ExpressionError) -> String {
        guard case .name(let name) = parser.current.kind, !PythonParser.keywords.contains(name) else {
            throw parser.unexpected()
        }
        parser.advance()
        return name
    }

    private mutating func dottedName() throws(ExpressionError) -> [String] {
        var path = [try name()]
        while parser.skip(".") { path.append(try name()) }
        return path
    }

    /// What may be imported, whether or not all of it can be called.
    private func requireKnown(_ path: [String], at offset: Int) throws(ExpressionError) {
        if Self.modules.contains(path[0]) { return }
        throw ExpressionError(
            "the module '\(path[0])' is not available to expressions", at: offset,
            suggestion: "there are \(Self.modules.sorted().joined(separator: ", "))"
        ).outside
    }
}
