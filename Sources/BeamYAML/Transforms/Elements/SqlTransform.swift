import Columnar
import Dataflow
import SQL
import Yams

/// `Sql`: a query over one input. It becomes the steps that pipelines have anyway: Filter, Combine, MapToFields.
enum SqlTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let findings = context.findings
        guard let (text, place) = context.config.text("query") else {
            _ = context.config.required("query")
            return nil
        }
        context.warnIfSchemaIsLost("Sql finds none to select")
        guard let rows = context.input else { return nil }
        do {
            let query = try SQLQuery(text, over: rows.schema, tables: context.inputNames.filter { $0 != "input" })
            return compiled(query, rows, context)
        } catch {
            let near = error.unknown.flatMap { Findings.suggestion(for: $0.name, among: $0.known) }
            let parts = [near, error.suggestion].compactMap { $0 }
            let exact = context.config["query"]?.node.scalar.map { context.source.place(of: error.offset, in: $0) }
            findings.error(
                error.message, at: exact ?? place, suggestion: parts.isEmpty ? nil : parts.joined(separator: "; "))
            return nil
        }
    }

    private static func compiled(_ query: SQLQuery, _ input: Rows, _ context: TransformContext) -> CompiledTransform? {
        var before: [InnerStep] = []
        func add(_ name: String, _ transform: String, _ operation: Operation, _ schema: Schema) {
            before.append(
                InnerStep(
                    name: name, transform: transform, operation: operation,
                    inputs: before.isEmpty ? [.outer] : [.inner(before.count - 1)], schema: schema))
        }
        if let condition = query.condition { add("Where", "Filter", .filter(condition), input.schema) }
        if let grouping = query.grouping {
            if input.isUnbounded, input.windowing == .global {
                context.findings.error(
                    "a query with groups over an input that never ends needs windows", at: context.spec.place,
                    suggestion: "write 'windowing: {type: fixed, size: 60s}' on it or before it")
                return nil
            }
            let combine = Combine(
                keys: grouping.keys.map(\.expression),
                aggregates: grouping.aggregates.map { aggregate in
                    .init(function: function(aggregate.fold), value: aggregate.value.expression, skipsNulls: true)
                })
            add("GroupBy", "Combine", .combine(combine), schema(of: grouping))
            if let having = grouping.having { add("Having", "Filter", .filter(having), schema(of: grouping)) }
        }
        var rows = input
        rows.schema = Schema(query.outputs.map { Field($0.name, $0.expression.type, isNullable: $0.isNullable) })
        (rows.schemaLostBy, rows.possiblyAbsent) = (nil, [])
        return CompiledTransform(
            operation: .map(MapFields(expressions: query.outputs.map(\.expression))), rows: rows, before: before)
    }

    private static func schema(of grouping: SQLQuery.Grouping) -> Schema {
        let keys = grouping.keys.map { Field($0.name, $0.expression.type, isNullable: $0.isNullable) }
        let folds = grouping.aggregates.map { aggregate in
            let type: DataType = aggregate.fold == .count ? .int64 : aggregate.value.expression.type
            return Field(
                aggregate.name, type,
                isNullable: [.minimum, .maximum].contains(aggregate.fold) && aggregate.value.isNullable)
        }
        return Schema(keys + folds)
    }

    private static func function(_ fold: SQLQuery.Fold) -> Combine.Aggregate.Function {
        switch fold {
        case .sum: .sum
        case .count: .count
        case .minimum: .min
        case .maximum: .max
        }
    }
}
