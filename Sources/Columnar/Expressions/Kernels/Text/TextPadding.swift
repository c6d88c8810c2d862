/// `text.zfill(width)`, `text.ljust(width, fill)` and its like: text made as long as a field is wide.
struct TextPadding: Kernel {
    enum Side: String { case ljust, rjust, center, zfill }

    let side: Side
    let text: any Kernel
    let width: any Kernel
    let fill: Unicode.Scalar
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let text = text.evaluate(&rows, mask: mask)
        let width = width.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([text, width], mask: mask) { row in
            text.isNull(row)
                ? "'NoneType' object has no attribute '\(side.rawValue)'"
                : "'NoneType' object cannot be interpreted as an integer"
        }
        let widths = width.column.int64Values
        let step = width.isConstant ? 0 : 1
        let filling = Array(String(fill).utf8)
        var bad = Bitmap(repeating: false, count: presence.count)
        var result = BytesColumn.reserving(presence.count)
        forEachText(text.column.textValues, count: presence.count) { row, bytes in
            let width = widths[row * step]
            if width > Repetition.longest {
                bad[row] = true
            } else {
                let missing = max(0, Int(width) - PythonText.length(bytes))
                append(bytes, missing, Int(width), filling, to: &result.bytes)
            }
            result.endValue()
        }
        rows.rejectValues(bad, &presence, mask: mask) { _ in "the padded text is longer than 16 MiB" }
        result.validity = presence.validity
        return Vector(.string(result), isConstant: presence.isConstant)
    }

    private func append(
        _ bytes: UnsafeBufferPointer<UInt8>, _ missing: Int, _ width: Int, _ filling: [UInt8], to result: inout [UInt8]
    ) {
        var before = 0
        var sign = 0
        switch side {
        case .ljust: break
        case .rjust: before = missing
        // The odd one goes to the left where the width is odd too.
        case .center: before = missing == 0 ? 0 : missing / 2 + (missing & width & 1)
        case .zfill:
            before = missing
            if missing > 0, let first = bytes.first, first == 43 || first == 45 { sign = 1 }
        }
        result.append(contentsOf: bytes[..<sign])
        for _ in 0..<before { result += filling }
        result.append(contentsOf: bytes[sign...])
        for _ in before..<missing { result += filling }
    }
}

/// `text.removeprefix(affix)`, `text.removesuffix(affix)`.
struct AffixRemoval: Kernel {
    let isPrefix: Bool
    let text: any Kernel
    let affix: any Kernel
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let text = text.evaluate(&rows, mask: mask)
        let affix = affix.evaluate(&rows, mask: mask)
        let method = isPrefix ? "removeprefix" : "removesuffix"
        let presence = rows.requireValues([text, affix], mask: mask) { row in
            text.isNull(row)
                ? "'NoneType' object has no attribute '\(method)'" : "\(method)() argument must be str, not None"
        }
        var result = BytesColumn.reserving(presence.count)
        forEachPair(text.column.textValues, affix.column.textValues, count: presence.count) { _, text, affix in
            let start = isPrefix ? 0 : text.count - affix.count
            if !PythonText.starts(text, with: affix, at: start) {
                result.bytes.append(contentsOf: text)
            } else if isPrefix {
                result.bytes.append(contentsOf: text[affix.count...])
            } else {
                result.bytes.append(contentsOf: text[..<start])
            }
            result.endValue()
        }
        result.validity = presence.validity
        return Vector(.string(result), isConstant: presence.isConstant)
    }
}
