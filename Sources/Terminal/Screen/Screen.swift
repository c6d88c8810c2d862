/// Something that shows grids of cells and reports what the person does: a terminal, or a recorder in tests.
public protocol Screen: Sendable {
    /// Keys, clicks, sizes; ends after `hangUp` and after closing. For one reader.
    var events: AsyncStream<InputEvent> { get }
    /// How many colours it shows.
    var colorDepth: ColorDepth { get async }
    /// Shows a grid; only what changed since the last one is sent.
    func draw(_ grid: CellGrid) async
    /// Reports the mouse or leaves it to the terminal, where it marks text to copy.
    func setMouse(_ isOn: Bool) async
    /// Draws everything anew: after other programs wrote over the screen.
    func refresh() async
    /// Forgets the colours in use: before the first grid in other ones.
    func resetColors() async
    /// Gives the terminal back and stops the process until its shell continues it.
    func suspend() async
}

/// Why there is no screen.
public struct TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line for the person: what is missing and what to do.
    public let description: String

    /// Standard input or output is a file or a pipe.
    public static let notATerminal = TerminalError(
        description: "standard input and output are no terminal; 'streamtop run' works without one")

    static func cursorless(type: String) -> TerminalError {
        TerminalError(
            description: "the terminal type '\(type)' (TERM) cannot place its cursor; try TERM=xterm-256color, or "
                + "'streamtop run', which works without")
    }

    static func unknown(type: String) -> TerminalError {
        TerminalError(
            description: type.isEmpty
                ? "TERM is not set, so the terminal's kind is unknown; try TERM=xterm-256color"
                : "the terminal type '\(type)' (TERM) is unknown here; try TERM=xterm-256color, or install ncurses-term"
        )
    }
}
