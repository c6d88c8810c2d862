/// A 24-bit colour, or the terminal's own.
public struct Color: Sendable, Hashable {
    /// `0x01rrggbb`; 0 is the terminal's own colour.
    private let bits: UInt32

    private init(bits: UInt32) { self.bits = bits }

    /// From channels, 0–255.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        bits = 0x0100_0000 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
    }

    /// From `0xrrggbb`.
    public init(hex: UInt32) { bits = 0x0100_0000 | hex & 0xff_ffff }

    /// What the terminal shows where nobody set a colour.
    public static let terminal = Color(bits: 0)

    /// Whether it is the terminal's own.
    public var isTerminal: Bool { bits == 0 }
    /// 0–255.
    public var red: UInt8 { UInt8(truncatingIfNeeded: bits >> 16) }
    /// 0–255.
    public var green: UInt8 { UInt8(truncatingIfNeeded: bits >> 8) }
    /// 0–255.
    public var blue: UInt8 { UInt8(truncatingIfNeeded: bits) }
    /// `0xrrggbb`; 0 for the terminal's own.
    public var hex: UInt32 { bits & 0xff_ffff }

    /// The largest difference between two channels, 0–255: how far from grey.
    var saturation: Int { Int(max(red, green, blue)) - Int(min(red, green, blue)) }
}

extension Color: CustomStringConvertible {
    /// `#rrggbb`, or `terminal`.
    public var description: String {
        guard !isTerminal else { return "terminal" }
        let digits = String(hex, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }
}
