/// `<`, `<=`, `>`, `>=`, `==`, `!=` of values that can be compared. A null equals a null alone, and has no order: that
/// rejects the row.
struct Comparison: Kernel {
    enum Operator: String {
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case equal = "=="
        case notEqual = "!="

        var isOrdering: Bool { self != .equal && self != .notEqual }
    }

    let op: Operator
    let left: any Kernel
    let right: any Kernel
    let names: OperandNames
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let left = left.evaluate(&rows, mask: mask)
        let right = right.evaluate(&rows, mask: mask)
        guard op.isOrdering else {
            let isConstant = left.isConstant && right.isConstant
            let equal = Self.equality(left, right, count: isConstant ? 1 : rows.count)
            return Vector(
                .boolean(BooleanColumn(values: op == .equal ? equal : equal.inverted())), isConstant: isConstant)
        }
        let presence = rows.requireValues([left, right], mask: mask) { names.unordered(op.rawValue, left, right, $0) }
        let bits = Self.ordered(left, right, op, count: presence.count)
        return Vector(
            .boolean(BooleanColumn(values: bits, validity: presence.validity)), isConstant: presence.isConstant)
    }

    /// Where the order of the values is what `op` asks for.
    private static func ordered(_ left: Vector, _ right: Vector, _ op: Operator, count: Int) -> Bitmap {
        switch (left.column, right.column) {
        case (.int64(let a), .int64(let b)), (.timestamp(let a), .timestamp(let b)):
            return ordered(a.values, b.values, op, count: count)
        case (.float64(let a), .float64(let b)): return ordered(a.values, b.values, op, count: count)
        default: break
        }
        switch op {
        case .less: return compare(left, right, count: count) { $0 < 0 }
        case .lessOrEqual: return compare(left, right, count: count) { $0 <= 0 }
        case .greater: return compare(left, right, count: count) { $0 > 0 && $0 < Order.none }
        case .greaterOrEqual: return compare(left, right, count: count) { $0 >= 0 && $0 < Order.none }
        case .equal: return compare(left, right, count: count) { $0 == 0 }
        case .notEqual: return compare(left, right, count: count) { $0 != 0 }
        }
    }

    /// Numbers by the processor's own comparison, without a branch a row.
    @inline(__always)
    private static func ordered<T: Comparable>(_ a: [T], _ b: [T], _ op: Operator, count: Int) -> Bitmap {
        switch op {
        case .less: zipBits(a, b, count: count) { $0 < $1 }
        case .lessOrEqual: zipBits(a, b, count: count) { $0 <= $1 }
        case .greater: zipBits(a, b, count: count) { $0 > $1 }
        case .greaterOrEqual: zipBits(a, b, count: count) { $0 >= $1 }
        case .equal: zipBits(a, b, count: count) { $0 == $1 }
        case .notEqual: zipBits(a, b, count: count) { $0 != $1 }
        }
    }

    /// Where both are null, or both are the same value.
    static func equality(_ left: Vector, _ right: Vector, count: Int) -> Bitmap {
        let same = ordered(left, right, .equal, count: count)
        let a = left.column.validity.map { left.isConstant ? Bitmap(repeating: $0[0], count: count) : $0 }
        let b = right.column.validity.map { right.isConstant ? Bitmap(repeating: $0[0], count: count) : $0 }
        guard let both = Bitmap.both(a, b) else { return same }
        let neither = (a?.inverted() ?? Bitmap(repeating: false, count: count))
            .intersection(b?.inverted() ?? Bitmap(repeating: false, count: count))
        return same.intersection(both).union(neither)
    }

    /// The rows for which `test` holds of the order of their values: negative, zero, positive, or `Order.none`.
    @inline(__always)
    private static func compare(_ left: Vector, _ right: Vector, count: Int, _ test: (Int) -> Bool) -> Bitmap {
        switch (left.column, right.column) {
        case (.int64(let a), .int64(let b)), (.timestamp(let a), .timestamp(let b)):
            zipBits(a.values, b.values, count: count) { test(Order.of($0, $1)) }
        case (.float64(let a), .float64(let b)):
            zipBits(a.values, b.values, count: count) { test(Order.of($0, $1)) }
        case (.int64(let a), .float64(let b)):
            zipBits(a.values, b.values, count: count) { test(Order.of($0, $1)) }
        case (.float64(let a), .int64(let b)):
            zipBits(a.values, b.values, count: count) { test(Order.reversed(Order.of($1, $0))) }
        case (.string(let a), .string(let b)), (.bytes(let a), .bytes(let b)):
            compareText(a, b, count: count, test)
        default:
            Bitmap(count: count) { row in
                test(
                    Order.of(left.column[left.isConstant ? 0 : row], right.column[right.isConstant ? 0 : row]))
            }
        }
    }

    @inline(__always)
    private static func compareText(_ a: BytesColumn, _ b: BytesColumn, count: Int, _ test: (Int) -> Bool) -> Bitmap {
        var bits = [Bool](repeating: false, count: count)
        forEachPair(a, b, count: count) { row, left, right in bits[row] = test(Order.of(left, right)) }
        return Bitmap(bits)
    }
}

/// How two values stand to each other: a negative number, zero, a positive one.
enum Order {
    /// Neither before nor after nor equal, as NaN and everything.
    static let none = 2

    @inline(__always)
    static func of(_ a: Int64, _ b: Int64) -> Int { a < b ? -1 : (a == b ? 0 : 1) }

    @inline(__always)
    static func of(_ a: Double, _ b: Double) -> Int { a < b ? -1 : (a == b ? 0 : (a > b ? 1 : none)) }

    /// Exact, also where the integer has no equal among the doubles.
    static func of(_ a: Int64, _ b: Double) -> Int {
        if b.isNaN { return none }
        if a.magnitude <= 1 << 53 { return of(Double(a), b) }
        if b >= 0x1p63 { return -1 }
        if b < -0x1p63 { return 1 }
        let whole = b.rounded(.towardZero)
        let order = of(a, Int64(whole))
        return order != 0 ? order : of(Double.zero, b - whole)
    }

    static func reversed(_ order: Int) -> Int { order == none ? none : -order }

    /// UTF-8 sorts as its code points do.
    @inline(__always)
    static func of(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
        let shared = min(a.count, b.count)
        for index in 0..<shared where a[index] != b[index] { return a[index] < b[index] ? -1 : 1 }
        return a.count < b.count ? -1 : (a.count == b.count ? 0 : 1)
    }

    /// Nested values have equality alone.
    static func of(_ a: Scalar, _ b: Scalar) -> Int {
        switch (a, b) {
        case (.boolean(let a), .boolean(let b)): of(a ? Int64(1) : 0, b ? Int64(1) : 0)
        case (.int64(let a), .float64(let b)): of(a, b)
        case (.float64(let a), .int64(let b)): reversed(of(b, a))
        case (.list(let a), .list(let b)), (.structure(let a), .structure(let b)):
            a.count == b.count && zip(a, b).allSatisfy { of($0, $1) == 0 } ? 0 : none
        default: a == b ? 0 : none
        }
    }
}
