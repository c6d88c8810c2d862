import Columnar
import Dataflow
import SQL
import Yams

/// `Sql`: a query over one input or several. It becomes the steps that pipelines have anyway: Join, Filter, Combine,
/// MapToFields.
enum SqlTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        guard let (text, _) = context.config.text("query") else {
            _ = context.config.required("query")
            return nil
        }
        let inputs = context.inputs.compactMap { $0 }
        for rows in inputs { context.warnIfSchemaIsLost("Sql finds none to select", of: rows) }
        guard inputs.count == context.inputs.count else { return nil }
        // Beam calls one input PCOLLECTION, whatever the file calls it.
        let names = context.inputNames.map { name in
            inputs.count > 1 ? [name] : ["PCOLLECTION"] + (name == "input" ? [] : [name])
        }
        do {
            let plan = try SQLPlan(text, over: zip(names, inputs).map { .init(names: $0, schema: $1.schema) })
            for warning in plan.warnings { tell(warning, as: .warning, context) }
            return SqlSteps(inputs, context).compiled(plan)
        } catch {
            tell(error, as: .error, context)
            return nil
        }
    }

    private static func tell(_ problem: ExpressionError, as severity: Diagnostic.Severity, _ context: TransformContext)
    {
        let near = problem.unknown.flatMap { Findings.suggestion(for: $0.name, among: $0.known) }
        let parts = [near, problem.suggestion].compactMap { $0 }
        let suggestion = parts.isEmpty ? nil : parts.joined(separator: near?.hasSuffix("?") == true ? " " : "; ")
        let place = context.place(inQuery: problem.offset)
        if severity == .error {
            context.findings.error(problem.message, at: place, suggestion: suggestion)
        } else {
            context.findings.warning(problem.message, at: place, suggestion: suggestion)
        }
    }
}

extension TransformContext {
    /// Where a part of the query stands in the file.
    func place(inQuery offset: Int) -> Place {
        config["query"]?.node.scalar.map { source.place(of: offset, in: $0) } ?? spec.place
    }
}
