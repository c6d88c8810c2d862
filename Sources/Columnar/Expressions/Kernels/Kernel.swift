/// A node of a compiled expression: a typed operation on whole columns.
///
/// `mask` has a one for every row that takes this branch of the expression; nil: all do. A kernel computes on all rows,
/// for speed, but rejects only rows of the mask, and what it gives for the others means nothing. It gives a null for a row
/// that it rejects; an operation on that null may reject the row again, and the first reason counts.
protocol Kernel: Sendable {
    var type: DataType { get }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector
}

/// What a kernel gives: a value for every row, or one that stands for all of them.
struct Vector: Sendable {
    var column: Column
    /// The column has one value, for every row.
    var isConstant: Bool

    init(_ column: Column, isConstant: Bool = false) {
        self.column = column
        self.isConstant = isConstant
    }

    func isNull(_ row: Int) -> Bool { column.isNull(isConstant ? 0 : row) }

    /// A column of `count` values.
    func expanded(to count: Int) -> Column {
        isConstant ? column.take([Int32](repeating: 0, count: count)) : column
    }
}

/// One evaluation of an expression: the batch, what was already read from it, and the rows that failed so far.
struct Evaluation {
    private let batch: Batch
    /// Live rows.
    let count: Int
    private(set) var failures: RowFailures
    private var taken: [[Int]: Column] = [:]
    /// What the variables of comprehensions hold, the outermost first.
    private(set) var variables: [Column] = []

    init(_ batch: Batch, failures: RowFailures) {
        self.batch = batch
        self.failures = failures
        count = batch.liveCount
    }

    /// An evaluation of its own for elements of the rows' lists: each belongs to the row in `owners` at its position.
    func nested(_ owners: [Int32], _ elements: Column) -> Evaluation {
        var inner = batch
        inner.selection = batch.selection.map { selection in owners.map { selection[Int($0)] } } ?? owners
        var evaluation = Evaluation(inner, failures: RowFailures())
        evaluation.variables = variables.map { $0.take(owners) } + [elements]
        return evaluation
    }

    /// The live rows' values at the end of `path`, null where a struct on the way is null. Only the innermost column is
    /// copied for a selection, and only once.
    mutating func column(at path: [Int]) -> Column {
        if let column = taken[path] { return column }
        var column = path.first.map { batch.columns[$0] } ?? .null(count: batch.count)
        for index in path.dropFirst() {
            guard case .structure(let structure) = column else {
                column = .null(count: batch.count)
                break
            }
            column = structure.children[index].masked(by: structure.validity)
        }
        if let selection = batch.selection { column = column.take(selection) }
        taken[path] = column
        return column
    }

    /// The values of an expression of another kind, which rejects rows itself.
    mutating func values(of expression: any ColumnExpression) -> Column {
        expression.evaluate(batch, failures: &failures)
    }

    /// The live rows for which the struct at `path` is there; nil: all.
    mutating func presence(at path: [Int]) -> Bitmap? {
        var presence: Bitmap?
        var column = path.first.map { batch.columns[$0] } ?? .null(count: batch.count)
        for index in path.dropFirst() {
            presence = Bitmap.both(presence, column.validity)
            guard case .structure(let structure) = column else { break }
            column = structure.children[index]
        }
        presence = Bitmap.both(presence, column.validity)
        return batch.selection.map { selection in presence.map { $0.take(selection) } } ?? presence
    }

    /// Rejects the rows of `mask` that have a one in `rows`, which has one bit a row, or one for all.
    mutating func reject(_ rows: Bitmap, isConstant: Bool, mask: Bitmap?, _ reason: (Int) -> String) {
        if isConstant {
            guard rows.count == 1, rows[0] else { return }
            let text = reason(0)
            for row in 0..<count where mask?[row] ?? true { failures.report(row, text) }
        } else {
            for row in (mask.map(rows.intersection) ?? rows).setIndices { failures.report(Int(row), reason(Int(row))) }
        }
    }

    /// Rejects the rows on which an operand is null.
    mutating func requireValues(_ operands: [Vector], mask: Bitmap?, _ reason: (Int) -> String) -> Presence {
        let isConstant = operands.allSatisfy(\.isConstant)
        let rows = isConstant ? 1 : count
        var validity: Bitmap?
        for operand in operands {
            guard let valid = operand.column.validity else { continue }
            if operand.isConstant, !isConstant {
                if !valid[0] { validity = Bitmap(repeating: false, count: rows) }
            } else {
                validity = Bitmap.both(validity, valid)
            }
        }
        if let validity { reject(validity.inverted(), isConstant: isConstant, mask: mask, reason) }
        return Presence(count: rows, isConstant: isConstant, validity: validity)
    }

    /// Rejects rows that have values but wrong ones, and takes their values away.
    mutating func rejectValues(
        _ bad: Bitmap, _ presence: inout Presence, mask: Bitmap?, _ reason: (Int) -> String
    ) {
        let bad = presence.validity.map(bad.intersection) ?? bad
        guard bad.population > 0 else { return }
        reject(bad, isConstant: presence.isConstant, mask: mask, reason)
        presence.validity = Bitmap.both(presence.validity, bad.inverted())
    }
}

/// Where the operands of a kernel have values.
struct Presence {
    /// Values to compute: the rows, or one when every operand is constant.
    var count: Int
    var isConstant: Bool
    /// Nil: everywhere.
    var validity: Bitmap?
}

extension Bitmap {
    /// Ones where both have ones; nil is all ones.
    static func both(_ a: Bitmap?, _ b: Bitmap?) -> Bitmap? {
        switch (a, b) {
        case (nil, let other), (let other, nil): other
        case (let a?, let b?): a.intersection(b)
        }
    }
}
