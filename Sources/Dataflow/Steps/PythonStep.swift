import Columnar
import Pipes

/// Has Python functions called for each row, and hands rows and values on to the step that uses them.
///
/// A row on which a function fails is rejected before that step, as it would be by an expression in it.
struct PythonStep: ElementStep {
    let calls: [PythonCall]
    let runner: any PythonRunner
    /// The positions of the fields that some function reads.
    private let needed: [Int]
    /// The rows with the functions' values, as `then` reads them.
    private let extended: Schema
    let then: any ElementStep

    init(_ columns: PythonColumns, input: Schema, runner: any PythonRunner, then: any ElementStep) {
        calls = columns.calls
        self.runner = runner
        self.then = then
        extended = columns.extending(input)
        let read = columns.calls.map { call in call.function.fields.map(Set.init) }
        needed = input.fields.indices.filter { index in
            read.contains { $0?.contains(input.fields[index].name) ?? true }
        }
    }

    func process(_ batch: Batch, failures: inout RowFailures) async throws -> Batch {
        let rows = batch.compacted()
        let values = try await runner.evaluate(
            calls,
            over: StructColumn(
                fields: needed.map { rows.schema.fields[$0] }, children: needed.map { rows.columns[$0] },
                count: rows.count))
        let good = rows.replacingColumns(rows.columns + values.columns, schema: extended)
            .withoutRows(values.failures)
        var later = RowFailures()
        let output = try await then.process(good, failures: &later)
        failures.report(values.failures) { $0 }
        let live = good.liveRows
        failures.report(later) { Int(live[$0]) }
        return output.withoutPythonColumns()
    }
}

extension RowFailures {
    /// Reports the failures of other rows, each at a position of its own.
    fileprivate mutating func report(_ other: RowFailures, at position: (Int) -> Int) {
        for (row, reason) in other.reasons {
            report(position(Int(row)), reason, trace: other.traces[row] ?? "")
        }
    }
}

extension Batch {
    /// The batch as the next step knows it: what passes rows on has passed the columns on, too.
    fileprivate func withoutPythonColumns() -> Batch {
        let kept = schema.fields.indices.filter { !PythonColumns.isOwn(schema.fields[$0]) }
        guard kept.count < columns.count else { return self }
        var result = self
        result.schema = Schema(kept.map { schema.fields[$0] })
        result.columns = kept.map { columns[$0] }
        return result
    }
}

extension Graph {
    /// What is to be called in Python, by step.
    var pythonCalls: [[PythonCall]] {
        steps.compactMap { step in if case .python(let columns, _) = step.operation { columns.calls } else { nil } }
    }
}
