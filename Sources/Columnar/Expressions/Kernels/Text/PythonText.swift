/// Text as Python's `str` treats it: a sequence of code points.
enum PythonText {
    /// What `str.isspace` holds for: Unicode's separators and the separators of ASCII.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 9...13, 28...32, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// What `\w` stands for: letters, digits and the underscore.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return scalar.properties.numericType != nil
        }
    }

    /// Without the scalars at both ends for which `isDropped` holds.
    static func strip(
        _ scalars: [Unicode.Scalar], start: Bool = true, end: Bool = true,
        where isDropped: (Unicode.Scalar) -> Bool = isSpace
    ) -> ArraySlice<Unicode.Scalar> {
        var slice = scalars[...]
        if start { slice = slice.drop(while: isDropped) }
        while end, let last = slice.last, isDropped(last) { slice.removeLast() }
        return slice
    }

    /// As `repr(str)` writes it.
    static func quoted(_ text: String) -> String {
        let quote = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = quote
        for scalar in text.unicodeScalars {
            if let escape = escape(scalar, quote) {
                result += escape
            } else if isPrintable(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                let (letter, width) = scalar.value < 256 ? ("x", 2) : (scalar.value < 65536 ? ("u", 4) : ("U", 8))
                result += "\\" + letter + hexadecimal(scalar.value, width)
            }
        }
        return result + quote
    }

    /// As `repr(bytes)` writes it.
    static func quoted(_ bytes: some Collection<UInt8>) -> String {
        let quote = bytes.contains(39) && !bytes.contains(34) ? "\"" : "'"
        var result = "b" + quote
        for byte in bytes {
            let scalar = Unicode.Scalar(byte)
            if let escape = escape(scalar, quote) {
                result += escape
            } else if (32..<127).contains(byte) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\x" + hexadecimal(UInt32(byte), 2)
            }
        }
        return result + quote
    }

    private static func escape(_ scalar: Unicode.Scalar, _ quote: String) -> String? {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\\": "\\\\"
        case "'" where quote == "'": "\\'"
        default: nil
        }
    }

    private static func hexadecimal(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// What `str.isprintable` holds for.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    /// How many code points the UTF-8 text has.
    @inline(__always)
    static func length(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    /// The byte at which code point `index` starts; `index` may be the length.
    static func position(of index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var seen = 0
        for position in bytes.indices where bytes[position] & 0xC0 != 0x80 {
            if seen == index { return position }
            seen += 1
        }
        return bytes.count
    }

    /// Where `needle` starts in `hay`, from `start` on.
    static func find(
        _ needle: UnsafeBufferPointer<UInt8>, in hay: UnsafeBufferPointer<UInt8>, from start: Int = 0
    ) -> Int? {
        guard let first = needle.first else { return start <= hay.count ? start : nil }
        guard hay.count >= needle.count else { return nil }
        var position = start
        while position <= hay.count - needle.count {
            if hay[position] == first, starts(hay, with: needle, at: position) { return position }
            position += 1
        }
        return nil
    }

    /// Where `needle` starts for the last time in `hay`, ending before `end`.
    static func findLast(
        _ needle: UnsafeBufferPointer<UInt8>, in hay: UnsafeBufferPointer<UInt8>, before end: Int? = nil
    ) -> Int? {
        var position = (end ?? hay.count) - needle.count
        while position >= 0 {
            if starts(hay, with: needle, at: position) { return position }
            position -= 1
        }
        return nil
    }

    @inline(__always)
    static func starts(
        _ hay: UnsafeBufferPointer<UInt8>, with needle: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> Bool {
        guard start >= 0, hay.count - start >= needle.count else { return false }
        for offset in 0..<needle.count where hay[start + offset] != needle[offset] { return false }
        return true
    }

    static func upper(_ scalars: String.UnicodeScalarView) -> String {
        scalars.reduce(into: "") { $0 += $1.properties.uppercaseMapping }
    }

    /// A capital sigma that ends a word has a small form of its own.
    static func lower(_ scalars: some Collection<Unicode.Scalar>) -> String {
        let all = Array(scalars)
        var result = ""
        for index in all.indices { result += lower(all, at: index) }
        return result
    }

    private static func lower(_ all: [Unicode.Scalar], at index: Int) -> String {
        guard all[index] == "\u{3A3}" else { return all[index].properties.lowercaseMapping }
        let before = all[..<index].last { !$0.properties.isCaseIgnorable }
        let after = all[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true ? "\u{3C2}" : "\u{3C3}"
    }

    /// Every run of cased characters begins with a capital and goes on small.
    static func title(_ scalars: String.UnicodeScalarView) -> String {
        let all = Array(scalars)
        var result = ""
        var insideWord = false
        for (index, scalar) in all.enumerated() {
            result += insideWord ? lower(all, at: index) : scalar.properties.titlecaseMapping
            insideWord = scalar.properties.isCased
        }
        return result
    }

    static func swapcase(_ scalars: String.UnicodeScalarView) -> String {
        let all = Array(scalars)
        var result = ""
        for (index, scalar) in all.enumerated() {
            if scalar.properties.isUppercase {
                result += lower(all, at: index)
            } else if scalar.properties.isLowercase {
                result += scalar.properties.uppercaseMapping
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func capitalize(_ scalars: String.UnicodeScalarView) -> String {
        guard let first = scalars.first else { return "" }
        let all = Array(scalars)
        return first.properties.titlecaseMapping + all.indices.dropFirst().map { lower(all, at: $0) }.joined()
    }
}
