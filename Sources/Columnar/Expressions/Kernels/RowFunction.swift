/// A function of single values, for what is too rare or too intricate for a loop over whole columns of its own.
struct RowFunction: Kernel {
    let type: DataType
    let operands: [any Kernel]
    /// Why a row on which an operand is null is rejected.
    let nullReason: String
    /// Gets values that are not null.
    let body: @Sendable ([Scalar]) throws(RowRejection) -> Scalar

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let vectors = operands.map { $0.evaluate(&rows, mask: mask) }
        var presence = rows.requireValues(vectors, mask: mask) { _ in nullReason }
        var results: [Scalar] = []
        results.reserveCapacity(presence.count)
        var reasons: [Int: String] = [:]
        for row in 0..<presence.count {
            guard presence.validity?[row] ?? true, presence.isConstant || (mask?[row] ?? true) else {
                results.append(.null)
                continue
            }
            do throws(RowRejection) {
                results.append(try body(vectors.map { $0.column[$0.isConstant ? 0 : row] }))
            } catch {
                reasons[row] = error.reason
                results.append(.null)
            }
        }
        if !reasons.isEmpty {
            let bad = Bitmap(count: presence.count) { reasons[$0] != nil }
            rows.rejectValues(bad, &presence, mask: mask) { reasons[$0] ?? "" }
        }
        return Vector(Column(type, results), isConstant: presence.isConstant)
    }
}

/// What Python's exception says.
struct RowRejection: Error {
    let reason: String
}
