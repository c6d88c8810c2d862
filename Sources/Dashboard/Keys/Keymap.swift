public import Terminal

/// Which key does what.
///
/// A keymap file has a line an action, `action = key, key`; `#` starts a comment; `none` unbinds the action:
///
///     # streamtop's keys
///     toggle-trigger = space, f5
///     panel-left     = left
///     help           = ?, h, f1
///     detach         = none
///
/// An action that the file names has exactly the keys that it lists; the others keep theirs, save for keys that the file
/// gives away. Keys are single characters (letters' case counts), `space enter esc tab shift-tab backspace delete insert
/// up down left right home end pgup pgdn`, `f1` to `f63`, and `ctrl-` with a letter. Ctrl-C always quits.
public struct Keymap: Sendable, Hashable {
    private var keys: [Action: [Key]] = [:]
    private var actions: [Key: Action] = [:]

    /// The standard keys.
    public init() { self.init(overrides: [:]) }

    /// Reads a keymap file.
    /// - Parameter file: how to call it in errors.
    /// - Throws: `KeymapError` with file, line and what would do.
    public init(text: String, file: String) throws(KeymapError) {
        var overrides: [Action: [Key]] = [:]
        var givenAway: [Key: Action] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let place = "\(file):\(index + 1)"
            let content = Self.withoutComment(line)
            if content.isEmpty { continue }
            guard let equals = content.firstIndex(of: "=") else {
                throw KeymapError("\(place): '\(content)' is no binding; write action = key, key")
            }
            let name = Self.trimmed(content[..<equals])
            guard let action = Action(rawValue: name) else {
                let known = Action.allCases.map(\.rawValue).joined(separator: " ")
                throw KeymapError("\(place): there is no action '\(name)'; there are \(known)")
            }
            var keys: [Key] = []
            for written in Self.keyNames(content[content.index(after: equals)...]) where written != "none" {
                guard let key = Key(name: written) else {
                    throw KeymapError(
                        "\(place): there is no key '\(written)'; write a character, space, enter, esc, tab, shift-tab, up, "
                            + "down, left, right, home, end, pgup, pgdn, f1 or ctrl-l")
                }
                if key == .control("c") {
                    throw KeymapError("\(place): ctrl-c always quits; choose another key for \(name)")
                }
                if let other = givenAway[key], other != action {
                    throw KeymapError("\(place): \(written) already does \(other.rawValue)")
                }
                givenAway[key] = action
                keys.append(key)
            }
            overrides[action] = keys
        }
        self.init(overrides: overrides)
    }

    private init(overrides: [Action: [Key]]) {
        let taken = Set(overrides.values.joined())
        for action in Action.allCases {
            let keys = overrides[action] ?? action.standardKeys.filter { !taken.contains($0) }
            self.keys[action] = keys
            for key in keys { actions[key] = action }
        }
    }

    /// What a key does; nil for nothing.
    public func action(for key: Key) -> Action? { actions[key] }

    /// The keys of an action, the one to show first.
    public func keys(for action: Action) -> [Key] { keys[action] ?? [] }

    /// The key to show for an action; nil when it has none.
    func label(_ action: Action) -> String? { keys(for: action).first?.name }

    private static func withoutComment(_ line: Substring) -> Substring {
        // `#` may also be a key: it starts a comment at the beginning of the line or after a space, unless a key stands
        // after `=` or `,` there.
        var previous: Character?
        for index in line.indices {
            let character = line[index]
            if character == "#", previous == nil || !(previous == "=" || previous == ",") {
                return Substring(trimmed(line[..<index]))
            }
            if character != " ", character != "\t" { previous = character }
        }
        return Substring(trimmed(line))
    }

    /// The names between commas; a comma that stands alone is the key itself.
    private static func keyNames(_ text: Substring) -> [String] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
        if parts.allSatisfy(\.isEmpty) { return parts.count > 1 ? [","] : [] }
        return parts.filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}

/// What is wrong in a keymap file, with its place.
public struct KeymapError: Error, Sendable, Hashable, CustomStringConvertible {
    /// File, line, what is wrong, what would do.
    public let description: String
    init(_ description: String) { self.description = description }
}
