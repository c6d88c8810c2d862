/// Columns are equal when they have the same type and the same values: what a null's slot holds, spare bytes and an
/// absent validity bitmap against a full one make no difference. NaN equals NaN, so that a column equals itself.
extension Column: Equatable {
    /// Whether type, nulls and values are the same.
    public static func == (a: Column, b: Column) -> Bool {
        a.count == b.count && a.type == b.type && sameValidity(a, b)
            && (0..<a.count).allSatisfy { sameValue(a, b, $0, $0) }
    }

    private static func sameValidity(_ a: Column, _ b: Column) -> Bool {
        switch (a.validity, b.validity) {
        case (nil, nil): true
        case (let one?, nil), (nil, let one?): one.isAllSet
        case (let one?, let other?): one == other
        }
    }

    private static func sameValue(_ a: Column, _ b: Column, _ i: Int, _ j: Int) -> Bool {
        if a.isNull(i) || b.isNull(j) { return a.isNull(i) && b.isNull(j) }
        switch (a, b) {
        case (.null, .null): return true
        case (.boolean(let a), .boolean(let b)): return a.values[i] == b.values[j]
        case (.int64(let a), .int64(let b)), (.timestamp(let a), .timestamp(let b)): return a.values[i] == b.values[j]
        case (.float64(let a), .float64(let b)):
            return a.values[i] == b.values[j] || a.values[i].isNaN && b.values[j].isNaN
        case (.string(let a), .string(let b)), (.bytes(let a), .bytes(let b)): return a[i] == b[j]
        case (.list(let a), .list(let b)):
            let (left, right) = (Int(a.offsets[i])..<Int(a.offsets[i + 1]), Int(b.offsets[j])..<Int(b.offsets[j + 1]))
            return left.count == right.count && zip(left, right).allSatisfy { sameValue(a.element, b.element, $0, $1) }
        case (.map(let a), .map(let b)): return sameValue(.list(a.entries), .list(b.entries), i, j)
        case (.structure(let a), .structure(let b)):
            return zip(a.children, b.children).allSatisfy { sameValue($0, $1, i, j) }
        default: return false
        }
    }
}

/// Batches are equal when they have the same schema and the same live rows in the same order, with their event times
/// and windows.
extension Batch: Equatable {
    /// Whether the live rows are the same, as rows of the same schema.
    public static func == (a: Batch, b: Batch) -> Bool {
        let (left, right) = (a.compacted(), b.compacted())
        return left.count == right.count && left.schema == right.schema && left.columns == right.columns
            && left.eventTimes == right.eventTimes && left.windows == right.windows
    }
}
