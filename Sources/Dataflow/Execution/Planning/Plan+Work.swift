import Columnar
import Pipes

extension Plan.Work {
    /// What the step is to the engine, whose input has rows of `traits`. Throws `PipelineError`.
    init(_ step: Step, _ traits: RowTraits, inputSchema: Schema?, environment: PipelineEnvironment) throws {
        self = try Self.work(step, traits, inputSchema, environment)
    }

    private static func work(
        _ step: Step, _ traits: RowTraits, _ inputSchema: Schema?, _ environment: PipelineEnvironment
    ) throws -> Self {
        let names = inputSchema?.names ?? []
        switch step.operation {
        case .readMessages(let read): return .read(ReadStep(read: read, schema: step.schema))
        case .readFiles(let read): return .readFiles(ReadFilesStep(read: read, schema: step.schema))
        case .readRows(let read):
            guard let source = environment.rows else {
                throw PipelineError(
                    .unavailable,
                    "step '\(step.name)': there is no warehouse to read from; name its folder with --data DIR")
            }
            return .readRows(try scan(read, step), source)
        case .create(let batch): return .create(batch.compacted())
        case .map(let map): return .element(MapStep(expressions: map.expressions, schema: step.schema))
        case .filter(let condition): return .element(FilterStep(condition: condition))
        case .explode(let explode):
            return .element(
                ExplodeStep(
                    fields: explode.fields, crossProduct: explode.crossProduct, schema: step.schema,
                    names: explode.fields.map { names[$0] }))
        case .lookup(let lookup):
            guard let source = environment.lookup else {
                throw PipelineError(
                    .unavailable, "step '\(step.name)': there is no warehouse to look up '\(lookup.table)' in")
            }
            return .element(
                LookupStep(
                    lookup: lookup, table: try table(lookup.table, step), source: source, schema: step.schema,
                    names: lookup.keyFields.map { names[$0] }))
        case .assignTimestamps(let time):
            return .element(AssignTimestampsStep(time: time, windowing: traits.windowing, hasCopies: traits.hasCopies))
        case .window(let function): return .element(WindowStep(function: function))
        case .windowingInfo(let fields):
            return .element(WindowingInfoStep(fields: fields, schema: step.schema, isCombined: traits.isCombined))
        case .flatten: return .element(FlattenStep(schema: step.schema))
        case .combine(let combine): return .combine(try CombineStep(step, combine, mergesSessions: traits.mayMerge))
        case .join: throw PipelineError(.invalidGraph, "step '\(step.name)': a join has two inputs")
        case .writeRows(let write):
            return .writeRows(WriteRowsStep(table: try table(write.table, step), sink: environment.sink))
        case .writeMessages(let write):
            guard environment.publisher != nil else {
                throw PipelineError(
                    .unavailable, "step '\(step.name)': there is no broker to publish '\(write.topic)' to")
            }
            return .writeMessages(WriteMessagesStep(write: write))
        case .writeFiles(let write):
            return .writeFiles(WriteFilesStep(write: write, schema: inputSchema ?? Schema()))
        case .python(let columns, let operation):
            guard let runner = environment.python else {
                throw PipelineError(.unavailable, "step '\(step.name)': there is no Python to run its code")
            }
            var inner = step
            inner.operation = operation
            let work = try work(inner, traits, columns.extending(inputSchema ?? Schema()), environment)
            guard case .element(let then) = work else {
                throw PipelineError(.invalidGraph, "step '\(step.name)': \(step.transform) takes no Python code")
            }
            return .element(
                PythonStep(columns, input: inputSchema ?? Schema(), runner: runner, then: then))
        case .log(let prefix): return .element(LogStep(prefix: prefix, logger: environment.logger))
        case .assertion: return .element(AssertionStep(name: step.name, report: environment.assertionFailed))
        }
    }

    private static func scan(_ read: ReadRows, _ step: Step) throws -> RowScan {
        switch read.source {
        case .query(let query): return RowScan(.query(query), schema: step.schema)
        case .table(let name, let condition):
            return RowScan(.table(try table(name, step), condition: condition), schema: step.schema)
        }
    }

    private static func table(_ name: String, _ step: Step) throws -> TableName {
        guard let table = TableName(name) else {
            throw PipelineError(.invalidGraph, "step '\(step.name)': '\(name)' is not a table; write dataset.table")
        }
        return table
    }
}
