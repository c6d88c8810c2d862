/// What one place of the screen shows.
public struct Cell: Sendable, Hashable {
    /// One grapheme; a space in the second half of a wide one.
    public var character: Character
    /// Columns that the grapheme takes: 1 or 2; 0 in the second half of a wide one.
    public var width: UInt8
    /// How it is drawn besides its colours.
    public var attributes: Attributes
    /// The colour of the character.
    public var foreground: Color
    /// The colour behind it.
    public var background: Color

    /// A cell; by default a space in the terminal's own colours.
    public init(
        _ character: Character = " ", width: UInt8 = 1, foreground: Color = .terminal, background: Color = .terminal,
        attributes: Attributes = []
    ) {
        self.character = character
        self.width = width
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// A space in the terminal's own colours.
    public static let blank = Cell()
}

/// How a character is drawn besides its colours.
public struct Attributes: OptionSet, Sendable, Hashable {
    /// One bit an attribute.
    public let rawValue: UInt8
    /// From bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Thicker, or brighter.
    public static let bold = Attributes(rawValue: 1)
    /// Fainter.
    public static let dim = Attributes(rawValue: 2)
    /// Slanted.
    public static let italic = Attributes(rawValue: 4)
    /// With a line below.
    public static let underline = Attributes(rawValue: 8)
    /// With the two colours exchanged.
    public static let reverse = Attributes(rawValue: 16)
}

/// Colours and attributes to draw with.
public struct Style: Sendable, Hashable {
    /// The colour of the text.
    public var foreground: Color
    /// Nil keeps what the cell has.
    public var background: Color?
    /// How the text is drawn besides.
    public var attributes: Attributes

    /// A style; by default the terminal's own.
    public init(_ foreground: Color = .terminal, on background: Color? = nil, _ attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The same with more attributes.
    public func with(_ more: Attributes) -> Style { Style(foreground, on: background, attributes.union(more)) }
}
