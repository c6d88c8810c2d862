import Columnar

/// `all` and `any` over Python's truth of the values: zero, the empty text or list, and null are false.
struct TruthAccumulator: Accumulator {
    private let isAll: Bool
    private var values: [Bool] = []

    init(isAll: Bool) { self.isAll = isAll }

    mutating func append() { values.append(isAll) }

    mutating func removeLast() { values.removeLast() }

    mutating func removeAll() { values = [] }

    var bytesPerSlot: Int { 1 }

    mutating func reset(_ slot: Int) { values[slot] = isAll }

    mutating func fold(_ column: Column, rows: ArraySlice<Int32>, into slots: [Int32]) {
        for (row, slot) in zip(rows, slots) where column.isTrue(Int(row)) != isAll { values[Int(slot)] = !isAll }
    }

    mutating func merge(_ source: Int, into target: Int) {
        if values[source] != isAll { values[target] = !isAll }
    }

    func results(_ slots: [Int32], failures: inout RowFailures) -> Column {
        .boolean(BooleanColumn(values: Bitmap(slots.map { values[Int($0)] })))
    }

    func encode(_ slot: Int, into writer: inout ByteWriter) { writer.write(byte: values[slot] ? 1 : 0) }

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError) {
        values[slot] = try reader.byte() == 1
    }
}

/// `group`: the values as a list, in the order of arrival, nulls included.
struct GroupAccumulator: Accumulator {
    private let output: DataType
    private var lists: [[Scalar]] = []
    private(set) var variableBytes = 0

    init(output: DataType) { self.output = output }

    mutating func append() { lists.append([]) }

    mutating func removeLast() {
        reset(lists.count - 1)
        lists.removeLast()
    }

    mutating func removeAll() { self = GroupAccumulator(output: output) }

    var bytesPerSlot: Int { 8 }

    mutating func reset(_ slot: Int) {
        variableBytes -= memory(slot)
        lists[slot] = []
    }

    private func memory(_ slot: Int) -> Int { lists[slot].reduce(0) { $0 + $1.memory } }

    mutating func fold(_ values: Column, rows: ArraySlice<Int32>, into slots: [Int32]) {
        for (row, slot) in zip(rows, slots) {
            let value = values[Int(row)]
            variableBytes += value.memory
            lists[Int(slot)].append(value)
        }
    }

    mutating func merge(_ source: Int, into target: Int) {
        variableBytes += memory(source)
        lists[target] += lists[source]
    }

    func results(_ slots: [Int32], failures: inout RowFailures) -> Column {
        Column(output, slots.map { .list(lists[Int($0)]) })
    }

    func encode(_ slot: Int, into writer: inout ByteWriter) { writer.write(lists[slot]) }

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError) {
        reset(slot)
        lists[slot] = try reader.scalars()
        variableBytes += memory(slot)
    }
}

/// `concat` of lists.
struct ListConcatAccumulator: Accumulator {
    private var lists: GroupAccumulator

    init(output: DataType) { lists = GroupAccumulator(output: output) }

    mutating func append() { lists.append() }

    mutating func removeLast() { lists.removeLast() }

    mutating func removeAll() { lists.removeAll() }

    var bytesPerSlot: Int { lists.bytesPerSlot }

    var variableBytes: Int { lists.variableBytes }

    mutating func reset(_ slot: Int) { lists.reset(slot) }

    mutating func fold(_ values: Column, rows: ArraySlice<Int32>, into slots: [Int32]) {
        guard case .list(let column) = values else { return }
        for (row, slot) in zip(rows, slots) {
            let elements = column.offsets[Int(row)]..<column.offsets[Int(row) + 1]
            lists.fold(
                column.element, rows: Array(elements)[...], into: [Int32](repeating: slot, count: elements.count))
        }
    }

    mutating func merge(_ source: Int, into target: Int) { lists.merge(source, into: target) }

    func results(_ slots: [Int32], failures: inout RowFailures) -> Column {
        lists.results(slots, failures: &failures)
    }

    func encode(_ slot: Int, into writer: inout ByteWriter) { lists.encode(slot, into: &writer) }

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError) {
        try lists.decode(slot, from: &reader)
    }
}

/// `concat` of texts, or of bytes.
struct TextConcatAccumulator: Accumulator {
    private let isText: Bool
    private var texts: [[UInt8]] = []
    private(set) var variableBytes = 0

    init(isText: Bool) { self.isText = isText }

    mutating func append() { texts.append([]) }

    mutating func removeLast() {
        reset(texts.count - 1)
        texts.removeLast()
    }

    mutating func removeAll() { self = TextConcatAccumulator(isText: isText) }

    var bytesPerSlot: Int { 8 + 32 }

    mutating func reset(_ slot: Int) {
        variableBytes -= texts[slot].count
        texts[slot] = []
    }

    mutating func fold(_ values: Column, rows: ArraySlice<Int32>, into slots: [Int32]) {
        switch values {
        case .string(let column), .bytes(let column):
            for (row, slot) in zip(rows, slots) {
                let text = column[Int(row)]
                variableBytes += text.count
                texts[Int(slot)] += text
            }
        default: break
        }
    }

    mutating func merge(_ source: Int, into target: Int) {
        variableBytes += texts[source].count
        texts[target] += texts[source]
    }

    func results(_ slots: [Int32], failures: inout RowFailures) -> Column {
        let column = BytesColumn(slots.map { texts[Int($0)] })
        return isText ? .string(column) : .bytes(column)
    }

    func encode(_ slot: Int, into writer: inout ByteWriter) { writer.write(texts[slot]) }

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError) {
        reset(slot)
        texts[slot] = try reader.data()
        variableBytes += texts[slot].count
    }
}

extension Column {
    /// Python's truth of the value at `row`.
    fileprivate func isTrue(_ row: Int) -> Bool {
        if isNull(row) { return false }
        switch self {
        case .null: return false
        case .boolean(let column): return column.values[row]
        case .int64(let column): return column.values[row] != 0
        case .float64(let column): return column.values[row] != 0
        case .string(let column), .bytes(let column): return column.offsets[row] != column.offsets[row + 1]
        case .timestamp, .structure: return true
        case .list(let column): return column.offsets[row] != column.offsets[row + 1]
        case .map(let column): return !column.range(row).isEmpty
        }
    }
}

extension Scalar {
    /// Memory that a value in a list takes, about.
    fileprivate var memory: Int {
        switch self {
        case .null, .boolean, .int64, .float64, .timestamp: MemoryLayout<Scalar>.stride
        case .string(let text): MemoryLayout<Scalar>.stride + (text.utf8.count > 15 ? text.utf8.count + 32 : 0)
        case .bytes(let bytes): MemoryLayout<Scalar>.stride + bytes.count + 32
        case .list(let values), .structure(let values):
            values.reduce(MemoryLayout<Scalar>.stride + 32) { $0 + $1.memory }
        }
    }
}
