import Columnar
import Dataflow

/// `Explode`: a row for each element of a list.
enum ExplodeTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let config = context.config
        let crossProduct = config.boolean("cross_product")
        context.warnIfSchemaIsLost("Explode finds none")
        guard config.required("fields") != nil, let names = config.texts("fields") else { return nil }
        if names.count > 1, crossProduct == nil {
            context.findings.error(
                "'cross_product' must be given where several fields are exploded",
                at: config.place(ofKey: "fields") ?? config.place,
                suggestion: "true: all combinations; false: side by side")
            return nil
        }
        guard var rows = context.input else { return nil }
        var positions: [Int] = []
        for (name, place) in names {
            guard let index = context.index(ofField: name, at: place) else { continue }
            guard case .list(let element) = rows.schema.fields[index].type else {
                context.findings.error(
                    "'\(name)' is \(rows.schema.fields[index].type); Explode needs a list", at: place)
                continue
            }
            positions.append(index)
            rows.schema.fields[index] = Field(name, element, isNullable: true)
        }
        guard positions.count == names.count else { return nil }
        return CompiledTransform(
            operation: .explode(Explode(fields: positions, crossProduct: crossProduct ?? true)), rows: rows)
    }
}
