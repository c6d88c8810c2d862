/// `range(start, stop, step)`.
struct RangeElements: ElementSource {
    /// Whole numbers that are there.
    let start: any Kernel
    let stop: any Kernel
    let step: any Kernel
    var elementType: DataType { .int64 }

    /// How many numbers the rows of a batch may ask for together: what fits in memory.
    private static let longest = 1 << 22

    func elements(_ rows: inout Evaluation, mask: Bitmap?) -> Elements {
        let bounds = [start, stop, step].map { $0.evaluate(&rows, mask: mask).expanded(to: rows.count) }
        let numbers = bounds.map(\.int64Values)
        var presence = rows.requireValues(bounds.map { Vector($0) }, mask: mask) { _ in
            "'NoneType' object cannot be interpreted as an integer"
        }
        var zero = Bitmap(repeating: false, count: rows.count)
        var long = Bitmap(repeating: false, count: rows.count)
        var values: [Int64] = []
        var offsets: [Int32] = [0]
        for row in 0..<rows.count {
            let (start, stop, step) = (numbers[0][row], numbers[1][row], numbers[2][row])
            if (mask?[row] ?? true) && (presence.validity?[row] ?? true) {
                if step == 0 {
                    zero[row] = true
                } else if (Double(stop) - Double(start)) / Double(step) > Double(Self.longest - values.count) {
                    long[row] = true
                } else {
                    values += stride(from: start, to: stop, by: Int(step))
                }
            }
            offsets.append(Int32(values.count))
        }
        rows.rejectValues(zero, &presence, mask: mask) { _ in "range() arg 3 must not be zero" }
        rows.rejectValues(long, &presence, mask: mask) { _ in "the range is too long" }
        return Elements(
            lists: ListColumn(
                offsets: offsets, element: .int64(FixedColumn(values: values)), validity: presence.validity))
    }
}

/// `enumerate(elements, start)`: the number and the element.
struct EnumeratedElements: ElementSource {
    let source: any ElementSource
    let start: any Kernel
    var elementType: DataType { .structure([Field("0", .int64), Field("1", source.elementType)]) }

    func elements(_ rows: inout Evaluation, mask: Bitmap?) -> Elements {
        var elements = source.elements(&rows, mask: mask)
        let first = start.evaluate(&rows, mask: mask).expanded(to: rows.count).int64Values
        var numbers = [Int64](repeating: 0, count: elements.lists.element.count)
        for row in 0..<rows.count {
            for (count, index) in elements.range(row).enumerated() { numbers[index] = first[row] &+ Int64(count) }
        }
        elements.lists.element = .structure(
            StructColumn(
                fields: [Field("0", .int64), Field("1", source.elementType)],
                children: [.int64(FixedColumn(values: numbers)), elements.lists.element], count: numbers.count,
                validity: nil))
        return elements
    }
}

/// `zip(a, b)`: as many as the shortest has.
struct ZippedElements: ElementSource {
    let sources: [any ElementSource]
    var elementType: DataType { .structure(fields) }
    private var fields: [Field] { sources.enumerated().map { Field(String($0.offset), $0.element.elementType) } }

    func elements(_ rows: inout Evaluation, mask: Bitmap?) -> Elements {
        let all = sources.map { $0.elements(&rows, mask: mask) }
        var validity: Bitmap?
        for elements in all { validity = Bitmap.both(validity, elements.lists.validity) }
        var taken = [[Int32]](repeating: [], count: all.count)
        var offsets: [Int32] = [0]
        var ends: [Int32: String] = [:]
        for row in 0..<rows.count {
            let counts = all.map { $0.range(row).count }
            let count = counts.min() ?? 0
            for (index, elements) in all.enumerated() {
                taken[index] += elements.range(row).prefix(count).map(Int32.init)
            }
            // The first to run out decides whether it was for good.
            if let shortest = counts.firstIndex(of: count) { ends[Int32(row)] = all[shortest].ends[Int32(row)] }
            offsets.append(Int32(taken[0].count))
        }
        let children = zip(all, taken).map { $0.lists.element.take($1) }
        let element = StructColumn(fields: fields, children: children, count: taken[0].count, validity: nil)
        return Elements(
            lists: ListColumn(offsets: offsets, element: .structure(element), validity: validity), ends: ends)
    }
}

/// `reversed(list)`.
struct ReversedElements: ElementSource {
    let source: any ElementSource
    var elementType: DataType { source.elementType }

    func elements(_ rows: inout Evaluation, mask: Bitmap?) -> Elements {
        var elements = source.elements(&rows, mask: mask)
        var order: [Int32] = []
        var offsets: [Int32] = [0]
        for row in 0..<rows.count {
            order += elements.range(row).reversed().map(Int32.init)
            offsets.append(Int32(order.count))
        }
        elements.lists.element = elements.lists.element.take(order)
        elements.lists.offsets = offsets
        return elements
    }
}

/// `set(elements)`: each once. Python gives them in no order, so only what needs none may ask for them.
struct DistinctElements: ElementSource {
    let source: any ElementSource
    var elementType: DataType { source.elementType }

    func elements(_ rows: inout Evaluation, mask: Bitmap?) -> Elements {
        var elements = source.elements(&rows, mask: mask)
        let column = elements.lists.element
        var kept: [Int32] = []
        var offsets: [Int32] = [0]
        for row in 0..<rows.count {
            var seen: Set<Scalar> = []
            for index in elements.range(row) where seen.insert(column[index]).inserted { kept.append(Int32(index)) }
            offsets.append(Int32(kept.count))
        }
        elements.lists.element = column.take(kept)
        elements.lists.offsets = offsets
        // What fails while the set is made fails before anything is asked of it.
        elements.lists.validity = Elements.reject(elements.ends, elements.lists.validity, &rows, mask)
        elements.ends = [:]
        return elements
    }
}
