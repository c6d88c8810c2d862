extension JSONReader {
    /// Decodes a value into a place of the schema.
    @inline(__always)
    mutating func value(_ index: Int, _ position: BytePointer, _ depth: Int) -> BytePointer? {
        let node = nodes + index
        guard position < end else { return mismatch(index, position) }
        let first = position.pointee
        if first == 0x6E { return null(index, position) }
        switch node.pointee.kind {
        case .int64:
            var value: Int64 = 0
            guard let behind = scanPlainInteger(position, end, into: &value) else {
                return otherInteger(index, position)
            }
            node.pointee.column.append(word: UInt64(bitPattern: value))
            return behind
        case .string:
            return first == 0x22 ? string(index, position + 1) : mismatch(index, position)
        case .object:
            return first == 0x7B ? object(index, position, depth) : mismatch(index, position)
        case .list:
            return first == 0x5B ? list(index, position, depth) : mismatch(index, position)
        case .map:
            return first == 0x7B ? map(index, position, depth) : mismatch(index, position)
        case .float64: return number(index, position)
        case .boolean: return boolean(index, position)
        case .timestamp:
            return first == 0x22 ? timestamp(index, position) : mismatch(index, position)
        case .bytes:
            return first == 0x22 ? base64(index, position) : mismatch(index, position)
        case .null: return mismatch(index, position)
        }
    }

    @inline(never)
    func isLiteral(_ word: StaticString, _ position: BytePointer) -> Bool {
        guard end - position >= word.utf8CodeUnitCount else { return false }
        for offset in 0..<word.utf8CodeUnitCount where position[offset] != word.utf8Start[offset] { return false }
        return true
    }

    @inline(never)
    private mutating func mismatch(_ index: Int, _ position: BytePointer) -> BytePointer? {
        fail("expected \(nodes[index].expected), found \(found(position))", position)
    }

    @inline(never)
    private mutating func null(_ index: Int, _ position: BytePointer) -> BytePointer? {
        guard isLiteral("null", position) else { return fail("expected null, found another word", position) }
        guard nodes[index].isNullable else {
            return fail("expected \(nodes[index].expected), found null", position)
        }
        appendNull(index)
        return position + 4
    }

    /// A null in a place, with the nulls that it needs below.
    private func appendNull(_ index: Int) {
        let node = nodes + index
        node.pointee.column.appendNull()
        guard node.pointee.kind == .object else { return }
        for child in 0..<node.pointee.childCount { appendNull(node.pointee.firstChild + child) }
    }

    // MARK: Numbers and booleans

    /// An integer that is not written as plain digits, or is none.
    @inline(never)
    private mutating func otherInteger(_ index: Int, _ position: BytePointer) -> BytePointer? {
        var scanned = ScannedNumber()
        guard let behind = ScannedNumber.scan(position, end, into: &scanned) else { return mismatch(index, position) }
        guard let value = scanned.int64 else {
            return fail(
                scanned.isInteger
                    ? "integer beyond 64 bits" : "expected integer, found a number that is not a 64-bit integer",
                position)
        }
        nodes[index].column.append(word: UInt64(bitPattern: value))
        return behind
    }

    private mutating func number(_ index: Int, _ position: BytePointer) -> BytePointer? {
        var scanned = ScannedNumber()
        guard let behind = ScannedNumber.scan(position, end, into: &scanned) else { return mismatch(index, position) }
        let value = scanned.double(UnsafeBufferPointer(start: position, count: behind - position))
        guard value.isFinite else { return fail("number beyond the range of a double", position) }
        nodes[index].column.append(word: value.bitPattern)
        return behind
    }

    private mutating func boolean(_ index: Int, _ position: BytePointer) -> BytePointer? {
        if isLiteral("true", position) {
            nodes[index].column.append(bit: true)
            return position + 4
        }
        guard isLiteral("false", position) else { return mismatch(index, position) }
        nodes[index].column.append(bit: false)
        return position + 5
    }

    // MARK: Objects and lists

    @inline(never)
    mutating func object(_ index: Int, _ open: BytePointer, _ depth: Int) -> BytePointer? {
        guard depth < JSONBatchDecoder.depthLimit else { return tooDeep(open) }
        let node = nodes + index
        let row = node.pointee.column.count
        let firstChild = node.pointee.firstChild
        var position = space(open + 1)
        guard position < end else { return fail("expected '}' or a key, found \(found(position))", position) }
        if position.pointee == 0x7D { return close(index, row, position) }
        var guess = node.pointee.firstKey
        var previous = -1
        while true {
            guard position < end, position.pointee == 0x22 else {
                return fail("expected a key, found \(found(position))", position)
            }
            position += 1
            // Which key is it? The one that stood here last time, as a rule.
            let keyStart = position
            var target = -1
            if guess >= 0, guess < node.pointee.keyCount, let key = node.pointee.keys, key[guess].matches(position, end)
            {
                target = key[guess].target
                position += key[guess].length &+ 1
                previous = guess
                guess = key[guess].next
            } else {
                guard let behind = otherKey(index, position, &previous, &guess, &target) else { return nil }
                position = behind
            }
            let keyEnd = position - 1
            if position < end, position.pointee != 0x3A { position = space(position) }
            guard position < end, position.pointee == 0x3A else {
                return fail("expected ':', found \(found(position))", position)
            }
            position = space(position + 1)
            if target >= 0 {
                let child = firstChild &+ target
                // A repeated key: the last one counts.
                if nodes[child].column.count > row { truncate(child, to: row) }
                guard let behind = value(child, position, depth &+ 1) else {
                    return failed(inField: nodes[index].name(ofKey: target))
                }
                position = behind
            } else {
                guard let behind = skip(position, depth &+ 1) else {
                    return failed(inField: UnsafeBufferPointer(start: keyStart, count: keyEnd - keyStart))
                }
                position = behind
            }
            if position < end, position.pointee <= 0x20 { position = space(position) }
            guard position < end else { return fail("expected ',' or '}', found \(found(position))", position) }
            if position.pointee == 0x2C {
                position = space(position + 1)
            } else if position.pointee == 0x7D {
                return close(index, row, position)
            } else {
                return fail("expected ',' or '}', found \(found(position))", position)
            }
        }
    }

    /// Ends an object at its brace: fields that it lacked get nulls.
    @inline(__always)
    private mutating func close(_ index: Int, _ row: Int, _ brace: BytePointer) -> BytePointer? {
        let node = nodes + index
        let firstChild = node.pointee.firstChild
        for child in firstChild..<firstChild &+ node.pointee.childCount where nodes[child].column.count == row {
            guard nodes[child].isNullable else {
                _ = fail("expected \(nodes[child].expected), but the field is missing from the object that ends", brace)
                return failed(inField: node.pointee.name(ofKey: child - firstChild))
            }
            appendNull(child)
        }
        node.pointee.column.appendRow()
        return brace + 1
    }

    /// An object with any keys: its entries as they stand.
    @inline(never)
    private mutating func map(_ index: Int, _ open: BytePointer, _ depth: Int) -> BytePointer? {
        guard depth < JSONBatchDecoder.depthLimit else { return tooDeep(open) }
        let entry = nodes[index].firstChild
        let key = nodes[entry].firstChild
        var position = space(open + 1)
        if position < end, position.pointee == 0x7D {
            nodes[index].column.close(end: nodes[entry].column.count)
            return position + 1
        }
        while true {
            guard position < end, position.pointee == 0x22 else {
                return fail("expected a key, found \(found(position))", position)
            }
            guard let behind = string(key, position + 1) else { return nil }
            position = space(behind)
            guard position < end, position.pointee == 0x3A else {
                return fail("expected ':', found \(found(position))", position)
            }
            guard let behind = value(key + 1, space(position + 1), depth &+ 1) else { return nil }
            nodes[entry].column.appendRow()
            position = space(behind)
            guard position < end else { return fail("expected ',' or '}', found \(found(position))", position) }
            if position.pointee == 0x7D {
                nodes[index].column.close(end: nodes[entry].column.count)
                return position + 1
            }
            guard position.pointee == 0x2C else {
                return fail("expected ',' or '}', found \(found(position))", position)
            }
            position = space(position + 1)
        }
    }

    @inline(never)
    private mutating func list(_ index: Int, _ open: BytePointer, _ depth: Int) -> BytePointer? {
        guard depth < JSONBatchDecoder.depthLimit else { return tooDeep(open) }
        let node = nodes + index
        let element = node.pointee.firstChild
        let start = nodes[element].column.count
        var position = space(open + 1)
        if position < end, position.pointee == 0x5D {
            node.pointee.column.close(end: start)
            return position + 1
        }
        while true {
            guard let behind = value(element, position, depth &+ 1) else {
                return failed(inElement: nodes[element].column.count - start)
            }
            position = space(behind)
            guard position < end else { return fail("expected ',' or ']', found \(found(position))", position) }
            if position.pointee == 0x2C {
                position = space(position + 1)
            } else if position.pointee == 0x5D {
                break
            } else {
                return fail("expected ',' or ']', found \(found(position))", position)
            }
        }
        guard nodes[element].column.count <= Int(Int32.max) else {
            return fail("more than \(Int32.max) list elements in one batch", open)
        }
        node.pointee.column.close(end: nodes[element].column.count)
        return position + 1
    }

    @inline(never)
    mutating func tooDeep(_ position: BytePointer) -> BytePointer? {
        fail("nested deeper than \(JSONBatchDecoder.depthLimit)", position)
    }
}
