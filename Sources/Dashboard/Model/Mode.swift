public import Control
public import Time

/// What the keys mean now.
public enum Mode: Sendable, Hashable {
    case normal
    /// The list of keys, scrolled by so many rows.
    case help(scroll: Int)
    case themes(ThemePicker)
    /// Typing a filter for the panel; what it was before.
    case filter(before: String?)
    /// A question that only y and n answer: nothing else moves meanwhile.
    case question(Question)
    /// Typing how far to seek back.
    case seek(SeekPrompt)
}

/// The list of themes, previewed while one moves through it.
public struct ThemePicker: Sendable, Hashable {
    /// The theme on which one stands.
    public var index: Int
    /// The theme to go back to.
    public var original: String
}

/// Something that cannot be taken back, or not easily.
public struct Question: Sendable, Hashable {
    /// What yes does.
    public enum Purpose: Sendable, Hashable {
        case send(Command)
        case quit
    }

    /// The question itself.
    public var text: String
    /// What follows from yes.
    public var consequence: String
    /// What yes does.
    public var purpose: Purpose
}

/// How far back a subscription is to be handed out again.
public struct SeekPrompt: Sendable, Hashable {
    /// Its name.
    public var subscription: String
    /// As typed: `90s`, `10m`, `2h`, `08:30`.
    public var text: String
    /// Why what was typed will not do.
    public var complaint: String?
}

/// A line for the person, shown for some seconds.
public struct Notice: Sendable, Hashable {
    /// What it tells of.
    public enum Kind: Sendable, Hashable { case pending, done, refused }

    /// The line.
    public var text: String
    /// What it tells of.
    public var kind: Kind
    /// When it goes away.
    public var until: Timestamp
}
