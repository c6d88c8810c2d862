import Columnar

/// Another accumulator that is not shown the nulls: what aggregates of SQL do.
struct SkippingNulls: Accumulator {
    var base: any Accumulator

    mutating func append() { base.append() }

    mutating func removeLast() { base.removeLast() }

    mutating func removeAll() { base.removeAll() }

    var bytesPerSlot: Int { base.bytesPerSlot }

    var variableBytes: Int { base.variableBytes }

    mutating func reset(_ slot: Int) { base.reset(slot) }

    mutating func fold(_ values: Column, rows: ArraySlice<Int32>, into slots: [Int32]) {
        guard values.validity != nil else { return base.fold(values, rows: rows, into: slots) }
        let kept = zip(rows, slots).filter { !values.isNull(Int($0.0)) }
        if !kept.isEmpty { base.fold(values, rows: kept.map(\.0)[...], into: kept.map(\.1)) }
    }

    mutating func merge(_ source: Int, into target: Int) { base.merge(source, into: target) }

    func results(_ slots: [Int32], failures: inout RowFailures) -> Column { base.results(slots, failures: &failures) }

    func encode(_ slot: Int, into writer: inout ByteWriter) { base.encode(slot, into: &writer) }

    mutating func decode(_ slot: Int, from reader: inout ByteReader) throws(StoredStateError) {
        try base.decode(slot, from: &reader)
    }
}

extension Combine.Aggregate {
    /// The accumulator for results of `output`; nil when the function has none for the values.
    func accumulator(giving output: DataType) -> (any Accumulator)? {
        let plain = function.accumulator(of: value.type, giving: output)
        return skipsNulls ? plain.map { SkippingNulls(base: $0) } : plain
    }
}
