/// The value that belongs to a key, among constant keys.
struct Lookup: Kernel {
    let key: any Kernel
    /// Constants; of those that are equal the last counts.
    let keys: [any Kernel]
    /// One a key, of `type`.
    let values: [any Kernel]
    /// Where no key is equal; nil: the row is rejected.
    let fallback: (any Kernel)?
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let wanted = key.evaluate(&rows, mask: mask).expanded(to: rows.count)
        var open = Bitmap(repeating: true, count: rows.count)
        var result = Column.nulls(type, count: rows.count)
        for (key, value) in zip(keys, values).reversed() {
            let candidate = key.evaluate(&rows, mask: mask)
            let found = Comparison.equality(Vector(wanted), candidate, count: rows.count).intersection(open)
            guard found.population > 0 else { continue }
            open = open.subtracting(found)
            result = .choosing(found, value.evaluate(&rows, mask: found), Vector(result))
        }
        guard open.population > 0 else { return Vector(result) }
        let left = Bitmap.both(mask, open) ?? open
        if let fallback {
            return Vector(.choosing(open, fallback.evaluate(&rows, mask: left), Vector(result)))
        }
        rows.reject(open, isConstant: false, mask: mask) { row in
            Representation.text(wanted, row)
        }
        return Vector(result)
    }
}

/// A value, after others that only reject rows.
struct Eager: Kernel {
    let others: [any Kernel]
    let result: any Kernel
    var type: DataType { result.type }

    init(_ others: [any Kernel], then result: any Kernel) {
        self.others = others
        self.result = result
    }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        for other in others { _ = other.evaluate(&rows, mask: mask) }
        return result.evaluate(&rows, mask: mask)
    }
}
