import Columnar
import Dataflow
import Pipes

/// The functions of one transform that run in CPython: what is outside the compiled language.
final class PythonCode {
    private var calls: [PythonCall] = []

    /// The value of a further call, for rows of `schema`, as an expression of the transform's step.
    func value(of call: PythonCall, over schema: Schema) -> CompiledExpression? {
        calls.append(call)
        return .field(PythonColumns.name(calls.count - 1), in: PythonColumns(calls: calls).extending(schema))
    }

    /// The transform with the calls that its expressions stand for.
    func given(to compiled: CompiledTransform, reading rows: Rows?) -> CompiledTransform {
        guard !calls.isEmpty, let rows else { return compiled }
        let columns = PythonColumns(calls: calls)
        var result = compiled
        switch compiled.operation {
        case .map, .filter, .assignTimestamps: result.operation = .python(columns, then: compiled.operation)
        default:
            // What groups rows has a step before it that hands the values on, under names that no field has.
            let extended = columns.extending(rows.schema)
            let fields = extended.names.compactMap { CompiledExpression.field($0, in: extended) }
            let passed = extended.fields.enumerated().map { index, field in
                index < rows.schema.fields.count
                    ? field : Field("(value) \(index)", field.type, isNullable: field.isNullable)
            }
            result.before.append(
                InnerStep(
                    name: "Python", transform: "MapToFields",
                    operation: .python(columns, then: .map(MapFields(expressions: fields))),
                    inputs: [compiled.before.isEmpty ? .outer : .inner(compiled.before.count - 1)],
                    schema: Schema(passed)))
        }
        return result
    }
}
