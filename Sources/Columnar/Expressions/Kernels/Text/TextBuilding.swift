/// `a + b` of texts or of bytes.
struct Concatenation: Kernel {
    let left: any Kernel
    let right: any Kernel
    let names: OperandNames
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let left = left.evaluate(&rows, mask: mask)
        let right = right.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([left, right], mask: mask) { names.unsupported("+", left, right, $0) }
        let a = left.column.textValues
        let b = right.column.textValues
        var result = BytesColumn.reserving(presence.count, bytes: a.bytes.count + b.bytes.count)
        forEachPair(a, b, count: presence.count) { _, left, right in
            result.bytes.append(contentsOf: left)
            result.bytes.append(contentsOf: right)
            result.endValue()
        }
        result.validity = presence.validity
        return Vector(type == .bytes ? .bytes(result) : .string(result), isConstant: presence.isConstant)
    }
}

/// The texts of an f-string one after the other; none is null.
struct Joining: Kernel {
    let parts: [any Kernel]
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let parts = parts.map { $0.evaluate(&rows, mask: mask) }
        let isConstant = parts.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : rows.count
        let texts = parts.map { (text: $0.column.textValues, step: $0.isConstant ? 0 : 1) }
        var result = BytesColumn.reserving(count)
        for row in 0..<count {
            for (text, step) in texts { result.bytes += text[row * step] }
            result.endValue()
        }
        return Vector(.string(result), isConstant: isConstant)
    }
}

/// `text * n`: no text at all where `n` is zero or less.
struct Repetition: Kernel {
    let text: any Kernel
    let times: any Kernel
    let names: OperandNames
    var type: DataType { .string }

    /// What one value may grow to; Python would take gigabytes and then fail too.
    static let longest = 1 << 24

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let text = text.evaluate(&rows, mask: mask)
        let times = times.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([text, times], mask: mask) { names.unsupported("*", text, times, $0) }
        let counts = times.column.int64Values
        let step = times.isConstant ? 0 : 1
        var bad = Bitmap(repeating: false, count: presence.count)
        var result = BytesColumn.reserving(presence.count)
        forEachText(text.column.textValues, count: presence.count) { row, bytes in
            let count = counts[row * step]
            let (size, overflow) = Int64(bytes.count).multipliedReportingOverflow(by: max(0, count))
            if overflow || size > Self.longest {
                bad[row] = true
            } else if count > 0 {
                for _ in 0..<count { result.bytes.append(contentsOf: bytes) }
            }
            result.endValue()
        }
        rows.rejectValues(bad, &presence, mask: mask) { _ in "the repeated text is longer than 16 MiB" }
        result.validity = presence.validity
        return Vector(.string(result), isConstant: presence.isConstant)
    }
}

/// `text.encode()` and `bytes.decode()`, both UTF-8.
struct Coding: Kernel {
    let operand: any Kernel
    /// `.string` decodes, `.bytes` encodes.
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        let method = type == .string ? "decode" : "encode"
        var presence = rows.requireValues([value], mask: mask) { _ in "'NoneType' object has no attribute '\(method)'" }
        var text = value.column.textValues
        if type == .string {
            var bad = Bitmap(repeating: false, count: presence.count)
            forEachText(text, count: presence.count) { row, bytes in
                if String(validating: bytes, as: UTF8.self) == nil { bad[row] = true }
            }
            if bad.population > 0 {
                rows.rejectValues(bad, &presence, mask: mask) { _ in "'utf-8' codec can't decode the bytes" }
                // What is no text must not stay in a column of text.
                let cleared = Column.bytes(text).take(Array(0..<Int32(bad.count)).map { bad[Int($0)] ? -1 : $0 })
                text = cleared.textValues
            }
        }
        text.validity = presence.validity
        return Vector(type == .bytes ? .bytes(text) : .string(text), isConstant: presence.isConstant)
    }
}
