/// How a 24-bit colour is shown where there are fewer.
extension Color {
    /// The number in xterm's 256 colours: a grey of the ramp when the channels agree in elevenths, else the cube.
    ///
    /// The rule is btop's, so that a theme looks here as it does there. Meaningless for the terminal's own colour.
    public var index256: Int {
        func rounded(_ channel: UInt8, _ divisor: Int) -> Int { (Int(channel) * 2 + divisor) / (divisor * 2) }
        let grey = rounded(red, 11)
        if grey == rounded(green, 11), grey == rounded(blue, 11) { return 232 + grey }
        return 16 + 36 * rounded(red, 51) + 6 * rounded(green, 51) + rounded(blue, 51)
    }

    /// The one of ANSI's sixteen that keeps the hue, or for greys the nearest in lightness.
    ///
    /// Not the nearest in the cube: a dark green would turn grey, and a warning must not.
    public var index16: Int {
        guard isChromatic else { return nearestGrey([0, 8, 7, 15]) }
        return index8Hue + (max(red, green, blue) >= 0xc0 ? 8 : 0)
    }

    /// The one of ANSI's first eight. Never black for a foreground: what is grey elsewhere would vanish.
    public func index8(isForeground: Bool) -> Int {
        isChromatic ? index8Hue : isForeground ? 7 : nearestGrey([0, 7])
    }

    /// Whether one would call it by a colour's name.
    public var isChromatic: Bool { saturation >= 40 }

    /// ANSI's bits: red 1, green 2, blue 4.
    private var index8Hue: Int {
        let middle = (Int(max(red, green, blue)) + Int(min(red, green, blue))) / 2
        return (Int(red) > middle ? 1 : 0) + (Int(green) > middle ? 2 : 0) + (Int(blue) > middle ? 4 : 0)
    }

    private func nearestGrey(_ candidates: [Int]) -> Int {
        candidates.min { abs(Int(Color.ansi[$0].green) - Int(green)) < abs(Int(Color.ansi[$1].green) - Int(green)) }
            ?? 7
    }

    /// xterm's values for ANSI's sixteen.
    static let ansi: [Color] = [
        0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
        0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
    ].map(Color.init(hex:))
}
