/// Tries a pattern on one text by going back where it fails, as Python does.
struct PatternMatcher {
    private let pattern: Pattern
    private let text: [Unicode.Scalar]
    /// Where each group was found, the whole first.
    private(set) var groups: [Range<Int>?]
    /// The pattern needs more than there is room for.
    private(set) var isTooDeep = false
    private var depth = 0
    private var start = 0
    private var mustReachEnd = false
    private var mustAdvance = false

    /// What the stack of a thread holds.
    private static let deepest = 1_500

    /// What is left to match, from the innermost out.
    private indirect enum Rest {
        case done
        case node(Pattern.Node, Rest)
        case again(Pattern.Node, least: Int, most: Int, isLazy: Bool, from: Int, Rest)
        case close(Int, from: Int, Rest)
    }

    init(_ pattern: Pattern, _ text: [Unicode.Scalar]) {
        self.pattern = pattern
        self.text = text
        groups = Array(repeating: nil, count: pattern.groupCount + 1)
    }

    /// Whether it matches at `position`.
    mutating func matches(at position: Int, toEnd: Bool = false, mustAdvance: Bool = false) -> Bool {
        groups = Array(repeating: nil, count: pattern.groupCount + 1)
        start = position
        mustReachEnd = toEnd
        self.mustAdvance = mustAdvance
        guard let end = run(pattern.root, position, .done) else { return false }
        groups[0] = position..<end
        return true
    }

    /// Whether it matches somewhere from `position` on.
    mutating func isFound(from position: Int, mustAdvance: Bool = false) -> Bool {
        var place = position
        while place <= text.count, !isTooDeep {
            if matches(at: place, mustAdvance: mustAdvance && place == position) { return true }
            place += 1
        }
        return false
    }

    private mutating func go(_ rest: Rest, _ position: Int) -> Int? {
        switch rest {
        case .done:
            if mustReachEnd, position != text.count { return nil }
            return mustAdvance && position == start ? nil : position
        case .node(let node, let rest): return run(node, position, rest)
        case .again(let node, let least, let most, let isLazy, let from, let rest):
            // A repetition that went nowhere ends.
            if position == from, least <= 0 { return go(rest, position) }
            return repetition(node, least, most, isLazy, position, rest)
        case .close(let index, let from, let rest):
            let before = groups[index]
            groups[index] = from..<position
            if let end = go(rest, position) { return end }
            groups[index] = before
            return nil
        }
    }

    private mutating func run(_ node: Pattern.Node, _ position: Int, _ rest: Rest) -> Int? {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { isTooDeep = true }
        if isTooDeep { return nil }
        switch node {
        case .character(let characters):
            guard position < text.count, characters.contains(text[position]) else { return nil }
            return go(rest, position + 1)
        case .sequence(let nodes): return go(nodes.reversed().reduce(rest) { .node($1, $0) }, position)
        case .alternatives(let branches):
            for branch in branches { if let end = run(branch, position, rest) { return end } }
            return nil
        case .group(let node, let index): return run(node, position, .close(index, from: position, rest))
        case .anchor(let anchor): return holds(anchor, position) ? go(rest, position) : nil
        case .repetition(let node, let least, let most, let isLazy):
            return repetition(node, least, most, isLazy, position, rest)
        }
    }

    private mutating func repetition(
        _ node: Pattern.Node, _ least: Int, _ most: Int, _ isLazy: Bool, _ position: Int, _ rest: Rest
    ) -> Int? {
        if case .character(let characters) = node {
            return characterRun(characters, least, most, isLazy, position, rest)
        }
        let next = Rest.again(
            node, least: least - 1, most: most == .max ? most : most - 1, isLazy: isLazy, from: position, rest)
        if least > 0 { return run(node, position, next) }
        if isLazy, let end = go(rest, position) { return end }
        if most > 0, let end = run(node, position, next) { return end }
        return isLazy ? nil : go(rest, position)
    }

    /// A repeated character takes no room on the stack.
    private mutating func characterRun(
        _ characters: Pattern.CharacterClass, _ least: Int, _ most: Int, _ isLazy: Bool, _ position: Int, _ rest: Rest
    ) -> Int? {
        var length = 0
        let wanted = isLazy ? least : most
        while length < wanted, position + length < text.count, characters.contains(text[position + length]) {
            length += 1
        }
        guard length >= least else { return nil }
        while !isTooDeep {
            if let end = go(rest, position + length) { return end }
            if isLazy {
                guard length < most, position + length < text.count, characters.contains(text[position + length])
                else { return nil }
                length += 1
            } else {
                guard length > least else { return nil }
                length -= 1
            }
        }
        return nil
    }

    private func holds(_ anchor: Unicode.Scalar, _ position: Int) -> Bool {
        switch anchor {
        case "^", "A": return position == 0
        case "Z": return position == text.count
        case "$": return position == text.count || (position == text.count - 1 && text[position] == "\n")
        default:
            let before = position > 0 && PythonText.isWord(text[position - 1])
            let after = position < text.count && PythonText.isWord(text[position])
            return (before != after) == (anchor == "b")
        }
    }
}
