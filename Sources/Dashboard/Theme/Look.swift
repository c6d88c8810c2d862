public import Terminal

/// A theme on a terminal of a certain depth: the styles that everything is drawn in.
public struct Look: Sendable, Hashable {
    /// Adapted to the depth.
    public let theme: Theme
    /// How many colours there are.
    public let depth: ColorDepth
    private let background: Color

    /// Adapts a theme to a depth.
    public init(theme: Theme, depth: ColorDepth) {
        self.theme = theme.adapted(to: depth)
        self.depth = depth
        background = depth == .mono ? .terminal : self.theme[.mainBackground]
    }

    /// What a piece of text means.
    enum Tone: Hashable { case text, dim, title, key, accent, good, warning, bad }

    var isMono: Bool { depth == .mono }

    /// An empty place.
    var blank: Cell {
        Cell(" ", foreground: color(.mainForeground), background: background)
    }

    func color(_ key: ThemeKey) -> Color { isMono ? .terminal : theme[key] }

    func gradient(_ gradient: ThemeGradient) -> Gradient { isMono ? Gradient(start: .terminal) : theme[gradient] }

    func style(_ tone: Tone) -> Style {
        if isMono {
            switch tone {
            case .text, .accent, .good: return Style()
            case .dim: return Style(.terminal, on: nil, .dim)
            case .title, .key, .warning: return Style(.terminal, on: nil, .bold)
            case .bad: return Style(.terminal, on: nil, [.bold, .underline])
            }
        }
        switch tone {
        case .text: return Style(theme[.mainForeground])
        case .dim: return Style(theme[.inactive], on: nil, depth.isCoarse ? .dim : [])
        case .title: return Style(theme[.title], on: nil, .bold)
        case .key: return Style(theme[.highlight], on: nil, .bold)
        case .accent: return Style(theme[.processMisc])
        case .good: return Style(theme[.cpu][0])
        case .warning: return Style(theme[.cpu][50], on: nil, depth.isCoarse ? .bold : [])
        case .bad: return Style(theme[.cpu][100], on: nil, .bold)
        }
    }

    /// A filled label, as of a badge.
    func label(_ tone: Tone) -> Style {
        let style = style(tone)
        if depth.isCoarse { return style.with([.reverse, .bold]) }
        let ink: Color = theme[.mainBackground].isTerminal ? Color(hex: 0) : theme[.mainBackground]
        return Style(ink, on: style.foreground, .bold)
    }

    /// Turns cells into selected ones. Text keeps the colour that says something about it, where that can be read.
    func select(_ cell: inout Cell) {
        if depth.isCoarse {
            cell.attributes.insert(.reverse)
            cell.attributes.remove(.dim)
        } else {
            cell.background = theme[.selectedBackground]
            cell.foreground = theme[.selectedForeground]
            cell.attributes.insert(.bold)
        }
    }

    /// The frame of a panel; the one with the focus in the colour of keys.
    func frame(_ panel: Panel, isFocused: Bool) -> Style {
        if isMono { return Style(.terminal, on: nil, isFocused ? .bold : .dim) }
        if isFocused { return Style(theme[.highlight]) }
        return switch panel {
        case .pipelines: Style(theme[.cpuBox])
        case .warehouse, .topics: Style(theme[.memoryBox])
        case .services: Style(theme[.networkBox])
        case .scheduler, .queues, .log: Style(theme[.processBox])
        }
    }
}
