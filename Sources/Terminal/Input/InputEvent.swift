/// What comes from the person and from the terminal.
public enum InputEvent: Sendable, Hashable {
    case key(Key)
    case mouse(MouseEvent)
    /// The terminal has this size now; also the first event of all.
    case resize(Size)
    /// The terminal is gone: nothing can be drawn and no key will come.
    case hangUp
}

/// A click or a turn of the wheel, at a place of the grid.
public struct MouseEvent: Sendable, Hashable {
    /// What the hand did.
    public enum Kind: Sendable { case press, doublePress, wheelUp, wheelDown }

    /// What the hand did.
    public var kind: Kind
    /// Of the grid.
    public var row: Int
    /// Of the grid.
    public var column: Int

    /// An event at a place.
    public init(_ kind: Kind, row: Int, column: Int) {
        self.kind = kind
        self.row = row
        self.column = column
    }
}
