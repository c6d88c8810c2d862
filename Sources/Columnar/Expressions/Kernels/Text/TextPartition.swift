/// `text.partition(separator)`, `text.rpartition(separator)`: what is before, the separator, what is after it.
struct TextPartition: Kernel {
    let isLast: Bool
    let text: any Kernel
    let separator: any Kernel
    var type: DataType { .list(.string) }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let text = text.evaluate(&rows, mask: mask)
        let separator = separator.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([text, separator], mask: mask) { row in
            text.isNull(row)
                ? "'NoneType' object has no attribute '\(isLast ? "rpartition" : "partition")'"
                : "must be str, not NoneType"
        }
        var parts = BytesColumn()
        var bad = Bitmap(repeating: false, count: presence.count)
        forEachPair(text.column.textValues, separator.column.textValues, count: presence.count) {
            row, text, separator in
            if separator.isEmpty { bad[row] = true }
            let found = isLast ? PythonText.findLast(separator, in: text) : PythonText.find(separator, in: text)
            let (start, end) = found.map { ($0, $0 + separator.count) } ?? (isLast ? (0, 0) : (text.count, text.count))
            for part in [text[..<start], text[start..<end], text[end...]] {
                parts.bytes.append(contentsOf: part)
                parts.endValue()
            }
        }
        rows.rejectValues(bad, &presence, mask: mask) { _ in "empty separator" }
        let offsets = (0...Int32(presence.count)).map { $0 * 3 }
        return Vector(
            .list(ListColumn(offsets: offsets, element: .string(parts), validity: presence.validity)),
            isConstant: presence.isConstant)
    }
}
