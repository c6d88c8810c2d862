/// How many colours a terminal shows, and how ncurses reaches them.
public enum ColorDepth: String, Sendable, CaseIterable, Comparable {
    /// None: bold, reverse and signs must do.
    case mono
    /// The eight of ANSI.
    case ansi8
    /// ANSI's eight, plain and bright.
    case ansi16
    /// xterm's fixed 256: 16 of ANSI, a 6×6×6 cube, 24 greys.
    case indexed256
    /// 256 slots of which 16 to 255 are redefined: any 240 colours at once, exactly.
    case palette
    /// 24 bits, straight through terminfo's `RGB`.
    case direct

    /// Fewer colours first.
    public static func < (a: ColorDepth, b: ColorDepth) -> Bool { a.rung < b.rung }

    private var rung: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Whether colours are few enough that greys and selections must be drawn otherwise than by colour.
    public var isCoarse: Bool { self <= .ansi16 }

    /// What terminfo and ncurses say of a terminal.
    public struct Capabilities: Sendable, Hashable {
        /// terminfo's `colors`; 0 for none.
        public var colors: Int
        /// terminfo's extended `RGB`.
        public var hasDirectColor: Bool
        /// terminfo's `ccc`.
        public var canChangeColors: Bool

        /// What a terminal can do.
        public init(colors: Int, hasDirectColor: Bool = false, canChangeColors: Bool = false) {
            self.colors = colors
            self.hasDirectColor = hasDirectColor
            self.canChangeColors = canChangeColors
        }
    }

    /// Which rung of the ladder to stand on: direct → palette → 256 → 16 → 8 → mono.
    ///
    /// `NO_COLOR` (no-color.org: present and not empty) and `TERM=dumb` are mono whatever the terminal can do. Apple's
    /// Terminal claims xterm's redefinable palette but ignores it.
    public static func detect(_ capabilities: Capabilities, environment: [String: String]) -> ColorDepth {
        if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return .mono }
        if environment["TERM"] == "dumb" { return .mono }
        if capabilities.hasDirectColor, capabilities.colors >= 1 << 24 { return .direct }
        if capabilities.colors >= 256 {
            let isBroken = environment["TERM_PROGRAM"] == "Apple_Terminal"
            return capabilities.canChangeColors && !isBroken ? .palette : .indexed256
        }
        if capabilities.colors >= 16 { return .ansi16 }
        return capabilities.colors >= 8 ? .ansi8 : .mono
    }

    /// The terminfo entry to open instead of `TERM`, nil for none: `TERM=xterm` has eight colours, but one that sets
    /// `COLORTERM` to `truecolor` or `24bit` understands at least `xterm-256color`.
    public static func betterTerminal(environment: [String: String]) -> String? {
        guard environment["TERM"] == "xterm", ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") else {
            return nil
        }
        return "xterm-256color"
    }
}
