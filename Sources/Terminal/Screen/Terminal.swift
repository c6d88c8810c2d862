import CNcurses
import Foundation

/// The terminal on standard input and output, by ncurses, which is not safe for threads: one thread of its own makes every
/// call.
///
///     let terminal = try await Terminal.open()
///     await terminal.draw(grid)
///     for await event in terminal.events { … }
///     await terminal.close()
///
/// The terminal is given back by `close`, and also by `exit`, a trap, and any of SIGTERM, SIGINT, SIGHUP and SIGQUIT that
/// nobody else handles when it is opened; whoever handles one of these closes the terminal.
public actor Terminal: Screen {
    /// What may be decided from outside.
    public struct Options: Sendable {
        /// Nil detects it.
        public var colorDepth: ColorDepth?
        /// Whether to draw ASCII only; nil: where the locale is not UTF-8, and on the Linux console.
        public var isASCII: Bool?
        /// Variables that decide on colours: `TERM`, `COLORTERM`, `NO_COLOR`, `TERM_PROGRAM`.
        public var environment: [String: String]

        /// Detects what is not given.
        public init(colorDepth: ColorDepth? = nil, isASCII: Bool? = nil, environment: [String: String]) {
            self.colorDepth = colorDepth
            self.isASCII = isASCII
            self.environment = environment
        }
    }

    /// Keys, clicks, sizes; the first is the size. Ends after `hangUp` and after `close`.
    public nonisolated let events: AsyncStream<InputEvent>
    /// How many colours it shows.
    public private(set) var colorDepth: ColorDepth = .mono
    /// Whether it is drawn in ASCII only.
    public private(set) var isASCII = false

    private nonisolated let executor = TerminalThread()
    private let input: AsyncStream<InputEvent>.Continuation
    private let options: Options
    private var screen: OpaquePointer?
    private var colors = CursesColors(depth: .mono)
    private var shown: CellGrid?
    private var scratch: [wchar_t] = []

    /// The terminal's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private init(options: Options) {
        self.options = options
        (events, input) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1024))
    }

    deinit { executor.stop() }

    /// Takes over the terminal; the first event is its size.
    /// - Throws: `TerminalError` when there is no terminal or its kind is unknown.
    public static func open(_ options: Options) async throws -> Terminal {
        let terminal = Terminal(options: options)
        try await terminal.start()
        return terminal
    }

    /// Its size now.
    public var size: Size { Size(columns: Int(st_columns()), rows: Int(st_rows())) }

    private func start() throws {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw TerminalError.notATerminal }
        let hasUnicode = st_set_locale()
        isASCII = options.isASCII ?? (!hasUnicode || options.environment["TERM"] == "linux")
        st_guard_save()
        guard let screen = st_open(ColorDepth.betterTerminal(environment: options.environment)) else {
            st_guard_disarm()
            throw TerminalError.unknown(type: options.environment["TERM"] ?? "")
        }
        guard st_can_place_cursor() else {
            st_close(screen)
            st_guard_disarm()
            throw TerminalError.cursorless(type: options.environment["TERM"] ?? "")
        }
        st_guard_arm()
        self.screen = screen
        let capabilities = ColorDepth.Capabilities(
            colors: has_colors() ? Int(st_colors()) : 0, hasDirectColor: st_has_direct_color(),
            canChangeColors: can_change_color())
        colorDepth = options.colorDepth ?? ColorDepth.detect(capabilities, environment: options.environment)
        colors = CursesColors(depth: colorDepth)
        input.yield(.resize(size))
        executor.watch(STDIN_FILENO) { [weak self] report in self?.assumeIsolated { $0.readInput(report) } }
    }

    /// Gives the terminal back; everything afterwards does nothing.
    public func close() {
        guard let screen else { return }
        executor.watch(nil, onWake: nil)
        self.screen = nil
        st_close(screen)
        st_guard_disarm()
        input.finish()
    }

    // MARK: Drawing

    /// Shows a grid; what lies beyond the terminal's size is cut off.
    public func draw(_ grid: CellGrid) {
        guard screen != nil else { return }
        let grid = isASCII ? grid.inASCII : grid
        let changes = grid.changes(from: shown)
        let size = size
        for change in changes where change.row < size.rows {
            for column in change.columns where column < size.columns {
                put(grid[change.row, column], change.row, column)
            }
        }
        shown = grid
        if !changes.isEmpty, let window = st_window() { wrefresh(window) }
    }

    private func put(_ cell: Cell, _ row: Int, _ column: Int) {
        guard cell.width > 0 else { return }
        let attributes = Self.attributes(cell.attributes)
        let pair = colors.pair(cell.foreground, cell.background)
        scratch.removeAll(keepingCapacity: true)
        for scalar in cell.character.unicodeScalars { scratch.append(wchar_t(bitPattern: scalar.value)) }
        scratch.append(0)
        // ncurses goes by the C library's widths: where they are not ours the rest of the row would shift.
        if !cell.character.isASCII, st_width(scratch) != Int32(cell.width) {
            st_put(Int32(row), Int32(column), Self.replacement, attributes, pair)
            if cell.width == 2 { st_put(Int32(row), Int32(column + 1), Self.space, attributes, pair) }
            return
        }
        st_put(Int32(row), Int32(column), scratch, attributes, pair)
    }

    private static let replacement: [wchar_t] = [0x3f, 0]
    private static let space: [wchar_t] = [0x20, 0]

    private static func attributes(_ attributes: Attributes) -> attr_t {
        guard !attributes.isEmpty else { return 0 }
        var result: attr_t = 0
        if attributes.contains(.bold) { result |= st_bold() }
        if attributes.contains(.dim) { result |= st_dim() }
        if attributes.contains(.italic) { result |= st_italic() }
        if attributes.contains(.underline) { result |= st_underline() }
        if attributes.contains(.reverse) { result |= st_reverse() }
        return result
    }

    /// Turns reports of clicks and of the wheel on or off.
    public func setMouse(_ isOn: Bool) {
        guard screen != nil else { return }
        st_mouse(isOn)
    }

    /// Draws everything anew.
    public func refresh() {
        guard screen != nil, let window = st_window() else { return }
        clearok(window, true)
        wrefresh(window)
    }

    /// Frees the palette and draws the next grid whole.
    public func resetColors() {
        guard screen != nil else { return }
        colors.reset()
        shown = nil
    }

    /// Stops the process group, as Ctrl-Z does elsewhere; draws anew once it goes on.
    public func suspend() {
        guard screen != nil else { return }
        def_prog_mode()
        endwin()
        st_stop()
        reset_prog_mode()
        refresh()
    }

    // MARK: Input

    private enum Reading { case event(InputEvent), unknown, nothing }

    private func readInput(_ report: Int16) {
        guard screen != nil else { return }
        if report & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { return hangUp() }
        var isEmpty = true
        reading: while true {
            switch nextReading() {
            case .event(let event): input.yield(event)
            case .unknown: break
            case .nothing: break reading
            }
            isEmpty = false
        }
        // Readable, yet nothing to read: the end of the file.
        if isEmpty, report & Int16(POLLIN) != 0, st_waiting_bytes() <= 0 { hangUp() }
    }

    private func nextReading() -> Reading {
        guard let window = st_window() else { return .nothing }
        var read: wint_t = 0
        let status = wget_wch(window, &read)
        let code = Int32(bitPattern: read)
        switch status {
        case OK:
            return KeyDecoder.key(character: read).map { .event(.key($0)) } ?? .unknown
        case KEY_CODE_YES where code == KEY_RESIZE:
            shown = nil
            return .event(.resize(size))
        case KEY_CODE_YES where code == KEY_MOUSE:
            return mouseEvent().map { .event(.mouse($0)) } ?? .unknown
        case KEY_CODE_YES:
            return KeyDecoder.key(code: code).map { .event(.key($0)) } ?? .unknown
        default:
            return .nothing
        }
    }

    private func mouseEvent() -> MouseEvent? {
        var row: Int32 = 0
        var column: Int32 = 0
        let kind: MouseEvent.Kind
        switch Int(st_mouse_event(&row, &column)) {
        case ST_MOUSE_PRESS: kind = .press
        case ST_MOUSE_DOUBLE: kind = .doublePress
        case ST_MOUSE_WHEEL_UP: kind = .wheelUp
        case ST_MOUSE_WHEEL_DOWN: kind = .wheelDown
        default: return nil
        }
        return MouseEvent(kind, row: Int(row), column: Int(column))
    }

    private func hangUp() {
        executor.watch(nil, onWake: nil)
        input.yield(.hangUp)
        input.finish()
    }
}
