/// A constant.
struct Constant: Kernel {
    let type: DataType
    let value: Scalar
    private let column: Column

    init(_ value: Scalar, _ type: DataType) {
        self.value = value
        self.type = type
        column = Column(type, [value])
    }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector { Vector(column, isConstant: true) }
}

/// A field, or a field of a row inside it. A null on the way has no attributes: the row is rejected.
struct FieldPath: Kernel {
    let type: DataType
    /// Positions: a top-level column first, then children of structs.
    let path: [Int]
    let names: [String]

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        requireParents(&rows, mask: mask)
        return Vector(rows.column(at: path))
    }

    /// Rejects the rows where a struct on the way is null.
    func requireParents(_ rows: inout Evaluation, mask: Bitmap?) {
        for depth in 1..<path.count {
            guard let presence = rows.presence(at: Array(path.prefix(depth))) else { continue }
            rows.reject(presence.inverted(), isConstant: false, mask: mask) { _ in
                "'NoneType' object has no attribute '\(names[depth])'"
            }
        }
    }
}

/// A field of a computed row.
struct Member: Kernel {
    let type: DataType
    let base: any Kernel
    let index: Int
    let name: String

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let base = base.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([base], mask: mask) { _ in "'NoneType' object has no attribute '\(name)'" }
        guard case .structure(let structure) = base.column else {
            return Vector(.nulls(type, count: presence.count), isConstant: base.isConstant)
        }
        return Vector(structure.children[index].masked(by: presence.validity), isConstant: base.isConstant)
    }
}

/// An operation that fails on every row, as one on a field that is always null.
struct AlwaysRejected: Kernel {
    let type: DataType
    let reason: String

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        rows.reject(Bitmap(repeating: true, count: 1), isConstant: true, mask: mask) { _ in reason }
        return Vector(.nulls(type, count: 1), isConstant: true)
    }
}

/// The same value, which must not be null.
struct Required: Kernel {
    let operand: any Kernel
    let reason: String
    var type: DataType { operand.type }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        _ = rows.requireValues([value], mask: mask) { _ in reason }
        return value
    }
}
