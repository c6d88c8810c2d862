import Columnar
import Dataflow
import SQL

/// The steps of a query as those of a pipeline, with what is known of their rows.
struct SqlSteps {
    private let inputs: [Rows]
    private let context: TransformContext
    private var steps: [InnerStep] = []
    private var rows: [Rows] = []

    init(_ inputs: [Rows], _ context: TransformContext) {
        self.inputs = inputs
        self.context = context
    }

    /// Nil where the rows' windows do not allow it; the reason has been told then.
    func compiled(_ plan: SQLPlan) -> CompiledTransform? {
        var steps = self
        let read = Set(
            plan.steps.flatMap(\.sources).compactMap { if case .table(let number) = $0 { number } else { nil } })
        for (number, name) in context.inputNames.enumerated() where !read.contains(number) {
            context.findings.warning(
                "the query does not read '\(name)'", at: context.place(inQuery: 0), suggestion: "remove it from 'input'"
            )
        }
        for step in plan.steps { guard steps.add(step) else { return nil } }
        guard let last = steps.steps.popLast(), var result = steps.rows.last else { return nil }
        (result.schemaLostBy, result.possiblyAbsent) = (nil, [])
        var compiled = CompiledTransform(operation: last.operation, rows: result, before: steps.steps)
        if case .input(let number)? = last.inputs.first, inputs.count > 1 { compiled.reads = number }
        return compiled
    }

    private mutating func add(_ step: SQLPlan.Step) -> Bool {
        let known = step.sources.map { source in
            switch source {
            case .table(let number): inputs[number]
            case .step(let number): rows[number]
            }
        }
        let sources = step.sources.map { source -> InnerStep.Input in
            switch source {
            case .table(let number): .input(number)
            case .step(let number): .inner(number)
            }
        }
        guard var result = known.first else { return false }
        let transform: String
        let operation: Operation
        switch step.operation {
        case .filter(let condition): (transform, operation) = ("Filter", .filter(condition))
        case .select(let outputs):
            (transform, operation) = ("MapToFields", .map(MapFields(expressions: outputs.map(\.expression))))
        case .group(let grouping):
            guard !result.isUnbounded || result.windowing != .global else {
                context.findings.error(
                    "a query with groups over an input that never ends needs windows", at: context.spec.place,
                    suggestion: "write 'windowing: {type: fixed, size: 60s}' on it or before it")
                return false
            }
            (transform, operation) = ("Combine", .combine(combine(grouping)))
        case .join(let join):
            let meeting = SqlMeeting(join: join, rows: known, place: context.place(inQuery: step.offset))
            guard let joined = meeting.rows(context.findings) else { return false }
            result = joined
            (transform, operation) = ("Join", .join(Join(join)))
        }
        result.schema = step.schema
        steps.append(
            InnerStep(name: step.name, transform: transform, operation: operation, inputs: sources, schema: step.schema)
        )
        rows.append(result)
        return true
    }

    private func combine(_ grouping: SQLQuery.Grouping) -> Combine {
        Combine(
            keys: grouping.keys.map(\.expression),
            aggregates: grouping.aggregates.map { aggregate in
                .init(
                    function: SqlSteps.function(aggregate.fold), value: aggregate.value.expression, skipsNulls: true)
            })
    }

    private static func function(_ fold: SQLQuery.Fold) -> Combine.Aggregate.Function {
        switch fold {
        case .sum: .sum
        case .count: .count
        case .countDistinct: .countDistinct
        case .minimum: .min
        case .maximum: .max
        }
    }
}

extension Join {
    /// A join of a query.
    fileprivate init(_ join: SQLJoin) {
        let kind: Kind =
            switch join.kind {
            case .inner: .inner
            case .left: .left
            case .right: .right
            case .full: .full
            }
        self.init(
            kind, leftKeys: join.leftKeys, rightKeys: join.rightKeys,
            fields: join.fields.map { OutputField($0.isRight ? .right : .left, $0.field) })
    }
}
