/// A regular expression of Python's, as far as it is supported: characters, classes, groups, alternatives, repetitions
/// and anchors.
struct Pattern: Sendable {
    indirect enum Node: Sendable {
        case character(CharacterClass)
        case sequence([Node])
        case alternatives([Node])
        case repetition(Node, least: Int, most: Int, isLazy: Bool)
        case group(Node, index: Int)
        /// `^`, `$`, `\A`, `\Z`, `\b`, `\B`.
        case anchor(Unicode.Scalar)
    }

    struct CharacterClass: Sendable {
        var ranges: [ClosedRange<UInt32>] = []
        /// Letters of `\d`, `\w`, `\s` and their opposites.
        var kinds: [Unicode.Scalar] = []
        var isNegated = false

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            let found = ranges.contains { $0.contains(scalar.value) } || kinds.contains { Self.has(scalar, $0) }
            return found != isNegated
        }

        private static func has(_ scalar: Unicode.Scalar, _ kind: Unicode.Scalar) -> Bool {
            switch kind {
            case "d": scalar.properties.numericType == .decimal
            case "D": scalar.properties.numericType != .decimal
            case "s": PythonText.isSpace(scalar)
            case "S": !PythonText.isSpace(scalar)
            case "w": PythonText.isWord(scalar)
            default: !PythonText.isWord(scalar)
            }
        }
    }

    var root: Node
    /// Groups without the whole.
    var groupCount = 0
    var names: [String: Int] = [:]
}

/// Reads a regular expression; what is not supported is refused with its place.
struct PatternParser {
    private let source: [Unicode.Scalar]
    private let offset: Int
    private var position = 0
    private var depth = 0
    private var groupCount = 0
    private var names: [String: Int] = [:]

    static func parse(_ text: String, at offset: Int) throws(ExpressionError) -> Pattern {
        var parser = PatternParser(Array(text.unicodeScalars), offset)
        let root = try parser.alternatives()
        guard parser.position == parser.source.count else { throw parser.refusal("an unbalanced ')'") }
        return Pattern(root: root, groupCount: parser.groupCount, names: parser.names)
    }

    private init(_ source: [Unicode.Scalar], _ offset: Int) {
        self.source = source
        self.offset = offset
    }

    private func refusal(_ what: String) -> ExpressionError {
        ExpressionError("\(what) at position \(position) of the pattern is not supported", at: offset).outside
    }

    private var current: Unicode.Scalar? { position < source.count ? source[position] : nil }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        position += 1
        return true
    }

    private mutating func alternatives() throws(ExpressionError) -> Pattern.Node {
        depth += 1
        defer { depth -= 1 }
        if depth > 50 { throw refusal("so deep a group") }
        var branches = [try sequence()]
        while skip("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(ExpressionError) -> Pattern.Node {
        var nodes: [Pattern.Node] = []
        while let scalar = current, scalar != "|", scalar != ")" { nodes.append(try repeated(try atom())) }
        return .sequence(nodes)
    }

    private mutating func repeated(_ node: Pattern.Node) throws(ExpressionError) -> Pattern.Node {
        var least = 0
        var most = Int.max
        switch current {
        case "*": position += 1
        case "+":
            position += 1
            least = 1
        case "?":
            position += 1
            most = 1
        case "{":
            guard let counts = try counts() else { throw refusal("a '{' that is no count") }
            (least, most) = counts
        default: return node
        }
        if case .anchor = node { throw refusal("the repetition of an anchor") }
        let isLazy = skip("?")
        if let next = current, "*+?{".unicodeScalars.contains(next) { throw refusal("a repetition of a repetition") }
        return .repetition(node, least: least, most: most, isLazy: isLazy)
    }

    private mutating func counts() throws(ExpressionError) -> (Int, Int)? {
        guard let end = source[position...].firstIndex(of: "}") else { return nil }
        let text = String(String.UnicodeScalarView(source[(position + 1)..<end]))
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } && $0.count < 5 }),
            parts.contains(where: { !$0.isEmpty })
        else { return nil }
        position = end + 1
        let least = Int(parts[0]) ?? 0
        let most = parts.count == 1 ? least : Int(parts[1]) ?? Int.max
        guard least <= most else { throw refusal("a count from more to less") }
        return (least, most)
    }

    private mutating func atom() throws(ExpressionError) -> Pattern.Node {
        guard let scalar = current else { throw refusal("the end") }
        position += 1
        switch scalar {
        case ".": return .character(.init(ranges: [10...10], isNegated: true))
        case "^", "$": return .anchor(scalar)
        case "(": return try group()
        case "[": return .character(try characterClass())
        case "\\": return try escape()
        case "*", "+", "?", "{": throw refusal("'\(scalar)' without something to repeat")
        default: return .character(.init(ranges: [scalar.value...scalar.value]))
        }
    }

    private mutating func group() throws(ExpressionError) -> Pattern.Node {
        var index: Int?
        if skip("?") {
            if skip("P"), skip("<") {
                guard let end = source[position...].firstIndex(of: ">") else { throw refusal("a name without '>'") }
                groupCount += 1
                index = groupCount
                names[String(String.UnicodeScalarView(source[position..<end]))] = groupCount
                position = end + 1
            } else if !skip(":") {
                throw refusal("a group with '(?'")
            }
        } else {
            groupCount += 1
            index = groupCount
        }
        let node = try alternatives()
        guard skip(")") else { throw refusal("a group without ')'") }
        return index.map { .group(node, index: $0) } ?? node
    }

    private mutating func escape() throws(ExpressionError) -> Pattern.Node {
        guard let scalar = current else { throw refusal("a backslash") }
        if ["A", "Z", "b", "B"].contains(scalar) {
            position += 1
            return .anchor(scalar)
        }
        var result = Pattern.CharacterClass()
        if let plain = try escaped(into: &result) { result.ranges = [plain.value...plain.value] }
        return .character(result)
    }

    /// The character after a backslash; nil where it is a kind of characters, which is added.
    private mutating func escaped(into result: inout Pattern.CharacterClass) throws(ExpressionError) -> Unicode.Scalar?
    {
        guard let scalar = current else { throw refusal("a backslash") }
        position += 1
        switch scalar {
        case "d", "D", "s", "S", "w", "W":
            result.kinds.append(scalar)
            return nil
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case _ where scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)):
            throw refusal("'\\\(scalar)'")
        default: return scalar
        }
    }

    private mutating func characterClass() throws(ExpressionError) -> Pattern.CharacterClass {
        var result = Pattern.CharacterClass(isNegated: skip("^"))
        var isFirst = true
        while let scalar = current, scalar != "]" || isFirst {
            isFirst = false
            guard let lower = try member(&result) else { continue }
            if current == "-", position + 1 < source.count, source[position + 1] != "]" {
                position += 1
                guard let upper = try member(&result), lower.value <= upper.value else {
                    throw refusal("a range from more to less")
                }
                result.ranges.append(lower.value...upper.value)
            } else {
                result.ranges.append(lower.value...lower.value)
            }
        }
        guard skip("]") else { throw refusal("a class without ']'") }
        return result
    }

    private mutating func member(_ result: inout Pattern.CharacterClass) throws(ExpressionError) -> Unicode.Scalar? {
        guard let scalar = current else { throw refusal("a class without ']'") }
        position += 1
        return scalar == "\\" ? try escaped(into: &result) : scalar
    }
}
