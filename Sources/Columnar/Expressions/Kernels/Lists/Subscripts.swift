/// `text[i]`, `list[i]`: counted from the end where `i` is negative; beyond the ends the row is rejected.
struct Element: Kernel {
    /// Text, bytes (which give numbers) or a list.
    let sequence: any Kernel
    let index: any Kernel
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let isTuple = sequence is TextPartition
        let sequence = sequence.evaluate(&rows, mask: mask)
        let index = index.evaluate(&rows, mask: mask)
        let noun = isTuple ? "tuple" : noun(sequence.column.type)
        var presence = rows.requireValues([sequence, index], mask: mask) { row in
            if sequence.isNull(row) { return "'NoneType' object is not subscriptable" }
            return noun == "string"
                ? "string indices must be integers, not 'NoneType'"
                : "\(noun) indices must be integers or slices, not NoneType"
        }
        let indices = index.column.int64Values
        let step = index.isConstant ? 0 : 1
        var bad = Bitmap(repeating: false, count: presence.count)
        let column: Column
        switch sequence.column {
        case .list(let list):
            let listStep = sequence.isConstant ? 0 : 1
            var taken = [Int32](repeating: -1, count: presence.count)
            for row in 0..<presence.count where presence.validity?[row] ?? true {
                let (start, end) = (list.offsets[row * listStep], list.offsets[row * listStep + 1])
                if let position = resolve(indices[row * step], length: Int(end - start)) {
                    taken[row] = start + Int32(position)
                } else {
                    bad[row] = true
                }
            }
            rows.rejectValues(bad, &presence, mask: mask) { _ in "\(noun) index out of range" }
            column = list.element.take(taken)
        default:
            var result = BytesColumn.reserving(presence.count)
            let isText = sequence.column.type != .bytes
            forEachText(sequence.column.textValues, count: presence.count) { row, bytes in
                let length = isText ? PythonText.length(bytes) : bytes.count
                if let position = resolve(indices[row * step], length: length) {
                    let start = isText ? PythonText.position(of: position, in: bytes) : position
                    let end = isText ? PythonText.position(of: position + 1, in: bytes) : position + 1
                    result.bytes.append(contentsOf: bytes[start..<end])
                } else {
                    bad[row] = true
                }
                result.endValue()
            }
            rows.rejectValues(bad, &presence, mask: mask) { _ in
                isText ? "string index out of range" : "index out of range"
            }
            result.validity = presence.validity
            column = isText ? .string(result) : .int64(numbers(result))
        }
        return Vector(column, isConstant: presence.isConstant)
    }

    private func resolve(_ index: Int64, length: Int) -> Int? {
        let position = index < 0 ? index + Int64(length) : index
        return position >= 0 && position < length ? Int(position) : nil
    }

    private func noun(_ type: DataType) -> String {
        switch type {
        case .bytes: "byte"
        case .list: "list"
        default: "string"
        }
    }

    private func numbers(_ bytes: BytesColumn) -> FixedColumn<Int64> {
        FixedColumn(values: (0..<bytes.count).map { Int64(bytes[$0].first ?? 0) }, validity: bytes.validity)
    }
}

/// `sequence[lower:upper:step]`, which never fails: bounds beyond the ends mean the ends.
struct Slice: Kernel {
    let sequence: any Kernel
    let lower: (any Kernel)?
    let upper: (any Kernel)?
    /// Not zero.
    let step: Int
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let sequence = sequence.evaluate(&rows, mask: mask)
        let lower = lower?.evaluate(&rows, mask: mask)
        let upper = upper?.evaluate(&rows, mask: mask)
        let presence = rows.requireValues(
            [sequence], mask: mask, among: [lower, upper].compactMap { $0 }
        ) { _ in "'NoneType' object is not subscriptable" }
        let lowers = Bounds(lower)
        let uppers = Bounds(upper)
        let bounds = { (row: Int, length: Int) -> [Int] in
            Self.positions(lowers[row], uppers[row], step: step, length: length)
        }
        let range = { (row: Int, length: Int) -> Range<Int> in
            let start = lowers[row].map { Self.clamped($0, 0...length, length) } ?? 0
            let end = uppers[row].map { Self.clamped($0, 0...length, length) } ?? length
            return start..<max(start, end)
        }
        let column: Column
        switch sequence.column {
        case .list(let list):
            let listStep = sequence.isConstant ? 0 : 1
            var offsets: [Int32] = [0]
            var taken: [Int32] = []
            for row in 0..<presence.count {
                let (start, end) = (list.offsets[row * listStep], list.offsets[row * listStep + 1])
                taken += bounds(row, Int(end - start)).map { start + Int32($0) }
                offsets.append(Int32(taken.count))
            }
            column = .list(ListColumn(offsets: offsets, element: list.element.take(taken), validity: presence.validity))
        default:
            let isText = sequence.column.type != .bytes
            var result = BytesColumn.reserving(presence.count)
            forEachText(sequence.column.textValues, count: presence.count) { row, bytes in
                if !isText || bytes.allSatisfy({ $0 < 128 }) {
                    if step == 1 {
                        result.bytes.append(contentsOf: bytes[range(row, bytes.count)])
                    } else {
                        for position in bounds(row, bytes.count) { result.bytes.append(bytes[position]) }
                    }
                } else {
                    let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
                    let kept = bounds(row, scalars.count).map { scalars[$0] }
                    result.bytes += Array(String(String.UnicodeScalarView(kept)).utf8)
                }
                result.endValue()
            }
            result.validity = presence.validity
            column = isText ? .string(result) : .bytes(result)
        }
        return Vector(column, isConstant: presence.isConstant)
    }

    /// A null bound is no bound.
    private struct Bounds {
        let vector: Vector?
        let values: [Int64]
        let step: Int

        init(_ vector: Vector?) {
            self.vector = vector
            values = vector?.column.int64Values ?? []
            step = vector?.isConstant == true ? 0 : 1
        }

        subscript(row: Int) -> Int64? {
            guard let vector, !vector.isNull(row) else { return nil }
            return values[row * step]
        }
    }

    private static func clamped(_ bound: Int64, _ range: ClosedRange<Int>, _ length: Int) -> Int {
        let position = bound < 0 ? bound + Int64(length) : bound
        return Int(min(max(position, Int64(range.lowerBound)), Int64(range.upperBound)))
    }

    private static func positions(_ lower: Int64?, _ upper: Int64?, step: Int, length: Int) -> [Int] {
        if step > 0 {
            let start = lower.map { clamped($0, 0...length, length) } ?? 0
            let end = upper.map { clamped($0, 0...length, length) } ?? length
            return Array(stride(from: start, to: end, by: step))
        }
        let start = lower.map { clamped($0, -1...(length - 1), length) } ?? length - 1
        let end = upper.map { clamped($0, -1...(length - 1), length) } ?? -1
        return Array(stride(from: start, to: end, by: step))
    }
}

extension Evaluation {
    /// As `requireValues`, where `others` decide how many values there are but may be null.
    fileprivate mutating func requireValues(
        _ operands: [Vector], mask: Bitmap?, among others: [Vector], _ reason: (Int) -> String
    ) -> Presence {
        let isConstant = (operands + others).allSatisfy(\.isConstant)
        if !isConstant, operands.allSatisfy(\.isConstant) {
            return requireValues(
                operands.map { Vector($0.expanded(to: count)) }, mask: mask, reason)
        }
        return requireValues(operands, mask: mask, reason)
    }
}
