/// The module `re`, as far as `Pattern` goes.
extension PythonCompiler {
    static let patternFunctions = ["fullmatch", "match", "search", "sub"]

    mutating func pattern(
        _ name: String, _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed? {
        guard Self.patternFunctions.contains(name) else { return nil }
        try requireArguments("re.\(name)", arguments, name == "sub" ? 3...3 : 2...2, keywords, node)
        guard case .string(let source) = arguments[0].kind else {
            throw error("the pattern must be spelled out", arguments[0]).outside
        }
        let pattern = try PatternParser.parse(source, at: arguments[0].offset)
        let text = try value(arguments[arguments.count - 1])
        guard text.type == .string || (text.type == .null && text.literal == nil) else {
            throw error("expected string or bytes-like object, got '\(text.name)'", arguments[arguments.count - 1])
        }
        if let function = PatternMatch.Function(rawValue: name) {
            return Typed(PatternMatch(function: function, pattern: pattern, text: text.kernel), isNullable: true)
        }
        guard case .string(let replacement) = arguments[1].kind else {
            throw error("the replacement must be spelled out", arguments[1]).outside
        }
        let parts = try self.replacement(replacement, pattern, arguments[1])
        return Typed(PatternReplacement(pattern: pattern, replacement: parts, text: text.kernel))
    }

    /// Text with `\1` for what a group has found.
    private func replacement(
        _ source: String, _ pattern: Pattern, _ node: PythonNode
    ) throws(ExpressionError) -> [PatternReplacement.Part] {
        var parts: [PatternReplacement.Part] = []
        var text: [Unicode.Scalar] = []
        var rest = Array(source.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            let next = rest.popFirst()
            if next == "\\" {
                text.append("\\")
                continue
            }
            guard let next, ("1"..."9").contains(next), !(rest.first.map { ("0"..."9").contains($0) } ?? false) else {
                throw error("a replacement's backslash is followed by one digit or a backslash here", node).outside
            }
            let index = Int(next.value) - 48
            guard index <= pattern.groupCount else { throw error("invalid group reference \(index)", node) }
            parts += [.text(text), .group(index)]
            text = []
        }
        return parts + [.text(text)]
    }

    /// `match.group(1)`.
    func patternGroup(
        _ method: String, _ match: PatternMatch, _ arguments: [PythonNode], _ keywords: [PythonKeyword],
        _ node: PythonNode, _ offset: Int
    ) throws(ExpressionError) -> Typed {
        if method == "groups", arguments.isEmpty, keywords.isEmpty {
            throw error("groups() gives a tuple", node, suggestion: "take one of them: groups()[0]").outside
        }
        guard method == "group" else {
            throw ExpressionError(
                "'re.Match' has no attribute '\(method)' that is supported", at: offset, suggestion: "there is group"
            ).outside
        }
        try requireArguments("group", arguments, 0...1, keywords, node)
        var index: Int?
        switch arguments.first?.kind {
        case nil: index = 0
        case .integer(let number): index = Int(exactly: number)
        case .string(let name): index = match.pattern.names[name]
        default: throw error("the group must be spelled out", arguments[0]).outside
        }
        guard let index, (0...match.pattern.groupCount).contains(index) else { throw error("no such group", node) }
        let found = Required(operand: match, reason: "'NoneType' object has no attribute 'group'")
        return Typed(
            Element(sequence: found, index: Constant(.int64(Int64(index)), .int64), type: .string),
            isNullable: index > 0)
    }

    /// `match[1]`, `match['name']`, `match.groups()[0]`; nil when the base is no match.
    mutating func matchPart(
        of base: PythonNode, _ index: PythonNode, _ node: PythonNode
    ) throws(ExpressionError) -> Typed? {
        guard case .call(let callee, let arguments, let keywords) = base.kind else { return nil }
        if case .attribute(let inner, "groups", let offset) = callee.kind, case .call = inner.kind,
            let match = try operand(inner).kernel as? PatternMatch
        {
            try requireArguments("groups", arguments, 0...0, keywords, node)
            guard case .integer(let number) = index.kind else {
                throw error("the group must be spelled out", index).outside
            }
            let count = Int64(match.pattern.groupCount)
            let place = number < 0 ? number + count : number
            guard place >= 0, place < count else { throw error("tuple index out of range", index) }
            let group = PythonNode(kind: .integer(place + 1), offset: index.offset)
            return try patternGroup("group", match, [group], [], node, offset)
        }
        guard case .attribute(_, let name, _) = callee.kind, PatternMatch.Function(rawValue: name) != nil,
            let match = try operand(base).kernel as? PatternMatch
        else { return nil }
        return try patternGroup("group", match, [index], [], node, node.offset)
    }
}
