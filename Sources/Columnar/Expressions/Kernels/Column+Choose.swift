extension Column {
    /// Row by row the value of `yes` where `bits` has a one, else that of `no`; both of one type.
    static func choosing(_ bits: Bitmap, _ yes: Vector, _ no: Vector) -> Column {
        let count = bits.count
        // A branch that is always null only takes values away.
        if yes.isConstant, yes.column.isNull(0) { return no.expanded(to: count).masked(by: bits.inverted()) }
        if no.isConstant, no.column.isNull(0) { return yes.expanded(to: count).masked(by: bits) }
        let validity = choosingValidity(bits, yes, no)
        switch yes.column {
        case .null: return no.expanded(to: count).masked(by: bits.inverted())
        case _ where no.column.type == .null: return yes.expanded(to: count).masked(by: bits)
        case .boolean:
            let a = yes.expanded(to: count).booleanValues
            let b = no.expanded(to: count).booleanValues
            return .boolean(
                BooleanColumn(values: a.intersection(bits).union(b.subtracting(bits)), validity: validity))
        case .int64:
            return .int64(
                FixedColumn(values: choose(bits, yes.column.int64Values, no.column.int64Values), validity: validity))
        case .timestamp:
            return .timestamp(
                FixedColumn(values: choose(bits, yes.column.int64Values, no.column.int64Values), validity: validity))
        case .float64:
            return .float64(
                FixedColumn(values: choose(bits, yes.column.float64Values, no.column.float64Values), validity: validity)
            )
        case .string: return .string(choose(bits, yes.column.textValues, no.column.textValues, validity))
        case .bytes: return .bytes(choose(bits, yes.column.textValues, no.column.textValues, validity))
        case .list:
            return .list(choose(bits, yes.expanded(to: count).listValues, no.expanded(to: count).listValues, validity))
        case .map:
            let lists = (yes: yes.expanded(to: count).entries, no: no.expanded(to: count).entries)
            return choosing(bits, Vector(lists.yes), Vector(lists.no)).asMap
        case .structure(let a):
            guard case .structure(let b) = no.column else { return yes.expanded(to: count).masked(by: bits) }
            let children = zip(a.children, b.children).map {
                choosing(bits, Vector($0, isConstant: yes.isConstant), Vector($1, isConstant: no.isConstant))
            }
            return .structure(StructColumn(fields: a.fields, children: children, count: count, validity: validity))
        }
    }

    private static func choosingValidity(_ bits: Bitmap, _ yes: Vector, _ no: Vector) -> Bitmap? {
        let a = yes.isConstant ? nil : yes.column.validity
        let b = no.isConstant ? nil : no.column.validity
        if a == nil, b == nil { return nil }
        return (a.map(bits.intersection) ?? bits).union(
            b.map { $0.subtracting(bits) } ?? bits.inverted())
    }

    private static func choose<T>(_ bits: Bitmap, _ yes: [T], _ no: [T]) -> [T] {
        let count = bits.count
        let yesStep = yes.count == count ? 1 : 0
        let noStep = no.count == count ? 1 : 0
        return [T](unsafeUninitializedCapacity: count) { result, initialized in
            for row in 0..<count {
                result.initializeElement(at: row, to: bits[row] ? yes[row &* yesStep] : no[row &* noStep])
            }
            initialized = count
        }
    }

    private static func choose(_ bits: Bitmap, _ yes: BytesColumn, _ no: BytesColumn, _ validity: Bitmap?)
        -> BytesColumn
    {
        var result = BytesColumn.reserving(bits.count)
        forEachPair(yes, no, count: bits.count) { row, yes, no in
            result.bytes.append(contentsOf: bits[row] ? yes : no)
            result.endValue()
        }
        result.validity = validity
        return result
    }

    private static func choose(_ bits: Bitmap, _ yes: ListColumn, _ no: ListColumn, _ validity: Bitmap?) -> ListColumn {
        var offsets: [Int32] = [0]
        var fromYes: [Int32] = []
        var fromNo: [Int32] = []
        for row in 0..<bits.count {
            let source = bits[row] ? yes : no
            for index in source.offsets[row]..<source.offsets[row + 1] {
                fromYes.append(bits[row] ? index : -1)
                fromNo.append(bits[row] ? -1 : index)
            }
            offsets.append(Int32(fromYes.count))
        }
        let chosen = Bitmap(fromYes.map { $0 >= 0 })
        return ListColumn(
            offsets: offsets,
            element: choosing(chosen, Vector(yes.element.take(fromYes)), Vector(no.element.take(fromNo))),
            validity: validity)
    }
}
