import Columnar

/// How the values of a column are told apart and stored.
protocol DistinctValues {
    associatedtype Element: Hashable & Sendable

    /// What tells the values at `rows` apart, in their order. -0 equals 0 and NaN equals NaN, as among keys.
    static func elements(_ column: Column, _ rows: ArraySlice<Int32>) -> [Element]

    /// Memory that an element in a set takes, about.
    static func bytes(_ element: Element) -> Int

    static func write(_ element: Element, to writer: inout ByteWriter)

    static func read(_ reader: inout ByteReader) throws(StoredStateError) -> Element
}

/// SQL's `COUNT(DISTINCT …)`: how many different values there are.
struct DistinctCountAccumulator<Values: DistinctValues>: Accumulator {
    private var sets: [Set<Values.Element>] = []
    private(set) var variableBytes = 0

    init(_ kind: Values.Type) {}

    mutating func append() { sets.append([]) }

    mutating func removeLast() {
        reset(sets.count - 1)
        sets.removeLast()
    }

    mutating func removeAll() { self = DistinctCountAccumulator(Values.self) }

    var bytesPerSlot: Int { 8 }

    mutating func reset(_ slot: Int) {
        variableBytes -= sets[slot].reduce(0) { $0 + Values.bytes($1) }
        sets[slot] = []
    }

    mutating func fold(_ column: Column, rows: ArraySlice<Int32>, into slots: [Int32]) {
        for (element, slot) in zip(Values.elements(column, rows), slots) { insert(element, Int(slot)) }
    }

    mutating func merge(_ source: Int, into target: Int) {
        for element in sets[source] { insert(element, target) }
    }

    private mutating func insert(_ element: Values.Element, _ slot: Int) {
        if sets[slot].insert(element).inserted { variableBytes += Values.bytes(element) }
    }

    func results(_ slots: [Int32], failures: inout RowFailures) -> Column {
        .int64(FixedColumn(values: slots.map { Int64(sets[Int($0)].count) }))
    }

    func encode(_ slot: Int, into writer: inout ByteWriter) {
        writer.write(UInt64(sets[slot].count))
        for element in sets[slot] { Values.write(element, to: &writer) }
    }

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError) {
        reset(slot)
        for _ in 0..<(try reader.count()) { insert(try Values.read(&reader), slot) }
    }
}

/// Numbers, times and truth values, as 64 bits.
enum DistinctNumbers: DistinctValues {
    static func elements(_ column: Column, _ rows: ArraySlice<Int32>) -> [Int64] {
        switch column {
        case .int64(let column), .timestamp(let column): rows.map { column.values[Int($0)] }
        case .boolean(let column): rows.map { column.values[Int($0)] ? 1 : 0 }
        case .float64(let column): rows.map { bits(of: column.values[Int($0)]) }
        default: [Int64](repeating: 0, count: rows.count)
        }
    }

    private static func bits(of value: Double) -> Int64 {
        if value == 0 { return 0 }
        return Int64(bitPattern: (value.isNaN ? Double.nan : value).bitPattern)
    }

    static func bytes(_ element: Int64) -> Int { 16 }

    static func write(_ element: Int64, to writer: inout ByteWriter) { writer.write(element) }

    static func read(_ reader: inout ByteReader) throws(StoredStateError) -> Int64 { try reader.signed() }
}

/// Texts and bytes.
enum DistinctBytes: DistinctValues {
    static func elements(_ column: Column, _ rows: ArraySlice<Int32>) -> [[UInt8]] {
        switch column {
        case .string(let column), .bytes(let column): rows.map { Array(column[Int($0)]) }
        default: [[UInt8]](repeating: [], count: rows.count)
        }
    }

    static func bytes(_ element: [UInt8]) -> Int { 16 + 32 + element.count }

    static func write(_ element: [UInt8], to writer: inout ByteWriter) { writer.write(element) }

    static func read(_ reader: inout ByteReader) throws(StoredStateError) -> [UInt8] { try reader.data() }
}
