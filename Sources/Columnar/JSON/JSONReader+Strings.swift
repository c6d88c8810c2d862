extension JSONReader {
    /// Decodes a string into a text column; `start` is behind the opening quote.
    @inline(__always)
    mutating func string(_ index: Int, _ start: BytePointer) -> BytePointer? {
        let stop = scanPlainText(start, end)
        if stop < end, stop.pointee == 0x22 {
            guard nodes[index].column.append(text: start, count: stop - start) else { return tooMuchText(start) }
            return stop + 1
        }
        let node = nodes + index
        guard let behind = longString(start, stop, into: &node.pointee.column) else { return nil }
        node.pointee.column.closeText()
        return behind
    }

    @inline(never)
    mutating func tooMuchText(_ position: BytePointer) -> BytePointer? {
        fail("more than 2 GiB of text in one batch", position)
    }

    /// A string with escapes or beyond ASCII, or an ill-formed one: appends pieces to `column` without ending the
    /// value. `stop` is as far as the text is known to be plain.
    @inline(never)
    private mutating func longString(
        _ start: BytePointer, _ stop: BytePointer, into column: inout GrowingColumn
    ) -> BytePointer? {
        var pieceStart = start
        var position = stop
        while position < end {
            let byte = position.pointee
            if byte >= 0x80 {
                guard let behind = skipMultibyte(position, end) else {
                    return fail("invalid UTF-8 in a string", position)
                }
                position = behind
                if position < end, position.pointee < 0x80 { position = scanPlainText(position, end) }
            } else if byte == 0x22 {
                guard column.append(piece: pieceStart, count: position - pieceStart) else { return tooMuchText(start) }
                return position + 1
            } else if byte == 0x5C {
                guard column.append(piece: pieceStart, count: position - pieceStart) else { return tooMuchText(start) }
                guard let behind = escape(position, into: &column) else { return nil }
                pieceStart = behind
                position = scanPlainText(behind, end)
            } else {
                return controlCharacter(position)
            }
        }
        return fail("unterminated string", end)
    }

    @inline(never)
    private mutating func controlCharacter(_ position: BytePointer) -> BytePointer? {
        let isLineEnd = isLines && position.pointee == 0x0A
        return fail(isLineEnd ? "unterminated string" : "unescaped control character in a string", position)
    }

    /// Decodes the escape at `position`, a backslash.
    private mutating func escape(_ position: BytePointer, into column: inout GrowingColumn) -> BytePointer? {
        guard end - position >= 2, position[1] != 0x0A else { return fail("unterminated string", position + 1) }
        guard let target = column.room(4) else { return tooMuchText(position) }
        var length = 1
        var behind = position + 2
        switch position[1] {
        case 0x22, 0x5C, 0x2F: target[0] = position[1]
        case 0x62: target[0] = 0x08
        case 0x66: target[0] = 0x0C
        case 0x6E: target[0] = 0x0A
        case 0x72: target[0] = 0x0D
        case 0x74: target[0] = 0x09
        case 0x75:
            guard var scalar = codeUnit(position) else { return invalidEscape(position) }
            behind = position + 6
            if scalar & 0xFC00 == 0xDC00 { return fail("low surrogate without a high one", position) }
            if scalar & 0xFC00 == 0xD800 {
                guard let low = codeUnit(behind), low & 0xFC00 == 0xDC00 else {
                    return fail("high surrogate without a low one", position)
                }
                scalar = 0x10000 + (scalar & 0x3FF) << 10 + low & 0x3FF
                behind += 6
            }
            length = encode(scalar, into: target)
        default: return invalidEscape(position)
        }
        column.advanceText(length)
        return behind
    }

    private mutating func invalidEscape(_ position: BytePointer) -> BytePointer? {
        fail("invalid escape in a string", position)
    }

    /// The number in `\uXXXX` at `position`; nil where there is none.
    private func codeUnit(_ position: BytePointer) -> UInt32? {
        guard end - position >= 6, position[0] == 0x5C, position[1] == 0x75 else { return nil }
        var value: UInt32 = 0
        for offset in 2..<6 {
            let byte = position[offset]
            let letter = (byte | 0x20) &- 0x61
            if isDigit(byte) {
                value = value << 4 | UInt32(byte & 0x0F)
            } else if letter < 6 {
                value = value << 4 | UInt32(letter + 10)
            } else {
                return nil
            }
        }
        return value
    }

    private func encode(_ scalar: UInt32, into target: UnsafeMutablePointer<UInt8>) -> Int {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: scalar >> shift & 0x3F) | 0x80 }
        if scalar < 0x80 {
            target[0] = UInt8(truncatingIfNeeded: scalar)
            return 1
        }
        if scalar < 0x800 {
            (target[0], target[1]) = (UInt8(truncatingIfNeeded: scalar >> 6) | 0xC0, tail(0))
            return 2
        }
        if scalar < 0x10000 {
            (target[0], target[1], target[2]) = (UInt8(truncatingIfNeeded: scalar >> 12) | 0xE0, tail(6), tail(0))
            return 3
        }
        target[0] = UInt8(truncatingIfNeeded: scalar >> 18) | 0xF0
        (target[1], target[2], target[3]) = (tail(12), tail(6), tail(0))
        return 4
    }

    // MARK: Strings that mean something else

    /// Steps over a string; `start` is behind the opening quote.
    @inline(__always)
    mutating func skipString(_ start: BytePointer) -> BytePointer? {
        let stop = scanPlainText(start, end)
        return stop < end && stop.pointee == 0x22 ? stop + 1 : skipLongString(stop)
    }

    @inline(never)
    private mutating func skipLongString(_ stop: BytePointer) -> BytePointer? {
        var position = stop
        while position < end {
            let byte = position.pointee
            if byte >= 0x80 {
                guard let behind = skipMultibyte(position, end) else {
                    return fail("invalid UTF-8 in a string", position)
                }
                position = behind
                if position < end, position.pointee < 0x80 { position = scanPlainText(position, end) }
            } else if byte == 0x22 {
                return position + 1
            } else if byte == 0x5C {
                guard end - position >= 2, position[1] != 0x0A else { return fail("unterminated string", position + 1) }
                switch position[1] {
                case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: position += 2
                case 0x75 where codeUnit(position) != nil: position += 6
                default: return invalidEscape(position)
                }
                position = scanPlainText(position, end)
            } else {
                return controlCharacter(position)
            }
        }
        return fail("unterminated string", end)
    }

    /// A well-formed string without its escapes, in `scratch` until the next call; nil where a surrogate stands alone.
    mutating func unescape(_ start: BytePointer) -> UnsafeBufferPointer<UInt8>? {
        var text = scratch
        defer { scratch = text }
        text.truncate(to: 0)
        guard longString(start, scanPlainText(start, end), into: &text) != nil else { return nil }
        let length = text.textCount
        guard let behind = text.room(0) else { return nil }
        return UnsafeBufferPointer(start: behind - length, count: length)
    }

    /// The text of the string whose quote is at `quote`, as it is where it has no escapes, and the position behind it.
    @inline(__always)
    private mutating func content(_ quote: BytePointer) -> (text: UnsafeBufferPointer<UInt8>, behind: BytePointer)? {
        let start = quote + 1
        let stop = scanPlainText(start, end)
        if stop < end, stop.pointee == 0x22 {
            return (UnsafeBufferPointer(start: start, count: stop - start), stop + 1)
        }
        guard let behind = skipLongString(stop), let text = unescape(start) else { return nil }
        return (text, behind)
    }

    mutating func timestamp(_ index: Int, _ quote: BytePointer) -> BytePointer? {
        guard let (text, behind) = content(quote) else { return nil }
        guard let micros = TimestampText.micros(text) else {
            return fail("expected RFC 3339 timestamp, found \(quoted(text))", quote)
        }
        nodes[index].column.append(word: UInt64(bitPattern: micros))
        return behind
    }

    mutating func base64(_ index: Int, _ quote: BytePointer) -> BytePointer? {
        guard let (text, behind) = content(quote) else { return nil }
        guard let target = nodes[index].column.room(text.count) else { return tooMuchText(quote) }
        guard let length = Base64.decode(text, into: target) else {
            return fail("expected base64 string, found \(quoted(text))", quote)
        }
        nodes[index].column.advanceText(length)
        nodes[index].column.closeText()
        return behind
    }

    private func quoted(_ text: UnsafeBufferPointer<UInt8>) -> String {
        let shown = String(decoding: text.prefix(40), as: UTF8.self)
        return "'\(shown)\(text.count > 40 ? "…" : "")'"
    }
}
