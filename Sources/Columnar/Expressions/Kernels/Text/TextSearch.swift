/// Tests of one string against another: `in`, `startswith`, `endswith`.
struct TextTest: Kernel {
    enum Test { case contains, starts, ends }

    let test: Test
    /// The text that is searched.
    let text: any Kernel
    let pattern: any Kernel
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let text = text.evaluate(&rows, mask: mask)
        let pattern = pattern.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([text, pattern], mask: mask) { row in reason(text.isNull(row)) }
        var bits = Bitmap(repeating: false, count: presence.count)
        forEachPair(text.column.textValues, pattern.column.textValues, count: presence.count) { row, text, pattern in
            let holds =
                switch test {
                case .contains: PythonText.find(pattern, in: text) != nil
                case .starts: PythonText.starts(text, with: pattern, at: 0)
                case .ends: PythonText.starts(text, with: pattern, at: text.count - pattern.count)
                }
            if holds { bits[row] = true }
        }
        return Vector(
            .boolean(BooleanColumn(values: bits, validity: presence.validity)), isConstant: presence.isConstant)
    }

    private func reason(_ textIsNull: Bool) -> String {
        switch test {
        case .contains:
            textIsNull
                ? "argument of type 'NoneType' is not iterable"
                : "'in <string>' requires string as left operand, not NoneType"
        case .starts, .ends:
            textIsNull
                ? "'NoneType' object has no attribute '\(test == .starts ? "startswith" : "endswith")'"
                : "\(test == .starts ? "startswith" : "endswith") first arg must be str or a tuple of str, not NoneType"
        }
    }
}

/// `text.find(pattern)`, `text.index(pattern)` and from the end, `text.count(pattern)`.
struct TextFind: Kernel {
    enum Function: String { case find, rfind, index, rindex, count }

    let function: Function
    let text: any Kernel
    let pattern: any Kernel
    var type: DataType { .int64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let text = text.evaluate(&rows, mask: mask)
        let pattern = pattern.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([text, pattern], mask: mask) { row in
            text.isNull(row)
                ? "'NoneType' object has no attribute '\(function.rawValue)'" : "must be str, not NoneType"
        }
        var values = [Int64](repeating: -1, count: presence.count)
        forEachPair(text.column.textValues, pattern.column.textValues, count: presence.count) { row, text, pattern in
            values[row] = Int64(
                function == .count ? occurrences(of: pattern, in: text) : position(of: pattern, in: text))
        }
        if function == .index || function == .rindex {
            let missing = zipBits(values, values, count: presence.count) { value, _ in value < 0 }
            rows.rejectValues(missing, &presence, mask: mask) { _ in "substring not found" }
        }
        return Vector(
            .int64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }

    private func position(of pattern: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Int {
        let isLast = function == .rfind || function == .rindex
        let found = isLast ? PythonText.findLast(pattern, in: text) : PythonText.find(pattern, in: text)
        guard let byte = found else { return -1 }
        return PythonText.length(UnsafeBufferPointer(rebasing: text[..<byte]))
    }

    /// Without overlaps.
    private func occurrences(of pattern: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Int {
        if pattern.isEmpty { return PythonText.length(text) + 1 }
        var count = 0
        var start = 0
        while let found = PythonText.find(pattern, in: text, from: start) {
            count += 1
            start = found + pattern.count
        }
        return count
    }
}

/// `text.replace(old, new)`, with a limit or without.
struct TextReplace: Kernel {
    let text: any Kernel
    let old: any Kernel
    let new: any Kernel
    /// Negative: all.
    let limit: Int
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let text = text.evaluate(&rows, mask: mask)
        let old = old.evaluate(&rows, mask: mask)
        let new = new.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([text, old, new], mask: mask) { row in
            if text.isNull(row) { return "'NoneType' object has no attribute 'replace'" }
            return "replace() argument \(old.isNull(row) ? 1 : 2) must be str, not None"
        }
        let replacements = new.column.textValues
        let step = new.isConstant ? 0 : 1
        var result = BytesColumn.reserving(presence.count)
        forEachPair(text.column.textValues, old.column.textValues, count: presence.count) { row, text, old in
            append(text, replacing: old, by: replacements[row * step], to: &result.bytes)
            result.endValue()
        }
        result.validity = presence.validity
        return Vector(.string(result), isConstant: presence.isConstant)
    }

    private func append(
        _ text: UnsafeBufferPointer<UInt8>, replacing old: UnsafeBufferPointer<UInt8>, by new: ArraySlice<UInt8>,
        to result: inout [UInt8]
    ) {
        var left = limit < 0 ? Int.max : limit
        var start = 0
        if old.isEmpty {
            // Python puts the new text before every character and after the last.
            for position in 0...text.count where left > 0 {
                guard position == text.count || text[position] & 0xC0 != 0x80 else { continue }
                result.append(contentsOf: text[start..<position])
                result.append(contentsOf: new)
                start = position
                left -= 1
            }
        } else {
            while left > 0, let found = PythonText.find(old, in: text, from: start) {
                result.append(contentsOf: text[start..<found])
                result.append(contentsOf: new)
                start = found + old.count
                left -= 1
            }
        }
        result.append(contentsOf: text[start...])
    }
}
