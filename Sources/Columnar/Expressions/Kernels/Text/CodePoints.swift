/// `ord(text)`.
struct CodePoint: Kernel {
    let operand: any Kernel
    var type: DataType { .int64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in
            "ord() expected string of length 1, but NoneType found"
        }
        var values = [Int64](repeating: 0, count: presence.count)
        var lengths = [Int](repeating: 1, count: presence.count)
        var bad = Bitmap(repeating: false, count: presence.count)
        forEachText(value.column.textValues, count: presence.count) { row, bytes in
            let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
            if let first = scalars.first, scalars.count == 1 {
                values[row] = Int64(first.value)
            } else {
                bad[row] = true
                lengths[row] = scalars.count
            }
        }
        rows.rejectValues(bad, &presence, mask: mask) { row in
            "ord() expected a character, but string of length \(lengths[row]) found"
        }
        return Vector(
            .int64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }
}

/// `chr(number)`; half of a surrogate pair, which Python has and UTF-8 has not, rejects the row.
struct CodeCharacter: Kernel {
    /// A whole number.
    let operand: any Kernel
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in
            "'NoneType' object cannot be interpreted as an integer"
        }
        let codes = value.column.int64Values
        var result = BytesColumn.reserving(presence.count)
        var bad = Bitmap(repeating: false, count: presence.count)
        for row in 0..<presence.count {
            if let code = UInt32(exactly: codes[row]), let scalar = Unicode.Scalar(code) {
                result.bytes += Array(String(Character(scalar)).utf8)
            } else {
                bad[row] = true
            }
            result.endValue()
        }
        rows.rejectValues(bad, &presence, mask: mask) { row in
            (0xD800...0xDFFF).contains(codes[row])
                ? "chr(\(codes[row])) is half of a surrogate pair" : "chr() arg not in range(0x110000)"
        }
        result.validity = presence.validity
        return Vector(.string(result), isConstant: presence.isConstant)
    }
}
