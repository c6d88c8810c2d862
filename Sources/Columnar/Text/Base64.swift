/// Base64 (RFC 4648, sections 4 and 5): reads both alphabets with or without padding, writes the standard one, padded.
public enum Base64 {
    /// The text of `bytes`, in the standard alphabet, padded.
    public static func encode(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: encodedCount(bytes.count)) { room in
            bytes.withUnsafeBufferPointer { bytes in
                guard let target = room.baseAddress else { return 0 }
                encode(bytes, into: target)
                return encodedCount(bytes.count)
            }
        }
    }

    /// The bytes of a text in either alphabet, padded or not; nil where it is not base64.
    public static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { text in
            var isBase64 = true
            let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 3) { room, count in
                guard let target = room.baseAddress, let written = decode(text, into: target) else {
                    isBase64 = false
                    return
                }
                count = written
            }
            return isBase64 ? bytes : nil
        }
    }

    /// Decodes `text` into `target`, which has room for three bytes for each four characters; nil where the text is not
    /// base64, otherwise the number of bytes.
    static func decode(_ text: UnsafeBufferPointer<UInt8>, into target: UnsafeMutablePointer<UInt8>) -> Int? {
        var count = text.count
        if count % 4 == 0 {
            var padding = 0
            while padding < 2, count > 0, text[count - 1] == 0x3D {
                count -= 1
                padding += 1
            }
        }
        guard count % 4 != 1 else { return nil }
        var (written, bits, held) = (0, UInt32(0), 0)
        for byte in text.prefix(count) {
            guard let value = sextet(byte) else { return nil }
            bits = bits << 6 | value
            held += 6
            if held >= 8 {
                held -= 8
                target[written] = UInt8(truncatingIfNeeded: bits >> UInt32(held))
                written += 1
            }
        }
        // Bits that belong to no byte are zero in what an encoder wrote.
        return bits & ((1 << UInt32(held)) - 1) == 0 ? written : nil
    }

    /// How many characters `count` bytes take.
    static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// Writes `bytes` as `encodedCount` characters.
    static func encode(_ bytes: UnsafeBufferPointer<UInt8>, into target: UnsafeMutablePointer<UInt8>) {
        var (index, next) = (0, 0)
        while index < bytes.count {
            let left = bytes.count - index
            let (first, second) = (UInt32(bytes[index]), left > 1 ? UInt32(bytes[index + 1]) : 0)
            let bits = first << 16 | second << 8 | (left > 2 ? UInt32(bytes[index + 2]) : 0)
            target[next] = character(bits >> 18)
            target[next + 1] = character(bits >> 12)
            target[next + 2] = left > 1 ? character(bits >> 6) : 0x3D
            target[next + 3] = left > 2 ? character(bits) : 0x3D
            index += 3
            next += 4
        }
    }

    private static func sextet(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte) - 0x41
        case 0x61...0x7A: UInt32(byte) - 0x61 + 26
        case 0x30...0x39: UInt32(byte) - 0x30 + 52
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: nil
        }
    }

    private static func character(_ bits: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: bits & 63)
        switch value {
        case 0..<26: return value + 0x41
        case 26..<52: return value - 26 + 0x61
        case 52..<62: return value - 52 + 0x30
        case 62: return 0x2B
        default: return 0x2F
        }
    }
}
