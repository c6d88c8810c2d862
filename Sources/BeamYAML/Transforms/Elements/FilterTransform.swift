import Columnar
import Dataflow

/// `Filter`: keeps the rows for which an expression is true.
enum FilterTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let compiler = CodeCompiler(context)
        guard let value = context.config.required("keep"),
            let code = CodeValue.read(value, of: "'keep'", context.findings),
            let predicate = compiler?.predicate(code), let rows = context.input
        else { return nil }
        return CompiledTransform(operation: .filter(predicate), rows: rows)
    }
}

/// `AssignTimestamps`: sets the event time.
enum AssignTimestampsTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let compiler = CodeCompiler(context)
        guard let value = context.config.required("timestamp"),
            let code = CodeValue.read(value, of: "'timestamp'", context.findings),
            let time = compiler?.value(code, of: "'timestamp'"), let rows = context.input
        else { return nil }
        guard [.timestamp, .int64, .float64].contains(time.type) else {
            context.findings.error(
                "'timestamp' is \(time.type); a time is a timestamp, or seconds since 1970", at: code.place,
                suggestion: time.type == .string ? "convert it with int(…) or float(…)" : nil)
            return nil
        }
        return CompiledTransform(operation: .assignTimestamps(time), rows: rows)
    }
}
