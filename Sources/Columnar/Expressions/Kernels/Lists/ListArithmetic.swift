/// `a + b` of lists of one type.
struct ListConcatenation: Kernel {
    let left: any Kernel
    let right: any Kernel
    let names: OperandNames
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let left = Vector(left.evaluate(&rows, mask: mask).expanded(to: rows.count))
        let right = Vector(right.evaluate(&rows, mask: mask).expanded(to: rows.count))
        let presence = rows.requireValues([left, right], mask: mask) { names.unsupported("+", left, right, $0) }
        let (a, b) = (left.column.listValues, right.column.listValues)
        let second = Int32(a.element.count)
        var order: [Int32] = []
        var offsets: [Int32] = [0]
        for row in 0..<rows.count {
            if presence.validity?[row] ?? true {
                order += a.offsets[row]..<a.offsets[row + 1]
                order += (b.offsets[row]..<b.offsets[row + 1]).map { $0 + second }
            }
            offsets.append(Int32(order.count))
        }
        let all = Column.concatenating([a.element, b.element])
        return Vector(.list(ListColumn(offsets: offsets, element: all.take(order), validity: presence.validity)))
    }
}

/// `list * times`.
struct ListRepetition: Kernel {
    let list: any Kernel
    let times: any Kernel
    let names: OperandNames
    var type: DataType { list.type }

    /// How many elements the rows of a batch may get together: what fits in memory.
    private static let most = 1 << 22

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = Vector(list.evaluate(&rows, mask: mask).expanded(to: rows.count))
        let times = Vector(times.evaluate(&rows, mask: mask).expanded(to: rows.count))
        var presence = rows.requireValues([value, times], mask: mask) { row in
            value.isNull(row) && times.isNull(row)
                ? "unsupported operand type(s) for *: 'NoneType' and 'NoneType'"
                : value.isNull(row)
                    ? "unsupported operand type(s) for *: '\(names.left == "list" ? "NoneType" : names.left)' and "
                        + "'\(names.right == "list" ? "NoneType" : names.right)'"
                    : "can't multiply sequence by non-int of type 'NoneType'"
        }
        let lists = value.column.listValues
        let counts = times.column.int64Values
        var order: [Int32] = []
        var offsets: [Int32] = [0]
        var long = Bitmap(repeating: false, count: rows.count)
        for row in 0..<rows.count {
            let range = lists.offsets[row]..<lists.offsets[row + 1]
            if presence.validity?[row] ?? true, mask?[row] ?? true, counts[row] > 0, !range.isEmpty {
                if counts[row] > (Self.most - order.count) / range.count {
                    long[row] = true
                } else {
                    for _ in 0..<counts[row] { order += range }
                }
            }
            offsets.append(Int32(order.count))
        }
        rows.rejectValues(long, &presence, mask: mask) { _ in "the list gets too long" }
        return Vector(
            .list(ListColumn(offsets: offsets, element: lists.element.take(order), validity: presence.validity)))
    }
}
