/// `any(…)`, `all(…)`: goes on until an element decides.
struct ElementsTruth: Kernel {
    /// The truth of the element that decides: true for `any`.
    let wanted: Bool
    let source: any ElementSource
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let elements = source.elements(&rows, mask: mask)
        let column = elements.lists.element
        var truth = Truth.bits(of: column)
        if let validity = column.validity { truth = truth.intersection(validity) }
        var bits = Bitmap(repeating: !wanted, count: rows.count)
        var reasons = elements.ends
        for row in 0..<rows.count where elements.range(row).contains(where: { truth[$0] == wanted }) {
            bits[row] = wanted
            reasons[Int32(row)] = nil
        }
        let validity = Elements.reject(reasons, elements.lists.validity, &rows, mask)
        return Vector(.boolean(BooleanColumn(values: bits, validity: validity)))
    }
}

/// `sum(…)`.
struct ElementsSum: Kernel {
    /// Numbers, or nothing but nulls.
    let source: any ElementSource
    /// A whole number or a float.
    let start: Scalar
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let elements = source.elements(&rows, mask: mask)
        let given = Given(value: Vector(elements.lists.element), type: source.elementType)
        let column = Widening(operand: given, type: type).evaluate(&rows, mask: nil).column
        var reasons = elements.ends
        let result: Column
        if type == .int64 {
            let values = wholeSums(elements, column, &reasons)
            let validity = Elements.reject(reasons, elements.lists.validity, &rows, mask)
            result = .int64(FixedColumn(values: values, validity: validity))
        } else {
            let values = floatSums(elements, column, &reasons)
            let validity = Elements.reject(reasons, elements.lists.validity, &rows, mask)
            result = .float64(FixedColumn(values: values, validity: validity))
        }
        return Vector(result)
    }

    private func wholeSums(_ elements: Elements, _ column: Column, _ reasons: inout [Int32: String]) -> [Int64] {
        let numbers = column.int64Values
        var first: Int64 = 0
        if case .int64(let value) = start { first = value }
        return (0..<elements.lists.offsets.count - 1).map { row in
            var sum = first
            for index in elements.range(row) {
                if column.isNull(index) {
                    reasons[Int32(row)] = "unsupported operand type(s) for +: 'int' and 'NoneType'"
                    break
                }
                let (next, overflow) = sum.addingReportingOverflow(numbers[index])
                if overflow {
                    reasons[Int32(row)] = "\(sum) + \(numbers[index]) does not fit in 64 bits"
                    break
                }
                sum = next
            }
            return sum
        }
    }

    /// One after the other, as CPython adds them before 3.12.
    private func floatSums(_ elements: Elements, _ column: Column, _ reasons: inout [Int32: String]) -> [Double] {
        let numbers = column.float64Values
        var first = 0.0
        var isWhole = false
        switch start {
        case .int64(let value): (first, isWhole) = (Double(value), true)
        case .float64(let value): first = value
        default: break
        }
        return (0..<elements.lists.offsets.count - 1).map { row in
            var sum = first
            let range = elements.range(row)
            for index in range {
                if column.isNull(index) {
                    let name = isWhole && index == range.lowerBound ? "int" : "float"
                    reasons[Int32(row)] = "unsupported operand type(s) for +: '\(name)' and 'NoneType'"
                    break
                }
                sum += numbers[index]
            }
            return sum
        }
    }
}

/// `max(…)`, `min(…)` of the elements: the first of those that are equal.
struct ElementsExtreme: Kernel {
    let isGreatest: Bool
    let source: any ElementSource
    /// Of an element, which it has as a variable: what is compared instead of it.
    let key: (any Kernel)?
    /// Where there are no elements.
    let fallback: (any Kernel)?
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let elements = source.elements(&rows, mask: mask)
        let fallback = fallback?.evaluate(&rows, mask: mask)
        var reasons = elements.ends
        let column = elements.keys(key, &rows, mask, &reasons)
        let type = key?.type ?? type
        let order = ElementOrder(column)
        var chosen = [Int32](repeating: -1, count: rows.count)
        for row in 0..<rows.count {
            let range = elements.range(row)
            guard var best = range.first else {
                if fallback == nil, reasons[Int32(row)] == nil {
                    reasons[Int32(row)] = "\(isGreatest ? "max" : "min")() arg is an empty sequence"
                }
                continue
            }
            for index in range.dropFirst() {
                if column.isNull(index) || column.isNull(best) {
                    reasons[Int32(row)] = order.unordered(isGreatest ? ">" : "<", index, best, type)
                    break
                }
                if isGreatest ? order.isLess(best, index) : order.isLess(index, best) { best = index }
            }
            chosen[row] = Int32(best)
        }
        var result = elements.lists.element.take(chosen)
        let validity = Elements.reject(reasons, elements.lists.validity, &rows, mask)
        if let fallback {
            result = .choosing(Bitmap(count: rows.count) { chosen[$0] >= 0 }, Vector(result), fallback)
        }
        return Vector(result.masked(by: validity))
    }
}

/// `sorted(…)`.
struct SortedList: Kernel {
    let source: any ElementSource
    /// Of an element, which it has as a variable: what is compared instead of it.
    let key: (any Kernel)?
    let isReversed: Bool
    var type: DataType { .list(source.elementType) }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let elements = source.elements(&rows, mask: mask)
        var reasons = elements.ends
        let column = elements.keys(key, &rows, mask, &reasons)
        let order = ElementOrder(column)
        var sorted: [Int32] = []
        sorted.reserveCapacity(column.count)
        var offsets: [Int32] = [0]
        for row in 0..<rows.count {
            // Equal elements keep their order also when the order is reversed.
            var indices = isReversed ? elements.range(row).reversed() : Array(elements.range(row))
            if reasons[Int32(row)] == nil {
                if let reason = unordered(indices, column, order) {
                    reasons[Int32(row)] = reason
                } else {
                    order.sort(&indices)
                }
            }
            sorted += (isReversed ? indices.reversed() : indices).map(Int32.init)
            offsets.append(Int32(sorted.count))
        }
        let validity = Elements.reject(reasons, elements.lists.validity, &rows, mask)
        return Vector(
            .list(ListColumn(offsets: offsets, element: elements.lists.element.take(sorted), validity: validity)))
    }

    /// The first comparison with a null: CPython compares every element with one before it.
    private func unordered(_ indices: [Int], _ column: Column, _ order: ElementOrder) -> String? {
        guard column.validity != nil, indices.count > 1, let null = indices.firstIndex(where: { column.isNull($0) })
        else { return nil }
        let later = max(null, 1)
        return order.unordered("<", indices[later], indices[later - 1], key?.type ?? source.elementType)
    }
}

extension Elements {
    /// What the elements are compared by; a row on which a key fails gets a reason.
    fileprivate func keys(
        _ key: (any Kernel)?, _ rows: inout Evaluation, _ mask: Bitmap?, _ reasons: inout [Int32: String]
    ) -> Column {
        guard let key else { return lists.element }
        var owners = [Int32](repeating: 0, count: lists.element.count)
        var asked = Bitmap(repeating: false, count: owners.count)
        for row in 0..<rows.count where (mask?[row] ?? true) && (lists.validity?[row] ?? true) {
            for index in range(row) {
                owners[index] = Int32(row)
                asked[index] = true
            }
        }
        var inner = rows.nested(owners, lists.element)
        let column = key.evaluate(&inner, mask: asked).expanded(to: inner.count)
        for position in inner.failures.reasons.keys.sorted() where reasons[owners[Int(position)]] == nil {
            reasons[owners[Int(position)]] = inner.failures.reasons[position]
        }
        return column
    }
}

/// The order of the values of a column.
struct ElementOrder {
    private let column: Column

    init(_ column: Column) { self.column = column }

    /// Both are not null.
    func isLess(_ a: Int, _ b: Int) -> Bool {
        switch column {
        case .int64(let numbers), .timestamp(let numbers): numbers.values[a] < numbers.values[b]
        case .float64(let numbers): numbers.values[a] < numbers.values[b]
        case .boolean(let bits): !bits.values[a] && bits.values[b]
        case .string(let text), .bytes(let text): text[a].lexicographicallyPrecedes(text[b])
        default: false
        }
    }

    /// The text of Python's TypeError.
    func unordered(_ symbol: String, _ a: Int, _ b: Int, _ type: DataType) -> String {
        let left = column.isNull(a) ? "NoneType" : type.pythonName
        let right = column.isNull(b) ? "NoneType" : type.pythonName
        return "'\(symbol)' not supported between instances of '\(left)' and '\(right)'"
    }

    /// Short lists are sorted by CPython's steps, which shows where NaN stands among the values.
    func sort(_ indices: inout [Int]) {
        guard indices.count < 64 else {
            indices.sort(by: isLess)
            return
        }
        guard indices.count > 1 else { return }
        var start = 2
        let descends = isLess(indices[1], indices[0])
        while start < indices.count, isLess(indices[start], indices[start - 1]) == descends { start += 1 }
        if descends { indices[..<start].reverse() }
        while start < indices.count {
            let pivot = indices[start]
            var (low, high) = (0, start)
            while low < high {
                let middle = low + (high - low) / 2
                if isLess(pivot, indices[middle]) { high = middle } else { low = middle + 1 }
            }
            indices.remove(at: start)
            indices.insert(pivot, at: low)
            start += 1
        }
    }
}
