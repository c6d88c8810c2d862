import Spelling

/// What stands between tags, and which tag is which.
extension Parser {
    mutating func statements(until ends: [String], of opening: (name: String, place: SourcePlace)?) throws
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
    mutating func body(_ name: String, _ place: SourcePlace, until ends: String...) throws -> [Statement] {
        _ = skipSign(":")
        try expectBlockEnd()
        return try statements(until: ends, of: (name, place))
    }

    /// The same with one end, behind whose name the present token is.
    mutating func wholeBody(_ name: String, _ place: SourcePlace, until end: String) throws -> [Statement] {
        let body = try body(name, place, until: end)
        advance()
        return body
    }

    private static let tags = [
        "for", "if", "block", "extends", "print", "macro", "include", "from", "import", "set", "with", "call",
        "filter", "raw",
    ]

    mutating func statement(into body: inout [Statement], _ ends: [String]) throws {
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
}
