extension JSONReader {
    /// Steps over a value of any kind that the schema has no place for, checking that it is well formed.
    @inline(__always)
    mutating func skip(_ position: BytePointer, _ depth: Int) -> BytePointer? {
        guard position < end else { return skipScalar(position) }
        switch position.pointee {
        case 0x22: return skipString(position + 1)
        case 0x7B, 0x5B: return skipNested(position, depth)
        default: return skipScalar(position)
        }
    }

    /// A number or a literal.
    private mutating func skipScalar(_ start: BytePointer) -> BytePointer? {
        guard start < end else { return fail("expected a value, found \(found(start))", start) }
        switch start.pointee {
        case 0x2D, 0x30...0x39:
            return skipNumber(start)
                ?? fail("expected a number, found '\(Character(UnicodeScalar(start.pointee)))'", start)
        case 0x74 where isLiteral("true", start), 0x6E where isLiteral("null", start): return start + 4
        case 0x66 where isLiteral("false", start): return start + 5
        case 0x74, 0x66, 0x6E: return fail("expected true, false or null, found another word", start)
        default: return fail("expected a value, found \(found(start))", start)
        }
    }

    /// Nil where the text is not a number of JSON's grammar.
    @inline(__always)
    private func skipNumber(_ start: BytePointer) -> BytePointer? {
        var position = start
        if position.pointee == 0x2D { position += 1 }
        guard position < end, isDigit(position.pointee) else { return nil }
        if position.pointee == 0x30 { position += 1 } else { position = skipDigits(position, end) }
        if position < end, position.pointee == 0x2E {
            let fraction = position + 1
            position = skipDigits(fraction, end)
            if position == fraction { return nil }
        }
        if position < end, position.pointee | 0x20 == 0x65 {
            position += 1
            if position < end, position.pointee == 0x2B || position.pointee == 0x2D { position += 1 }
            let exponent = position
            position = skipDigits(exponent, end)
            if position == exponent { return nil }
        }
        return position
    }

    /// An object or an array, without recursion: `isObject` remembers what encloses what.
    @inline(never)
    private mutating func skipNested(_ start: BytePointer, _ depth: Int) -> BytePointer? {
        var position = start
        var level = depth
        while true {
            // A value starts at `position`.
            var isOpen = false
            if position < end, position.pointee == 0x7B || position.pointee == 0x5B {
                guard level < JSONBatchDecoder.depthLimit else { return tooDeep(position) }
                isObject[level] = position.pointee == 0x7B
                level &+= 1
                position = space(position + 1)
                isOpen = !(position < end && position.pointee == (isObject[level &- 1] ? 0x7D : 0x5D))
                if !isOpen {
                    level &-= 1
                    position += 1
                }
            } else {
                guard
                    let behind = position < end && position.pointee == 0x22
                        ? skipString(position + 1) : skipScalar(position)
                else { return nil }
                position = behind
            }
            // Behind a value: what closes here, until another value follows.
            while !isOpen {
                if level == depth { return position }
                position = space(position)
                guard position < end else { return unclosed(position, level) }
                if position.pointee == 0x2C {
                    position = space(position + 1)
                    isOpen = true
                } else if position.pointee == (isObject[level &- 1] ? 0x7D : 0x5D) {
                    position += 1
                    level &-= 1
                } else {
                    return unclosed(position, level)
                }
            }
            if isObject[level &- 1] {
                guard position < end, position.pointee == 0x22 else {
                    return fail("expected a key, found \(found(position))", position)
                }
                guard let behind = skipString(position + 1) else { return nil }
                position = space(behind)
                guard position < end, position.pointee == 0x3A else {
                    return fail("expected ':', found \(found(position))", position)
                }
                position = space(position + 1)
            }
        }
    }

    private mutating func unclosed(_ position: BytePointer, _ level: Int) -> BytePointer? {
        fail("expected ',' or '\(isObject[level - 1] ? "}" : "]")', found \(found(position))", position)
    }
}
