/// `x in (a, b, c)`: equal to one of several values.
struct Membership: Kernel {
    let operand: any Kernel
    let candidates: [any Kernel]
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        let others = candidates.map { $0.evaluate(&rows, mask: mask) }
        let isConstant = value.isConstant && others.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : rows.count
        var bits = Bitmap(repeating: false, count: count)
        for other in others { bits = bits.union(Comparison.equality(value, other, count: count)) }
        return Vector(.boolean(BooleanColumn(values: bits)), isConstant: isConstant)
    }
}

/// `x in list`.
struct ListMembership: Kernel {
    let operand: any Kernel
    let list: any Kernel
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask).expanded(to: rows.count)
        let lists = list.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([Vector(lists.expanded(to: rows.count))], mask: mask) { _ in
            "argument of type 'NoneType' is not iterable"
        }
        let list = lists.expanded(to: rows.count).listValues
        // One row for each element, to be compared with the row's value.
        var owners: [Int32] = []
        for row in 0..<rows.count {
            for _ in list.offsets[row]..<list.offsets[row + 1] { owners.append(Int32(row)) }
        }
        let elements = list.element.take(Array((list.offsets.first ?? 0)..<(list.offsets.last ?? 0)))
        let equal = Comparison.equality(Vector(value.take(owners)), Vector(elements), count: owners.count)
        var bits = Bitmap(repeating: false, count: rows.count)
        for position in equal.setIndices { bits[Int(owners[Int(position)])] = true }
        return Vector(.boolean(BooleanColumn(values: bits, validity: presence.validity)))
    }
}

/// `text.split(separator, limit)`, `text.rsplit(separator, limit)`.
struct TextSplit: Kernel {
    let text: any Kernel
    /// Nil or null: runs of white space.
    let separator: (any Kernel)?
    /// How many splits at most; negative: all.
    let limit: Int
    var fromEnd = false
    var type: DataType { .list(.string) }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let text = Vector(text.evaluate(&rows, mask: mask).expanded(to: rows.count))
        let separator = separator?.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([text], mask: mask) { _ in
            "'NoneType' object has no attribute '\(fromEnd ? "rsplit" : "split")'"
        }
        let separators = separator?.column.textValues ?? BytesColumn(offsets: [0, 0])
        let bySpace = { (row: Int) in separator?.isNull(row) ?? true }
        var bad = Bitmap(repeating: false, count: rows.count)
        var parts = BytesColumn()
        var offsets: [Int32] = [0]
        forEachPair(text.column.textValues, separators, count: rows.count) { row, text, separator in
            if bySpace(row), fromEnd {
                splitAtSpacesFromEnd(text, into: &parts)
            } else if bySpace(row) {
                splitAtSpaces(text, into: &parts)
            } else if separator.isEmpty {
                bad[row] = true
            } else if fromEnd {
                splitFromEnd(text, at: separator, into: &parts)
            } else {
                split(text, at: separator, into: &parts)
            }
            offsets.append(Int32(parts.count))
        }
        rows.rejectValues(bad, &presence, mask: mask) { _ in "empty separator" }
        return Vector(.list(ListColumn(offsets: offsets, element: .string(parts), validity: presence.validity)))
    }

    private func split(
        _ text: UnsafeBufferPointer<UInt8>, at separator: UnsafeBufferPointer<UInt8>, into parts: inout BytesColumn
    ) {
        var start = 0
        var left = limit < 0 ? Int.max : limit
        while left > 0, let found = PythonText.find(separator, in: text, from: start) {
            parts.bytes.append(contentsOf: text[start..<found])
            parts.endValue()
            start = found + separator.count
            left -= 1
        }
        parts.bytes.append(contentsOf: text[start...])
        parts.endValue()
    }

    private func splitFromEnd(
        _ text: UnsafeBufferPointer<UInt8>, at separator: UnsafeBufferPointer<UInt8>, into parts: inout BytesColumn
    ) {
        var pieces: [Range<Int>] = []
        var end = text.count
        var left = limit < 0 ? Int.max : limit
        while left > 0, let found = PythonText.findLast(separator, in: text, before: end) {
            pieces.append(found + separator.count..<end)
            end = found
            left -= 1
        }
        pieces.append(0..<end)
        for piece in pieces.reversed() {
            parts.bytes.append(contentsOf: text[piece])
            parts.endValue()
        }
    }

    private func splitAtSpacesFromEnd(_ text: UnsafeBufferPointer<UInt8>, into parts: inout BytesColumn) {
        var rest = String(decoding: text, as: UTF8.self).unicodeScalars[...]
        var words: [Substring.UnicodeScalarView] = []
        var left = limit < 0 ? Int.max : limit
        while true {
            rest = trimmedEnd(rest)
            guard !rest.isEmpty else { break }
            if left == 0 {
                words.append(rest)
                break
            }
            let start = rest.lastIndex(where: PythonText.isSpace).map { rest.index(after: $0) } ?? rest.startIndex
            words.append(rest[start...])
            rest = rest[..<start]
            left -= 1
        }
        for word in words.reversed() {
            parts.bytes.append(contentsOf: String(String.UnicodeScalarView(word)).utf8)
            parts.endValue()
        }
    }

    private func splitAtSpaces(_ text: UnsafeBufferPointer<UInt8>, into parts: inout BytesColumn) {
        var rest = String(decoding: text, as: UTF8.self).unicodeScalars[...]
        var left = limit < 0 ? Int.max : limit
        while true {
            rest = rest.drop(while: PythonText.isSpace)
            guard !rest.isEmpty else { return }
            let word = left > 0 ? rest.prefix { !PythonText.isSpace($0) } : rest
            let kept = left > 0 ? word : trimmedEnd(word)
            parts.bytes.append(contentsOf: String(String.UnicodeScalarView(kept)).utf8)
            parts.endValue()
            rest = rest[word.endIndex...]
            left -= 1
        }
    }

    private func trimmedEnd(_ scalars: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        var scalars = scalars
        while let last = scalars.last, PythonText.isSpace(last) { scalars.removeLast() }
        return scalars
    }
}

/// `separator.join(list)`.
struct ListJoin: Kernel {
    let separator: any Kernel
    let list: any Kernel
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let separators = separator.evaluate(&rows, mask: mask)
        let lists = Vector(list.evaluate(&rows, mask: mask).expanded(to: rows.count))
        var presence = rows.requireValues([separators, lists], mask: mask) { row in
            separators.isNull(row) ? "'NoneType' object has no attribute 'join'" : "can only join an iterable"
        }
        let list = lists.column.listValues
        let texts = list.element.textValues
        let separator = separators.column.textValues
        var bad = Bitmap(repeating: false, count: rows.count)
        var result = BytesColumn.reserving(rows.count)
        for row in 0..<rows.count {
            let range = list.offsets[row]..<list.offsets[row + 1]
            for index in range {
                if index > range.lowerBound { result.bytes += separator[separators.isConstant ? 0 : row] }
                if list.element.isNull(Int(index)) { bad[row] = true }
                result.bytes += texts[Int(index)]
            }
            result.endValue()
        }
        rows.rejectValues(bad, &presence, mask: mask) { row in
            let first = (list.offsets[row]..<list.offsets[row + 1]).firstIndex { list.element.isNull(Int($0)) }
            return "sequence item \((first ?? 0) - list.offsets[row]): expected str instance, NoneType found"
        }
        result.validity = presence.validity
        return Vector(.string(result))
    }
}
