/// A key as a person names it.
public enum Key: Sendable, Hashable {
    case character(Character)
    /// With Ctrl held: the letter, small.
    case control(Character)
    case enter, escape, tab, backTab, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// F1 to F63.
    case function(Int)
}

extension Key {
    /// How the key is written in a keymap and on the screen: `space`, `ctrl-c`, `shift-tab`, `f1`, `x`.
    public var name: String {
        switch self {
        case .character(" "): "space"
        case .character(let character): String(character)
        case .control(let character): "ctrl-\(character)"
        case .backTab: "shift-tab"
        case .pageUp: "pgup"
        case .pageDown: "pgdn"
        case .escape: "esc"
        case .function(let number): "f\(number)"
        default: Self.names.first { $0.value == self }?.key ?? "?"
        }
    }

    /// Reads what `name` writes; one character is itself, letters' case counts. Nil when no key is called so.
    public init?(name: String) {
        if name.count == 1, let character = name.first {
            self = .character(character)
            return
        }
        let lowered = name.lowercased()
        if let key = Self.names[lowered] {
            self = key
        } else if lowered.hasPrefix("ctrl-"), let letter = lowered.dropFirst(5).first, lowered.count == 6,
            letter.isASCII
        {
            self = .control(letter)
        } else if lowered.first == "f", let number = Int(lowered.dropFirst()), (1...63).contains(number) {
            self = .function(number)
        } else {
            return nil
        }
    }

    private static let names: [String: Key] = [
        "space": .character(" "), "enter": .enter, "esc": .escape, "tab": .tab, "shift-tab": .backTab,
        "backspace": .backspace, "delete": .delete, "insert": .insert, "up": .up, "down": .down, "left": .left,
        "right": .right, "home": .home, "end": .end, "pgup": .pageUp, "pgdn": .pageDown,
    ]
}
