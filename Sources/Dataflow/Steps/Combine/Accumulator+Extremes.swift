import Columnar
import Time

/// How the values of a column are compared and stored.
protocol ExtremeValues {
    associatedtype Element: Sendable

    /// The values at `rows`, in their order.
    static func elements(_ column: Column, _ rows: ArraySlice<Int32>) -> [Element]

    static func isLess(_ a: Element, _ b: Element) -> Bool

    static func column(_ elements: [Element], validity: Bitmap?) -> Column

    static func scalar(_ element: Element) -> Scalar

    static func element(_ scalar: Scalar) -> Element?

    /// What stands in a slot without a value.
    static var empty: Element { get }

    /// Memory that an element takes beyond its slot.
    static func bytes(_ element: Element) -> Int
}

extension ExtremeValues {
    static func bytes(_ element: Element) -> Int { 0 }
}

/// `min` and `max`: of equal values, and beside NaN, the first to come stays, as in Python.
struct ExtremeAccumulator<Values: ExtremeValues>: Accumulator {
    private let isMaximum: Bool
    private var values: [Values.Element] = []
    private var isSet: [Bool] = []
    private(set) var variableBytes = 0

    init(kind: Values.Type, isMaximum: Bool) { self.isMaximum = isMaximum }

    mutating func append() {
        values.append(Values.empty)
        isSet.append(false)
    }

    mutating func removeLast() {
        reset(values.count - 1)
        values.removeLast()
        isSet.removeLast()
    }

    mutating func removeAll() { self = ExtremeAccumulator(kind: Values.self, isMaximum: isMaximum) }

    var bytesPerSlot: Int { MemoryLayout<Values.Element>.stride + 1 }

    mutating func reset(_ slot: Int) {
        variableBytes -= Values.bytes(values[slot])
        values[slot] = Values.empty
        isSet[slot] = false
    }

    // The kinds are known only where the accumulator is made: without this, each value would ask for its type.
    @specialized(where Values == IntegerValues)
    @specialized(where Values == FloatValues)
    @specialized(where Values == TimestampValues)
    @specialized(where Values == TextValues)
    mutating func fold(_ column: Column, rows: ArraySlice<Int32>, into slots: [Int32]) {
        let elements = Values.elements(column, rows)
        for (element, slot) in zip(elements, slots) { offer(element, to: Int(slot)) }
    }

    mutating func merge(_ source: Int, into target: Int) {
        if isSet[source] { offer(values[source], to: target) }
    }

    private mutating func offer(_ element: Values.Element, to slot: Int) {
        let isBetter =
            !isSet[slot]
            || (isMaximum ? Values.isLess(values[slot], element) : Values.isLess(element, values[slot]))
        if isBetter {
            variableBytes += Values.bytes(element) - Values.bytes(values[slot])
            values[slot] = element
            isSet[slot] = true
        }
    }

    func results(_ slots: [Int32], failures: inout RowFailures) -> Column {
        let valid = Bitmap(slots.map { isSet[Int($0)] })
        return Values.column(slots.map { values[Int($0)] }, validity: valid.isAllSet ? nil : valid)
    }

    func encode(_ slot: Int, into writer: inout ByteWriter) {
        writer.write(isSet[slot] ? Values.scalar(values[slot]) : .null)
    }

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError) {
        let scalar = try reader.scalar()
        if scalar == .null { return reset(slot) }
        guard let element = Values.element(scalar) else { throw StoredStateError.malformed }
        variableBytes += Values.bytes(element) - Values.bytes(values[slot])
        values[slot] = element
        isSet[slot] = true
    }
}

enum IntegerValues: ExtremeValues {
    static let empty: Int64 = 0

    static func elements(_ column: Column, _ rows: ArraySlice<Int32>) -> [Int64] {
        if case .int64(let column) = column {
            rows.map { column.values[Int($0)] }
        } else {
            [Int64](repeating: 0, count: rows.count)
        }
    }

    static func isLess(_ a: Int64, _ b: Int64) -> Bool { a < b }

    static func column(_ elements: [Int64], validity: Bitmap?) -> Column {
        .int64(FixedColumn(values: elements, validity: validity))
    }

    static func scalar(_ element: Int64) -> Scalar { .int64(element) }

    static func element(_ scalar: Scalar) -> Int64? { if case .int64(let value) = scalar { value } else { nil } }
}

enum TimestampValues: ExtremeValues {
    static let empty: Int64 = 0

    static func elements(_ column: Column, _ rows: ArraySlice<Int32>) -> [Int64] {
        if case .timestamp(let column) = column {
            rows.map { column.values[Int($0)] }
        } else {
            [Int64](repeating: 0, count: rows.count)
        }
    }

    static func isLess(_ a: Int64, _ b: Int64) -> Bool { a < b }

    static func column(_ elements: [Int64], validity: Bitmap?) -> Column {
        .timestamp(FixedColumn(values: elements, validity: validity))
    }

    static func scalar(_ element: Int64) -> Scalar { .timestamp(Timestamp(micros: element)) }

    static func element(_ scalar: Scalar) -> Int64? {
        if case .timestamp(let value) = scalar { value.micros } else { nil }
    }
}

enum FloatValues: ExtremeValues {
    static let empty: Double = 0

    static func elements(_ column: Column, _ rows: ArraySlice<Int32>) -> [Double] {
        switch column {
        case .float64(let column): rows.map { column.values[Int($0)] }
        case .int64(let column): rows.map { Double(column.values[Int($0)]) }
        default: [Double](repeating: 0, count: rows.count)
        }
    }

    static func isLess(_ a: Double, _ b: Double) -> Bool { a < b }

    static func column(_ elements: [Double], validity: Bitmap?) -> Column {
        .float64(FixedColumn(values: elements, validity: validity))
    }

    static func scalar(_ element: Double) -> Scalar { .float64(element) }

    static func element(_ scalar: Scalar) -> Double? { if case .float64(let value) = scalar { value } else { nil } }
}

enum BooleanValues: ExtremeValues {
    static let empty = false

    static func elements(_ column: Column, _ rows: ArraySlice<Int32>) -> [Bool] {
        guard case .boolean(let values) = column else { return [Bool](repeating: false, count: rows.count) }
        return rows.map { values.values[Int($0)] }
    }

    static func isLess(_ a: Bool, _ b: Bool) -> Bool { !a && b }

    static func column(_ elements: [Bool], validity: Bitmap?) -> Column {
        .boolean(BooleanColumn(values: Bitmap(elements), validity: validity))
    }

    static func scalar(_ element: Bool) -> Scalar { .boolean(element) }

    static func element(_ scalar: Scalar) -> Bool? { if case .boolean(let value) = scalar { value } else { nil } }
}

/// UTF-8 compares by bytes as Python's text does by code points.
enum TextValues: ExtremeValues {
    static let empty: [UInt8] = []

    static func elements(_ column: Column, _ rows: ArraySlice<Int32>) -> [[UInt8]] {
        BytesValues.elements(column, rows)
    }

    static func bytes(_ element: [UInt8]) -> Int { BytesValues.bytes(element) }

    static func isLess(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.lexicographicallyPrecedes(b) }

    static func column(_ elements: [[UInt8]], validity: Bitmap?) -> Column {
        .string(BytesColumn(elements, validity: validity))
    }

    static func scalar(_ element: [UInt8]) -> Scalar { .bytes(element) }

    static func element(_ scalar: Scalar) -> [UInt8]? { BytesValues.element(scalar) }
}

enum BytesValues: ExtremeValues {
    static let empty: [UInt8] = []

    static func elements(_ column: Column, _ rows: ArraySlice<Int32>) -> [[UInt8]] {
        switch column {
        case .string(let column), .bytes(let column): rows.map { Array(column[Int($0)]) }
        default: [[UInt8]](repeating: [], count: rows.count)
        }
    }

    static func bytes(_ element: [UInt8]) -> Int { element.isEmpty ? 0 : element.count + 32 }

    static func isLess(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.lexicographicallyPrecedes(b) }

    static func column(_ elements: [[UInt8]], validity: Bitmap?) -> Column {
        .bytes(BytesColumn(elements, validity: validity))
    }

    static func scalar(_ element: [UInt8]) -> Scalar { .bytes(element) }

    static func element(_ scalar: Scalar) -> [UInt8]? { if case .bytes(let value) = scalar { value } else { nil } }
}

extension BytesColumn {
    /// A column of these values.
    init(_ values: some Sequence<[UInt8]>, validity: Bitmap? = nil) {
        var offsets: [Int32] = [0]
        var bytes: [UInt8] = []
        for value in values {
            bytes += value
            offsets.append(Int32(bytes.count))
        }
        self.init(offsets: offsets, bytes: bytes, validity: validity)
    }
}
