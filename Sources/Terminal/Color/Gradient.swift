/// A run of colours from 0 % to 100 %, through up to three stops.
public struct Gradient: Sendable, Hashable {
    /// 101 colours, one a percent.
    public let colors: [Color]

    /// Linear in each channel: start → middle over 0–50 and middle → end over 51–100; without a middle start → end;
    /// without an end all start. A stop that is the terminal's own colour cannot be mixed: all start.
    public init(start: Color, middle: Color? = nil, end: Color? = nil) {
        guard let end, !start.isTerminal, !end.isTerminal else {
            colors = Array(repeating: start, count: 101)
            return
        }
        guard let middle, !middle.isTerminal else {
            colors = (0...100).map { Self.mix(start, end, $0, of: 100) }
            return
        }
        colors = (0...100).map {
            $0 <= 50 ? Self.mix(start, middle, $0, of: 50) : Self.mix(middle, end, $0 - 50, of: 50)
        }
    }

    private init(colors: [Color]) { self.colors = colors }

    /// The colour at a percentage, rounded and clamped; anything that is not a number counts as 0.
    public subscript(percent: Double) -> Color {
        colors[percent.isFinite ? Int(min(max(percent, 0), 100).rounded()) : percent > 0 ? 100 : 0]
    }

    /// The same in three steps (0–33, 34–66, 67–100), for terminals of 16 colours, where a mixture would change its hue.
    public var inThreeSteps: Gradient {
        Gradient(colors: (0...100).map { $0 <= 33 ? colors[0] : $0 <= 66 ? colors[50] : colors[100] })
    }

    private static func mix(_ a: Color, _ b: Color, _ step: Int, of steps: Int) -> Color {
        func channel(_ from: UInt8, _ to: UInt8) -> UInt8 {
            UInt8(Int(from) + (Int(to) - Int(from)) * step / steps)
        }
        return Color(red: channel(a.red, b.red), green: channel(a.green, b.green), blue: channel(a.blue, b.blue))
    }
}
