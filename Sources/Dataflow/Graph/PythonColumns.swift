public import Columnar
public import Pipes

/// Python functions that give a step's rows further columns, which only the step itself sees: its expressions name them.
public struct PythonColumns: Sendable {
    /// One for each column.
    public var calls: [PythonCall]

    /// Columns of these calls.
    public init(calls: [PythonCall]) { self.calls = calls }

    /// The rows of `schema` with the columns behind their own: what the step's expressions are compiled for.
    public func extending(_ schema: Schema) -> Schema {
        Schema(
            schema.fields
                + calls.enumerated().map { index, call in
                    Field(Self.name(index), call.result.type, isNullable: call.result.isNullable)
                })
    }

    /// The name of a column: one that no field has.
    public static func name(_ index: Int) -> String { prefix + String(index) }

    private static let prefix = "(python) "

    /// Whether a field is such a column.
    static func isOwn(_ field: Field) -> Bool { field.name.hasPrefix(prefix) }
}
