import Columnar
import Dataflow

/// `Combine`: groups rows and folds each group.
enum CombineTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let config = context.config
        let findings = context.findings
        context.warnIfSchemaIsLost("Combine finds none to group by")
        // In Beam the values are Python whether or not a language is given.
        let isKnownLanguage = CodeCompiler(context) != nil
        if let rows = context.input, rows.isUnbounded, rows.windowing == .global {
            findings.error(
                "Combine of an input that never ends needs windows", at: context.spec.place,
                suggestion: "write 'windowing: {type: fixed, size: 60s}' on it or before it")
            return nil
        }
        var fields: [Field] = []
        var keys: [any ColumnExpression] = []
        var isRight = isKnownLanguage
        for (name, place) in config.required("group_by") == nil ? [] : config.texts("group_by") ?? [] {
            guard let index = context.index(ofField: name, at: place), let rows = context.input,
                let key = CompiledExpression.field(name, in: rows.schema)
            else {
                isRight = false
                continue
            }
            fields.append(rows.schema.fields[index])
            keys.append(key)
        }
        guard let entries = entries(config) else { return nil }
        var aggregates: [Combine.Aggregate] = []
        for (name, place, value) in entries {
            if fields.contains(where: { $0.name == name }) {
                findings.error(
                    "'\(name)' is a field of 'group_by' already", at: place, suggestion: "choose another name")
                isRight = false
                continue
            }
            guard let (aggregate, type) = aggregate(name, place, value, context) else {
                isRight = false
                continue
            }
            aggregates.append(aggregate)
            fields.append(Field(name, type, isNullable: false))
        }
        guard isRight, config.required("group_by") != nil, var rows = context.input else { return nil }
        (rows.schema, rows.schemaLostBy, rows.possiblyAbsent) = (Schema(fields), nil, [])
        return CompiledTransform(operation: .combine(Combine(keys: keys, aggregates: aggregates)), rows: rows)
    }

    private static func entries(_ config: MapReader) -> [(key: String, place: Place, value: Value)]? {
        guard let value = config.required("combine") else { return nil }
        if let entries = value.entries { return entries }
        config.findings.error("'combine' is a map of new names and functions, not \(value.kind)", at: value.place)
        return nil
    }

    /// `name: fn`, or `name: {value: …, fn: …}`, where `fn` may be `{type: fn}`.
    private static func aggregate(
        _ name: String, _ place: Place, _ value: Value, _ context: TransformContext
    ) -> (Combine.Aggregate, DataType)? {
        let findings = context.findings
        var functionValue = value
        var operand: CodeValue?
        if value.entries != nil {
            let reader = MapReader(value, of: "'\(name)'", at: place, findings)
            reader.allow(["value", "fn"])
            guard let function = reader.required("fn") else { return nil }
            functionValue = function
            if let given = reader["value"] {
                guard let code = CodeValue.read(given, of: "the value of '\(name)'", findings) else { return nil }
                operand = code
            }
        }
        guard let function = function(functionValue, findings) else { return nil }
        let expression: CompiledExpression
        if let operand {
            guard let compiled = CodeCompiler(context, .python).value(operand, of: "the value of '\(name)'") else {
                return nil
            }
            expression = compiled
        } else {
            // Without a value the new field is named like the one that is combined.
            guard context.index(ofField: name, at: place) != nil, let rows = context.input,
                let field = CompiledExpression.field(name, in: rows.schema)
            else { return nil }
            expression = field
        }
        guard let type = result(of: function, expression.type) else {
            findings.error(
                "there is no \(function.rawValue) of \(expression.type)", at: operand?.place ?? place,
                suggestion: function == .concat ? "concat joins lists; group makes one" : nil)
            return nil
        }
        return (.init(function: function, value: expression), type)
    }

    private static func function(_ value: Value, _ findings: Findings) -> Combine.Aggregate.Function? {
        var word = value
        if value.entries != nil {
            let reader = MapReader(value, of: "'fn'", at: value.place, findings)
            if reader.has("config") {
                findings.error(
                    "functions with a 'config' are not supported", at: reader.place(ofKey: "config") ?? value.place)
                return nil
            }
            reader.allow(["type"])
            guard let type = reader.required("type") else { return nil }
            word = type
        }
        let names = Combine.Aggregate.Function.named.map(\.rawValue)
        guard let text = word.text else {
            findings.error("a combining function is one of \(names.joined(separator: ", "))", at: word.place)
            return nil
        }
        if let function = Combine.Aggregate.Function.named.first(where: { $0.rawValue == text }) { return function }
        findings.unknown(
            "'\(text)' is not a combining function", text, among: names, called: "functions", at: word.place)
        return nil
    }

    /// The type of the result; nil where Python's function fails on every value.
    private static func result(of function: Combine.Aggregate.Function, _ type: DataType) -> DataType? {
        switch (function, type) {
        case (.count, _): .int64
        case (.all, _), (.any, _): .boolean
        case (.group, _): .list(type)
        case (.sum, .int64), (.sum, .boolean), (.sum, .null): .int64
        case (.sum, .float64): .float64
        case (.mean, .int64), (.mean, .boolean), (.mean, .float64), (.mean, .null): .float64
        case (.concat, .list): type
        case (.min, .list), (.min, .map), (.min, .structure), (.max, .list), (.max, .map), (.max, .structure): nil
        case (.min, _), (.max, _): type
        default: nil
        }
    }
}

/// `Flatten`: all rows of several inputs.
enum FlattenTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        Flattening.rows(of: context.inputs, at: context.spec.place, context.findings)
            .map { CompiledTransform(operation: .flatten, rows: $0) }
    }
}

/// `LogForTesting`: logs every row and passes it on.
enum LogTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        _ = context.config.choice("level", of: ["DEBUG", "ERROR", "INFO"])
        return context.input.map {
            CompiledTransform(operation: .log(prefix: context.config.text("prefix")?.text ?? ""), rows: $0)
        }
    }
}
