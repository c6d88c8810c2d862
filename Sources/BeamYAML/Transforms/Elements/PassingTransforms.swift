import Columnar
import Dataflow

/// `Reshuffle`: hints at how work is shared; the engine shares it anew in every epoch, so rows just pass.
enum ReshuffleTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        if let buckets = context.config.integer("num_buckets"), buckets < 1 {
            context.findings.error(
                "'num_buckets' is one or more", at: context.config["num_buckets"]?.place ?? context.spec.place)
        }
        guard let rows = context.input else { return nil }
        return CompiledTransform(operation: .flatten, rows: rows)
    }
}

/// `StripErrorMetadata`: the rejected rows of an error output, without the reason.
enum StripErrorMetadataTransform {
    /// Where the rejected element stands, by the names that Beam's transforms give it.
    private static let elements = ["failed_row", "element", "record"]

    static func compile(_ context: TransformContext) -> CompiledTransform? {
        guard var rows = context.input else { return nil }
        guard let name = elements.first(where: { rows.schema[$0] != nil }), let field = rows.schema[name] else {
            context.findings.error(
                "the input is not an error output: it has no field \(elements.joined(separator: ", "))",
                at: context.spec.place, suggestion: "read TRANSFORM.errors, as its 'error_handling' names it")
            return nil
        }
        var expressions: [any ColumnExpression] = []
        if case .structure(let members) = field.type {
            expressions = members.compactMap { FieldExpression([name, $0.name], in: rows.schema) }
            rows.schema = Schema(members)
        } else {
            expressions = [CompiledExpression.field(name, in: rows.schema)].compactMap { $0 }
            rows.schema = Schema([Field("element", field.type, isNullable: field.isNullable)])
        }
        return CompiledTransform(operation: .map(MapFields(expressions: expressions)), rows: rows)
    }
}
