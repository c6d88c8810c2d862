import Columnar
import Dataflow

/// `AssertEqual`: the input must be exactly the rows given, in any order; anything else fails the run.
///
/// The expected rows and those that come are counted against each other, in one group for each distinct row, whatever
/// windows the input has; a row whose count is not even at the end differs. Beam does not compare a row's own nulls
/// (`AssertEqual`), except in the `tests:` block.
enum AssertEqualTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        guard let value = context.config.required("elements") else { return nil }
        guard let elements = value.list else {
            context.findings.error("'elements' is a list, not \(value.kind)", at: value.place)
            return nil
        }
        let dropsNulls = !context.spec.isExpectation
        guard let expected = expected(elements, dropsNulls: dropsNulls, context.findings), let rows = context.input
        else { return nil }
        if rows.isUnbounded {
            context.findings.warning(
                "the input may never end; it is compared when the pipeline is drained", at: context.spec.place)
        }
        var names: [String] = []
        for entry in elements.flatMap({ $0.entries ?? [] }) where !names.contains(entry.key) { names.append(entry.key) }
        let schema = Assertion.schema
        return CompiledTransform(
            operation: .assertion(Assertion()), rows: rows,
            before: [
                InnerStep(
                    name: "Windowing", transform: "WindowInto", operation: .window(.global), schema: rows.schema),
                InnerStep(
                    name: "Rows", transform: "MapToFields",
                    operation: .map(
                        MapFields(expressions: [
                            ComparedRows(isKey: true, dropsNulls: dropsNulls, names: names),
                            ComparedRows(isKey: false, dropsNulls: dropsNulls, names: names),
                            LiteralExpression(.int64(1), .int64),
                        ])), inputs: [.inner(0)], schema: schema),
                InnerStep(
                    name: "Expected", transform: "Create",
                    operation: .create(
                        Batch(
                            schema,
                            rows: expected.map { row in
                                [.string(row.key), .string(row.ordered(by: names).shown), .int64(-1)]
                            })), inputs: [], schema: schema),
                InnerStep(
                    name: "Flatten", transform: "Flatten", operation: .flatten, inputs: [.inner(1), .inner(2)],
                    schema: schema),
                difference(schema),
            ])
    }

    private static func expected(_ elements: [Value], dropsNulls: Bool, _ findings: Findings) -> [ComparedValue]? {
        var rows: [ComparedValue] = []
        for element in elements {
            guard element.entries != nil else {
                findings.error(
                    "an element to compare with is a map of fields, not \(element.kind)", at: element.place,
                    suggestion: "the rows of Create that are no maps have the field 'element': write {element: …}")
                continue
            }
            guard let row = ComparedValue(element, findings) else { continue }
            rows.append(dropsNulls ? row.withoutNulls : row)
        }
        return rows.count == elements.count ? rows : nil
    }

    private static func difference(_ schema: Schema) -> InnerStep {
        func field(_ name: String) -> [any ColumnExpression] {
            [CompiledExpression.field(name, in: schema)].compactMap { $0 }
        }
        return InnerStep(
            name: "Difference", transform: "Combine",
            operation: .combine(
                Combine(
                    keys: field("key"),
                    aggregates: field("row").map { .init(function: .max, value: $0) }
                        + field("surplus").map { .init(function: .sum, value: $0) })),
            inputs: [.inner(3)], schema: schema)
    }
}
