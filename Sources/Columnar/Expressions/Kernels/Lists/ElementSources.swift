/// Where the elements come from that a function goes through, one after the other.
protocol ElementSource: Sendable {
    var elementType: DataType { get }

    func elements(_ rows: inout Evaluation, mask: Bitmap?) -> Elements
}

/// What there is to go through, for each row.
struct Elements {
    /// One list a row; null where there is none.
    var lists: ListColumn
    /// Rows whose elements end with an exception rather than for good: it only counts if they are gone through so far.
    var ends: [Int32: String] = [:]

    /// Positions in the elements' column.
    func range(_ row: Int) -> Range<Int> { Int(lists.offsets[row])..<Int(lists.offsets[row + 1]) }

    /// Rejects the rows for which there is a reason, and gives what is left.
    static func reject(
        _ reasons: [Int32: String], _ validity: Bitmap?, _ rows: inout Evaluation, _ mask: Bitmap?
    ) -> Bitmap? {
        guard !reasons.isEmpty else { return validity }
        var bad = Bitmap(repeating: false, count: rows.count)
        for row in reasons.keys { bad[Int(row)] = true }
        var presence = Presence(count: rows.count, isConstant: false, validity: validity)
        rows.rejectValues(bad, &presence, mask: mask) { reasons[Int32($0)] ?? "" }
        return presence.validity
    }
}

/// The elements of a list.
struct ListElements: ElementSource {
    let list: any Kernel
    let elementType: DataType

    func elements(_ rows: inout Evaluation, mask: Bitmap?) -> Elements {
        let value = Vector(list.evaluate(&rows, mask: mask).expanded(to: rows.count))
        let presence = rows.requireValues([value], mask: mask) { _ in "'NoneType' object is not iterable" }
        var lists = value.column.listValues
        lists.validity = presence.validity
        return Elements(lists: lists)
    }
}

/// Whole numbers as floats.
struct WidenedElements: ElementSource {
    let source: any ElementSource
    let elementType: DataType

    func elements(_ rows: inout Evaluation, mask: Bitmap?) -> Elements {
        var elements = source.elements(&rows, mask: mask)
        let given = Given(value: Vector(elements.lists.element), type: source.elementType)
        elements.lists.element = Widening(operand: given, type: elementType).evaluate(&rows, mask: nil).column
        return elements
    }
}

/// What a comprehension holds one element after the other.
struct LoopVariable: Kernel {
    let type: DataType
    let name: String
    /// How many comprehensions are around its own.
    let depth: Int

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector { Vector(rows.variables[depth]) }
}

/// `element for variable in iterable if conditions`: evaluated for the elements of all rows at once, as if each were a
/// row. What fails on an element ends the elements of its row.
struct Generator: ElementSource {
    let iterable: any ElementSource
    /// Truth values.
    let conditions: [any Kernel]
    let body: Body
    var elementType: DataType {
        switch body {
        case .value(let element): element.type
        case .elements(let source): source.elementType
        }
    }

    /// What an element of the iterable gives: a value, or those of a loop inside.
    enum Body: Sendable {
        case value(any Kernel)
        indirect case elements(any ElementSource)
    }

    func elements(_ rows: inout Evaluation, mask: Bitmap?) -> Elements {
        let source = iterable.elements(&rows, mask: mask)
        let validity = source.lists.validity
        var owners: [Int32] = []
        var positions: [Int32] = []
        for row in 0..<rows.count where (mask?[row] ?? true) && (validity?[row] ?? true) {
            for position in source.lists.offsets[row]..<source.lists.offsets[row + 1] {
                owners.append(Int32(row))
                positions.append(position)
            }
        }
        var inner = rows.nested(owners, source.lists.element.take(positions))
        var taken: Bitmap?
        for condition in conditions { taken = Bitmap.both(taken, condition.truth(&inner, mask: taken)) }
        let given: Elements
        switch body {
        case .value(let element):
            let values = element.evaluate(&inner, mask: taken).expanded(to: inner.count)
            given = Elements(
                lists: ListColumn(offsets: (0...Int32(inner.count)).map { $0 }, element: values, validity: nil))
        case .elements(let source): given = source.elements(&inner, mask: taken)
        }

        let failures = inner.failures.reasons
        var ends = source.ends
        var kept: [Int32] = []
        var offsets: [Int32] = [0]
        var position = 0
        for row in 0..<rows.count {
            var isEnded = false
            while position < owners.count, owners[position] == row {
                if !isEnded, let reason = failures.isEmpty ? nil : failures[Int32(position)] {
                    ends[Int32(row)] = reason
                    isEnded = true
                } else if !isEnded, taken?[position] ?? true {
                    kept += given.range(position).map(Int32.init)
                    if let reason = given.ends[Int32(position)] {
                        ends[Int32(row)] = reason
                        isEnded = true
                    }
                }
                position += 1
            }
            offsets.append(Int32(kept.count))
        }
        return Elements(
            lists: ListColumn(offsets: offsets, element: given.lists.element.take(kept), validity: validity),
            ends: ends)
    }
}

/// `[element for …]`, `list(…)`.
struct CollectedList: Kernel {
    let source: any ElementSource
    var type: DataType { .list(source.elementType) }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        var elements = source.elements(&rows, mask: mask)
        elements.lists.validity = Elements.reject(elements.ends, elements.lists.validity, &rows, mask)
        return Vector(.list(elements.lists))
    }
}

/// `[a, b, c]`.
struct ListBuilding: Kernel {
    /// At least one, of the element's type.
    let elements: [any Kernel]
    let element: DataType
    var type: DataType { .list(element) }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let columns = elements.map { $0.evaluate(&rows, mask: mask).expanded(to: rows.count) }
        let count = Int32(rows.count)
        let size = Int32(columns.count)
        var order: [Int32] = []
        order.reserveCapacity(Int(count * size))
        for row in 0..<count { for index in 0..<size { order.append(index * count + row) } }
        let all = Column.concatenating(columns)
        return Vector(
            .list(ListColumn(offsets: (0...count).map { $0 * size }, element: all.take(order), validity: nil)))
    }
}

/// The characters of a text as a list.
struct TextCharacters: Kernel {
    let text: any Kernel
    var type: DataType { .list(.string) }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = text.evaluate(&rows, mask: mask)
        var characters = BytesColumn()
        var offsets: [Int32] = [0]
        let texts = value.column.textValues
        forEachText(texts, count: texts.count) { _, bytes in
            for (index, byte) in bytes.enumerated() {
                characters.bytes.append(byte)
                if index + 1 == bytes.count || bytes[index + 1] & 0xC0 != 0x80 { characters.endValue() }
            }
            offsets.append(Int32(characters.count))
        }
        let list = ListColumn(offsets: offsets, element: .string(characters), validity: value.column.validity)
        return Vector(.list(list), isConstant: value.isConstant)
    }
}
