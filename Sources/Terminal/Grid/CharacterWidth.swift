/// How many columns text takes in a terminal, by Unicode's East Asian Width (UAX #11) and emoji presentation (UTS #51).
public enum CharacterWidth {
    /// 1 or 2 for what can be drawn; 0 for combining marks that stand alone and for what is invisible; nil for control
    /// characters, which must never reach a terminal.
    public static func of(_ character: Character) -> Int? {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if first.value < 0x7f, scalars.count == 1 { return first.value < 0x20 ? nil : 1 }
        var width = 0
        for scalar in scalars {
            guard let one = of(scalar) else { return nil }
            // A following emoji variation selector makes a text symbol wide; joined sequences are as wide as one of them.
            width = scalar.value == 0xfe0f && width == 1 && first.properties.isEmoji ? 2 : max(width, one)
        }
        return width
    }

    /// The columns of a whole text, control characters counting as one (they are drawn as a replacement).
    public static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text.utf8.count }
        return text.reduce(0) { $0 + (of($1) ?? 1) }
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int? {
        let value = scalar.value
        if value < 0x7f { return value < 0x20 ? nil : 1 }
        if value < 0xa0 { return nil }
        if value < 0x300 { return value == 0xad ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        case .control, .surrogate, .lineSeparator, .paragraphSeparator: return nil
        default: break
        }
        if value < 0x1100 { return 1 }
        if scalar.properties.isEmojiPresentation { return 2 }
        return isWide(value) ? 2 : 1
    }

    private static func isWide(_ value: UInt32) -> Bool {
        var low = 0
        var high = wideRanges.count
        while low < high {
            let middle = (low + high) / 2
            if value > wideRanges[middle].upperBound { low = middle + 1 } else { high = middle }
        }
        return low < wideRanges.count && wideRanges[low].contains(value)
    }

    /// The ranges of East Asian Width W and F, ascending.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115f, 0x231a...0x231b, 0x2329...0x232a, 0x23e9...0x23ec, 0x23f0...0x23f0, 0x23f3...0x23f3,
        0x25fd...0x25fe, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97f,
        0xac00...0xd7a3, 0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6,
        0x16fe0...0x18aff, 0x1b000...0x1b2fb, 0x1f200...0x1f202, 0x1f210...0x1f23b, 0x1f240...0x1f248,
        0x1f250...0x1f251, 0x1f260...0x1f265, 0x20000...0x3fffd,
    ]
}
