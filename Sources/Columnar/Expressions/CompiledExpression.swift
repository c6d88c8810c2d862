/// An expression compiled to kernels over the columns of one schema.
public struct CompiledExpression: ColumnExpression {
    /// The type of the values.
    public let type: DataType
    /// Whether it can give a null for a row that it does not reject.
    public let isNullable: Bool
    /// Fields that were declared as possibly absent and that the expression reads without allowing for it, with the
    /// first place of each.
    public let assumedPresent: [AssumedField]
    let kernel: any Kernel

    init(_ kernel: any Kernel, isNullable: Bool, assumedPresent: [AssumedField] = []) {
        self.kernel = kernel
        self.isNullable = isNullable
        self.assumedPresent = assumedPresent
        type = kernel.type
    }

    /// One value for each live row of `batch`; see `ColumnExpression`.
    public func evaluate(_ batch: Batch, failures: inout RowFailures) -> Column {
        var rows = Evaluation(batch, failures: failures)
        let column = kernel.evaluate(&rows, mask: nil).expanded(to: rows.count)
        failures = rows.failures
        guard !failures.isEmpty else { return column }
        var kept = Bitmap(repeating: true, count: rows.count)
        for row in failures.reasons.keys { kept[Int(row)] = false }
        return column.masked(by: kept)
    }
}

/// A field that an expression takes to be there.
public struct AssumedField: Sendable, Hashable {
    /// The field's name.
    public var name: String
    /// Unicode scalars from the start of the source.
    public var offset: Int
}

extension CompiledExpression {
    /// The same values, which must not be null: a null rejects the row with `reason`. Whole numbers become floats where
    /// `type` is one.
    public func required(as type: DataType, reason: String) -> CompiledExpression {
        let widened: any Kernel = self.type == type ? kernel : Widening(operand: kernel, type: type)
        return CompiledExpression(
            isNullable ? Required(operand: widened, reason: reason) : widened, isNullable: false,
            assumedPresent: assumedPresent)
    }

    /// The same values as a wider type: whole numbers as floats, nulls as nulls of `type`.
    public func widened(to type: DataType) -> CompiledExpression {
        if self.type == type { return self }
        let kernel: any Kernel = self.type == .null ? Constant(.null, type) : Widening(operand: kernel, type: type)
        return CompiledExpression(kernel, isNullable: isNullable, assumedPresent: assumedPresent)
    }

    /// A field by its name; nil when there is none.
    public static func field(_ name: String, in schema: Schema) -> CompiledExpression? {
        guard let index = schema.index(of: name) else { return nil }
        let field = schema.fields[index]
        return CompiledExpression(
            FieldPath(type: field.type, path: [index], names: [name]), isNullable: field.isNullable)
    }

    /// The same value for every row.
    public static func constant(_ value: Scalar, _ type: DataType) -> CompiledExpression {
        CompiledExpression(Constant(value, type), isNullable: value == .null)
    }
}
