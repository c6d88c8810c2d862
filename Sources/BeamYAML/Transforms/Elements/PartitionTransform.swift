import Columnar
import Dataflow

/// `Partition`: each row goes to one of several outputs.
///
/// A step gives every row the number of its output; for each output a filter and a step without that number follow.
enum PartitionTransform {
    /// The field that holds the number, on the way between the steps.
    private static let field = Field("(output)", .int64, isNullable: false)

    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let config = context.config
        let findings = context.findings
        let compiler = CodeCompiler(context)
        var names = outputs(config, findings)
        let unknown = config.text("unknown_output")
        if let unknown, names?.contains(unknown.text) == false { names?.append(unknown.text) }
        guard let value = config.required("by"),
            let code = CodeValue.read(value, of: "'by'", findings), let by = compiler?.value(code, of: "'by'")
        else { return nil }
        guard by.type == .string || by.type == .null else {
            findings.error(
                "'by' is \(by.type); it gives the name of an output, which is text", at: code.place,
                suggestion: "write 'language: python' and str(…)")
            return nil
        }
        guard let names, let rows = context.input else { return nil }
        let number = OutputNumber(by: by, names: names, unknown: unknown?.text)
        var numbered = rows
        numbered.schema.fields.append(field)
        let expressions = rows.schema.names.compactMap { CompiledExpression.field($0, in: rows.schema) }
        return CompiledTransform(
            operation: .map(MapFields(expressions: expressions + [number])), rows: numbered,
            branches: names.indices.map { branch(names[$0], number: $0, numbered.schema, rows) })
    }

    /// The names that the file gives the outputs of a transform with an error: reading them is no error of its own.
    static func addUnknownOutputs(of spec: TransformSpec, to outputs: inout Outputs) {
        for entry in spec.config?.entries ?? [] where entry.key == "outputs" || entry.key == "unknown_output" {
            for (name, _) in entry.value.texts ?? [] where outputs.named[name] == nil {
                outputs.named[name] = .init(collection: .unknown)
            }
        }
    }

    private static func outputs(_ config: MapReader, _ findings: Findings) -> [String]? {
        guard let value = config.required("outputs") else { return nil }
        guard value.list != nil, let outputs = value.texts, !outputs.isEmpty else {
            findings.error("'outputs' is a list of names", at: value.place)
            return nil
        }
        var names: [String] = []
        for (name, place) in outputs {
            if names.contains(name) { findings.error("the output '\(name)' stands twice", at: place) }
            names.append(name)
        }
        let errors = config["error_handling"]?.entries?.first { $0.key == "output" }?.value
        if let errors, let name = errors.text, names.contains(name) {
            findings.error("the error output '\(name)' is among the 'outputs'", at: errors.place)
            return nil
        }
        return names
    }

    private static func branch(_ name: String, number: Int, _ numbered: Schema, _ rows: Rows) -> Branch {
        let fields = rows.schema.names.compactMap { CompiledExpression.field($0, in: numbered) }
        let condition = IsOutput(column: numbered.fields.count - 1, number: Int64(number))
        return Branch(
            name: name,
            steps: [
                InnerStep(name: "\(name) rows", transform: "Filter", operation: .filter(condition), schema: numbered),
                InnerStep(
                    name: name, transform: "MapToFields", operation: .map(MapFields(expressions: fields)),
                    inputs: [.inner(0)], schema: rows.schema),
            ], rows: rows)
    }
}

/// The number of the output that a row goes to.
private struct OutputNumber: ColumnExpression {
    let by: any ColumnExpression
    let names: [String]
    /// Where rows go whose output is none of the names.
    let unknown: String?

    var type: DataType { .int64 }

    func evaluate(_ batch: Batch, failures: inout RowFailures) -> Column {
        var failed = RowFailures()
        let column = by.evaluate(batch, failures: &failed)
        for (row, reason) in failed.reasons { failures.report(Int(row), reason) }
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { (Array($1.utf8)[...], Int64($0)) })
        let fallback = unknown.flatMap { numbers[Array($0.utf8)[...]] }
        var values = [Int64](repeating: 0, count: batch.liveCount)
        for row in values.indices where failed.reasons[Int32(row)] == nil {
            let name: ArraySlice<UInt8>?
            if case .string(let texts) = column, !column.isNull(row) { name = texts[row] } else { name = nil }
            if let number = name.flatMap({ numbers[$0] }) ?? fallback {
                values[row] = number
            } else if let name {
                failures.report(
                    row,
                    "'by' gives '\(String(decoding: name, as: UTF8.self))'; outputs are "
                        + names.joined(separator: ", "))
            } else {
                failures.report(row, "'by' gives None; outputs are \(names.joined(separator: ", "))")
            }
        }
        return .int64(FixedColumn(values: values))
    }
}

/// Whether a row goes to one output.
private struct IsOutput: ColumnExpression {
    let column: Int
    let number: Int64

    var type: DataType { .boolean }

    func evaluate(_ batch: Batch, failures: inout RowFailures) -> Column {
        guard case .int64(let numbers) = batch.columns[column] else { return .null(count: batch.liveCount) }
        let chosen = batch.selection.map { rows in rows.map { numbers.values[Int($0)] == number } }
        return .boolean(BooleanColumn(values: Bitmap(chosen ?? numbers.values.map { $0 == number })))
    }
}
