/// Whether a value counts as true: not null, not zero, not empty. Never null.
struct Truth: Kernel {
    let operand: any Kernel
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var bits = Self.bits(of: value.column)
        if let validity = value.column.validity { bits = bits.intersection(validity) }
        return Vector(.boolean(BooleanColumn(values: bits)), isConstant: value.isConstant)
    }

    static func bits(of column: Column) -> Bitmap {
        switch column {
        case .null(let count): return Bitmap(repeating: false, count: count)
        case .boolean(let column): return column.values
        case .int64(let column):
            return zipBits(column.values, column.values, count: column.values.count) { value, _ in value != 0 }
        case .float64(let column):
            return zipBits(column.values, column.values, count: column.values.count) { value, _ in value != 0 }
        case .string(let text), .bytes(let text):
            return Bitmap(count: text.count) { text.offsets[$0] != text.offsets[$0 + 1] }
        case .list(let list):
            return Bitmap(count: list.offsets.count - 1) { list.offsets[$0] != list.offsets[$0 + 1] }
        case .map: return bits(of: column.entries)
        case .timestamp, .structure: return Bitmap(repeating: true, count: column.count)
        }
    }
}

extension Kernel {
    /// The rows for which this boolean is true.
    func truth(_ rows: inout Evaluation, mask: Bitmap?) -> Bitmap {
        let value = evaluate(&rows, mask: mask)
        let bits = value.column.booleanValues
        return value.isConstant ? Bitmap(repeating: bits[0], count: rows.count) : bits
    }
}

/// `and`, `or` of truth values; the right side is only asked where the left leaves the matter open.
struct Junction: Kernel {
    enum Operator { case and, or }

    let op: Operator
    let left: any Kernel
    let right: any Kernel
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let first = left.truth(&rows, mask: mask)
        let open = op == .and ? first : first.inverted()
        let asked = Bitmap.both(mask, open) ?? open
        guard asked.population > 0 else { return Vector(.boolean(BooleanColumn(values: first))) }
        let second = right.truth(&rows, mask: asked)
        let bits = op == .and ? first.intersection(second) : first.union(second)
        return Vector(.boolean(BooleanColumn(values: bits)))
    }
}

/// `not` of a truth value.
struct Negation: Kernel {
    let operand: any Kernel
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        return Vector(
            .boolean(BooleanColumn(values: value.column.booleanValues.inverted())), isConstant: value.isConstant)
    }
}

/// `is None`, `is not None`.
struct NullTest: Kernel {
    let operand: any Kernel
    /// True for `is not None`.
    let isNegated: Bool
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let present: Bitmap
        var isConstant = false
        if let field = operand as? FieldPath {
            // Whether a row is there can be told without copying what is in it.
            field.requireParents(&rows, mask: mask)
            present = rows.presence(at: field.path) ?? Bitmap(repeating: true, count: rows.count)
        } else {
            let value = operand.evaluate(&rows, mask: mask)
            present = value.column.validity ?? Bitmap(repeating: true, count: value.column.count)
            isConstant = value.isConstant
        }
        return Vector(
            .boolean(BooleanColumn(values: isNegated ? present : present.inverted())), isConstant: isConstant)
    }
}

/// `yes if test else no`; both branches of one type.
struct Conditional: Kernel {
    /// A truth value.
    let test: any Kernel
    let yes: any Kernel
    let no: any Kernel
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let bits = test.truth(&rows, mask: mask)
        let taken = Bitmap.both(mask, bits) ?? bits
        let left = mask.map { $0.subtracting(bits) } ?? bits.inverted()
        if taken.population == 0 { return no.evaluate(&rows, mask: mask) }
        if left.population == 0 { return yes.evaluate(&rows, mask: mask) }
        let first = yes.evaluate(&rows, mask: taken)
        let second = no.evaluate(&rows, mask: left)
        return Vector(.choosing(bits, first, second))
    }
}

/// `left or right`, `left and right`: the value of the one that decides.
struct DecidingValue: Kernel {
    let op: Junction.Operator
    let left: any Kernel
    let right: any Kernel
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let first = left.evaluate(&rows, mask: mask)
        let truth = Truth(operand: Given(value: first, type: left.type)).truth(&rows, mask: mask)
        let decided = op == .or ? truth : truth.inverted()
        let open = mask.map { $0.subtracting(decided) } ?? decided.inverted()
        guard open.population > 0 else { return first }
        let second = right.evaluate(&rows, mask: open)
        return Vector(.choosing(decided, first, second))
    }
}

/// A value that is already there.
struct Given: Kernel {
    let value: Vector
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector { value }
}
