public import Terminal

/// The colours of a screen: every key has one, every gradient its 101 steps.
public struct Theme: Sendable, Hashable {
    /// The stem of its file.
    public let name: String
    private var colors: [ThemeKey: Color]
    private var gradients: [ThemeGradient: Gradient]

    /// Reads a theme's text and fills in what it leaves out, by btop's rules: a missing key takes the default theme's
    /// colour, but `meter_bg` and `graph_text` take `inactive_fg` and the `process` gradient takes `cpu`'s. An empty value
    /// is the terminal's own colour; an empty middle or end of a gradient is no stop at all.
    public init(name: String, text: ThemeText) {
        self.init(name: name, values: text.values, defaults: Theme.standardValues)
    }

    private init(name: String, values: [ThemeKey: ThemeText.Value], defaults: [ThemeKey: ThemeText.Value]) {
        self.name = name
        var resolved: [ThemeKey: ThemeText.Value] = [:]
        for key in ThemeKey.allCases { resolved[key] = values[key] ?? defaults[key] ?? .empty }
        for key in [ThemeKey.meterBackground, .graphText] where values[key] == nil {
            resolved[key] = resolved[.inactive]
        }
        for (key, source) in [
            (ThemeKey.processStart, ThemeKey.cpuStart), (.processMiddle, .cpuMiddle), (.processEnd, .cpuEnd),
        ] where values[key] == nil { resolved[key] = resolved[source] }

        func color(_ key: ThemeKey?) -> Color? {
            guard let key, case .color(let color) = resolved[key] else { return nil }
            return color
        }
        colors = resolved.compactMapValues { if case .color(let color) = $0 { color } else { nil } }
        gradients = [:]
        for gradient in ThemeGradient.allCases {
            gradients[gradient] = Gradient(
                start: color(gradient.start) ?? .terminal, middle: color(gradient.middle), end: color(gradient.end))
        }
    }

    /// The colour at a key.
    public subscript(key: ThemeKey) -> Color { colors[key] ?? .terminal }

    /// The gradient of a name.
    public subscript(gradient: ThemeGradient) -> Gradient { gradients[gradient] ?? Gradient(start: .terminal) }

    /// The theme for a terminal of so many colours: with sixteen or fewer the greys and the backgrounds are left to the
    /// terminal, whose own are readable on each other, and gradients have three steps.
    public func adapted(to depth: ColorDepth) -> Theme {
        guard depth.isCoarse else { return self }
        var theme = self
        theme.colors[.mainBackground] = nil
        for key in ThemeKey.allCases where !self[key].isChromatic { theme.colors[key] = nil }
        theme.gradients = gradients.mapValues(\.inThreeSteps)
        return theme
    }

    /// The theme that fills in what others leave out.
    public static let standard = Theme(
        name: BuiltInThemes.standardName, values: standardValues, defaults: [:])

    private static let standardValues = ThemeText(BuiltInThemes.standardText).values
}
