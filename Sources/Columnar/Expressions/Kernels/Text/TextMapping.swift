/// String methods that give a string and take no column beside their own.
struct TextMapping: Kernel {
    enum Function: Sendable {
        case upper, lower, title, capitalize, swapcase
        /// The characters to strip; nil: white space.
        case strip(start: Bool, end: Bool, Set<Unicode.Scalar>?)
    }

    let function: Function
    let method: String
    let operand: any Kernel
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([value], mask: mask) { _ in "'NoneType' object has no attribute '\(method)'" }
        let text = value.column.textValues
        var result = BytesColumn.reserving(presence.count, bytes: text.bytes.count)
        forEachText(text, count: presence.count) { _, bytes in
            append(bytes, to: &result.bytes)
            result.endValue()
        }
        result.validity = presence.validity
        return Vector(.string(result), isConstant: presence.isConstant)
    }

    @inline(__always)
    private func append(_ bytes: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) {
        let isASCII = bytes.allSatisfy { $0 < 128 }
        switch function {
        case .upper where isASCII: for byte in bytes { result.append(byte &- 97 < 26 ? byte - 32 : byte) }
        case .lower where isASCII: for byte in bytes { result.append(byte &- 65 < 26 ? byte + 32 : byte) }
        case .strip(let start, let end, nil) where isASCII:
            var slice = bytes[...]
            while start, let first = slice.first, isSpace(first) { slice.removeFirst() }
            while end, let last = slice.last, isSpace(last) { slice.removeLast() }
            result.append(contentsOf: slice)
        default: result.append(contentsOf: mapped(String(decoding: bytes, as: UTF8.self)).utf8)
        }
    }

    private func mapped(_ text: String) -> String {
        switch function {
        case .upper: return PythonText.upper(text.unicodeScalars)
        case .lower: return PythonText.lower(text.unicodeScalars)
        case .title: return PythonText.title(text.unicodeScalars)
        case .capitalize: return PythonText.capitalize(text.unicodeScalars)
        case .swapcase: return PythonText.swapcase(text.unicodeScalars)
        case .strip(let start, let end, let characters):
            let scalars = PythonText.strip(Array(text.unicodeScalars), start: start, end: end) { scalar in
                characters.map { $0.contains(scalar) } ?? PythonText.isSpace(scalar)
            }
            return String(String.UnicodeScalarView(scalars))
        }
    }

    private func isSpace(_ byte: UInt8) -> Bool { (9...13).contains(byte) || (28...32).contains(byte) }
}

/// `len(x)`.
struct TextLength: Kernel {
    let operand: any Kernel
    var type: DataType { .int64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([value], mask: mask) { _ in "object of type 'NoneType' has no len()" }
        var values = [Int64](repeating: 0, count: presence.count)
        switch value.column.entries {
        case .string(let text):
            forEachText(text, count: presence.count) { row, bytes in values[row] = Int64(PythonText.length(bytes)) }
        case .bytes(let text):
            for row in 0..<presence.count { values[row] = Int64(text.offsets[row + 1] - text.offsets[row]) }
        case .list(let list):
            for row in 0..<presence.count { values[row] = Int64(list.offsets[row + 1] - list.offsets[row]) }
        default: break
        }
        return Vector(
            .int64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }
}
