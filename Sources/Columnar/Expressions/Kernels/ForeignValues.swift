/// An expression of another kind as the whole of a compiled one.
struct ForeignValues: Kernel {
    let expression: any ColumnExpression

    var type: DataType { expression.type }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector { Vector(rows.values(of: expression)) }
}

extension CompiledExpression {
    /// The values of an expression of another language.
    public init(_ expression: any ColumnExpression, isNullable: Bool) {
        self.init(ForeignValues(expression: expression), isNullable: isNullable)
    }
}
