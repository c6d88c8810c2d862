import Columnar

/// `count`: rows, nulls included.
struct CountAccumulator: Accumulator {
    private var counts: [Int64] = []

    mutating func append() { counts.append(0) }

    mutating func removeLast() { counts.removeLast() }

    mutating func removeAll() { counts = [] }

    var bytesPerSlot: Int { 8 }

    mutating func reset(_ slot: Int) { counts[slot] = 0 }

    mutating func fold(_ values: Column, rows: ArraySlice<Int32>, into slots: [Int32]) {
        for slot in slots { counts[Int(slot)] += 1 }
    }

    mutating func merge(_ source: Int, into target: Int) { counts[target] += counts[source] }

    func results(_ slots: [Int32], failures: inout RowFailures) -> Column {
        .int64(FixedColumn(values: slots.map { counts[Int($0)] }))
    }

    func encode(_ slot: Int, into writer: inout ByteWriter) { writer.write(counts[slot]) }

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError) {
        counts[slot] = try reader.signed()
    }
}

/// `sum` of whole numbers, exact. The result has 64 bits: beyond them it is an error, as in Beam.
struct IntegerSumAccumulator: Accumulator {
    private var sums: [Int128] = []

    mutating func append() { sums.append(0) }

    mutating func removeLast() { sums.removeLast() }

    mutating func removeAll() { sums = [] }

    var bytesPerSlot: Int { 16 }

    mutating func reset(_ slot: Int) { sums[slot] = 0 }

    mutating func fold(_ values: Column, rows: ArraySlice<Int32>, into slots: [Int32]) {
        values.forEachInteger(rows) { sums[Int(slots[$0])] &+= Int128($1) }
    }

    mutating func merge(_ source: Int, into target: Int) { sums[target] &+= sums[source] }

    func results(_ slots: [Int32], failures: inout RowFailures) -> Column {
        var values: [Int64] = []
        for (position, slot) in slots.enumerated() {
            let sum = sums[Int(slot)]
            if Int64(exactly: sum) == nil { failures.report(position, "the sum \(sum) does not fit into 64 bits") }
            values.append(Int64(truncatingIfNeeded: sum))
        }
        return .int64(FixedColumn(values: values))
    }

    func encode(_ slot: Int, into writer: inout ByteWriter) { writer.write(sums[slot]) }

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError) {
        sums[slot] = try reader.int128()
    }
}

/// `sum` of floats, added in the order of arrival.
struct FloatSumAccumulator: Accumulator {
    private var sums: [Double] = []

    mutating func append() { sums.append(0) }

    mutating func removeLast() { sums.removeLast() }

    mutating func removeAll() { sums = [] }

    var bytesPerSlot: Int { 8 }

    mutating func reset(_ slot: Int) { sums[slot] = 0 }

    mutating func fold(_ values: Column, rows: ArraySlice<Int32>, into slots: [Int32]) {
        values.forEachFloat(rows) { sums[Int(slots[$0])] += $1 }
    }

    mutating func merge(_ source: Int, into target: Int) { sums[target] += sums[source] }

    func results(_ slots: [Int32], failures: inout RowFailures) -> Column {
        .float64(FixedColumn(values: slots.map { sums[Int($0)] }))
    }

    func encode(_ slot: Int, into writer: inout ByteWriter) { writer.write(sums[slot]) }

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError) {
        sums[slot] = try reader.double()
    }
}

/// `mean`: a float. Whole numbers are summed exactly and divided once.
struct MeanAccumulator: Accumulator {
    private let isExact: Bool
    private var exactSums: [Int128] = []
    private var sums: [Double] = []
    private var counts: [Int64] = []

    init(isExact: Bool) { self.isExact = isExact }

    mutating func append() {
        if isExact { exactSums.append(0) } else { sums.append(0) }
        counts.append(0)
    }

    mutating func removeLast() {
        if isExact { exactSums.removeLast() } else { sums.removeLast() }
        counts.removeLast()
    }

    mutating func removeAll() {
        exactSums = []
        sums = []
        counts = []
    }

    var bytesPerSlot: Int { isExact ? 24 : 16 }

    mutating func reset(_ slot: Int) {
        if isExact { exactSums[slot] = 0 } else { sums[slot] = 0 }
        counts[slot] = 0
    }

    mutating func fold(_ values: Column, rows: ArraySlice<Int32>, into slots: [Int32]) {
        for slot in slots { counts[Int(slot)] += 1 }
        if isExact {
            values.forEachInteger(rows) { exactSums[Int(slots[$0])] &+= Int128($1) }
        } else {
            values.forEachFloat(rows) { sums[Int(slots[$0])] += $1 }
        }
    }

    mutating func merge(_ source: Int, into target: Int) {
        if isExact { exactSums[target] &+= exactSums[source] } else { sums[target] += sums[source] }
        counts[target] += counts[source]
    }

    func results(_ slots: [Int32], failures: inout RowFailures) -> Column {
        .float64(
            FixedColumn(
                values: slots.map { slot in
                    let count = counts[Int(slot)]
                    return isExact ? exactSums[Int(slot)].quotient(by: count) : sums[Int(slot)] / Double(count)
                }))
    }

    func encode(_ slot: Int, into writer: inout ByteWriter) {
        if isExact { writer.write(exactSums[slot]) } else { writer.write(sums[slot]) }
        writer.write(counts[slot])
    }

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError) {
        if isExact { exactSums[slot] = try reader.int128() } else { sums[slot] = try reader.double() }
        counts[slot] = try reader.signed()
    }
}

extension Int128 {
    /// The double nearest to the mean of `count` numbers of 64 bits whose sum this is, as Python's division gives it.
    fileprivate func quotient(by count: Int64) -> Double {
        if magnitude <= 1 << 53 { return Double(self) / Double(count) }
        // 64 bits of the quotient, with what is left over folded into the last one, round once, and rightly.
        let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: UInt128(count.magnitude))
        let shift = UInt64(truncatingIfNeeded: whole).leadingZeroBitCount
        let (fraction, remainder) = (rest << UInt128(shift)).quotientAndRemainder(dividingBy: UInt128(count.magnitude))
        var bits = UInt64(truncatingIfNeeded: (whole << UInt128(shift)) | fraction)
        if remainder != 0 { bits |= 1 }
        let nearest: Double = Double(bits)
        let value = Double(sign: .plus, exponent: -shift, significand: nearest)
        return self < 0 ? -value : value
    }
}

extension Column {
    /// The values at `rows` of a column of whole numbers or booleans as whole numbers, with their place in `rows`.
    fileprivate func forEachInteger(_ rows: ArraySlice<Int32>, _ body: (Int, Int64) -> Void) {
        switch self {
        case .int64(let column): for (index, row) in rows.enumerated() { body(index, column.values[Int(row)]) }
        case .boolean(let column):
            for (index, row) in rows.enumerated() { body(index, column.values[Int(row)] ? 1 : 0) }
        default: break
        }
    }

    /// The values at `rows` of a column of numbers as floats, with their place in `rows`.
    fileprivate func forEachFloat(_ rows: ArraySlice<Int32>, _ body: (Int, Double) -> Void) {
        switch self {
        case .float64(let column): for (index, row) in rows.enumerated() { body(index, column.values[Int(row)]) }
        case .int64(let column): for (index, row) in rows.enumerated() { body(index, Double(column.values[Int(row)])) }
        case .boolean(let column):
            for (index, row) in rows.enumerated() { body(index, column.values[Int(row)] ? 1 : 0) }
        default: break
        }
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ value: Int128) {
        write(Int64(truncatingIfNeeded: value >> 64))
        write(UInt64(truncatingIfNeeded: value))
    }
}

extension ByteReader {
    fileprivate mutating func int128() throws(StoredStateError) -> Int128 {
        let high = Int128(try signed())
        return high << 64 | Int128(try unsigned())
    }
}
