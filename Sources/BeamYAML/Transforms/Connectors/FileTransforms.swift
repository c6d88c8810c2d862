import Columnar
import Dataflow

/// `ReadFromText`, `ReadFromCsv`, `ReadFromJson`: files become rows.
///
/// Types are found in the data, as in Beam, with differences: text stays text (Beam's reader makes numbers of JSON
/// strings that look so, and times of columns whose names look like dates), and integers stay integers beside nulls.
enum ReadFilesTransform {
    /// What Pandas takes for a null in CSV files.
    private static let nullTexts: Set<String> = [
        "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
        "NULL", "NaN", "None", "n/a", "nan", "null",
    ]

    static func text(_ context: TransformContext) -> CompiledTransform? { compile(context, .text) }

    static func json(_ context: TransformContext) -> CompiledTransform? { compile(context, .json) }

    static func csv(_ context: TransformContext) -> CompiledTransform? {
        var dialect = CSVDialect(nullTexts: nullTexts)
        guard let delimiter = FileParameters.character("delimiter", context),
            let comment = FileParameters.character("comment", context)
        else { return nil }
        if let byte = delimiter.byte { dialect.delimiter = byte }
        dialect.comment = comment.byte
        if let place = context.config.place(ofKey: "filename_column") {
            context.findings.error("'filename_column' is not supported", at: place)
            return nil
        }
        return compile(context, .csv(dialect))
    }

    private static func compile(_ context: TransformContext, _ format: ReadFiles.Format) -> CompiledTransform? {
        guard let (pattern, place) = FileParameters.path(context) else { return nil }
        if let suffix = [".gz", ".bz2", ".zip", ".zst", ".xz"].first(where: { pattern.hasSuffix($0) }) {
            context.findings.error(
                "compressed files ('\(suffix)') are not supported", at: place, suggestion: "unpack them first")
            return nil
        }
        let read = ReadFiles(pattern: pattern, format: format)
        do {
            let schema = try FileInference(read).schema()
            return CompiledTransform(operation: .readFiles(read), rows: Rows(schema: schema))
        } catch {
            context.findings.error(error.description, at: place)
            return nil
        }
    }
}

/// `WriteToText`, `WriteToCsv`, `WriteToJson`: rows become files.
enum WriteFilesTransform {
    static func text(_ context: TransformContext) -> CompiledTransform? {
        guard let (path, _) = FileParameters.path(context), let rows = bounded(context) else { return nil }
        guard rows.schema.fields.count == 1, let field = rows.schema.fields.first else {
            context.findings.error(
                "WriteToText writes one field, but there are \(rows.schema.names.joined(separator: ", "))",
                at: context.spec.place, suggestion: "keep one with MapToFields")
            return nil
        }
        let line: CompiledExpression
        do {
            // Whatever the field is called, and as Python writes its value.
            line = try PythonExpression("str(value)", as: .expression)
                .compile(over: Schema([Field("value", field.type, isNullable: field.isNullable)]))
        } catch {
            context.findings.error(
                "the field '\(field.name)' is \(field.type), which cannot be written as text", at: context.spec.place,
                suggestion: "make text of it with MapToFields")
            return nil
        }
        // Beam's sink for text knows no windows.
        return sink(path, .text(line: line), isWindowed: false, rows)
    }

    static func csv(_ context: TransformContext) -> CompiledTransform? {
        var dialect = CSVDialect(capitalizesBooleans: true)
        guard let delimiter = FileParameters.character("delimiter", context) else { return nil }
        if let byte = delimiter.byte { dialect.delimiter = byte }
        guard let (path, _) = FileParameters.path(context), let rows = bounded(context) else { return nil }
        return sink(path, .csv(dialect), isWindowed: rows.windowing != .global, rows)
    }

    static func json(_ context: TransformContext) -> CompiledTransform? {
        guard let (path, _) = FileParameters.path(context), let rows = bounded(context) else { return nil }
        return sink(path, .json, isWindowed: rows.windowing != .global, rows)
    }

    private static func bounded(_ context: TransformContext) -> Rows? {
        context.warnIfSchemaIsLost("\(context.spec.type) cannot write")
        guard let rows = context.input else { return nil }
        if rows.isUnbounded {
            context.findings.error(
                "\(context.spec.type) finishes its files when the input ends, and this input never does",
                at: context.spec.place, suggestion: "write it with WriteToBigQuery")
            return nil
        }
        return rows
    }

    private static func sink(
        _ path: String, _ format: WriteFiles.Format, isWindowed: Bool, _ rows: Rows
    ) -> CompiledTransform {
        CompiledTransform(
            operation: .writeFiles(WriteFiles(path: path, format: format, isWindowed: isWindowed)), rows: rows)
    }
}

/// Parameters that transforms of files share.
private enum FileParameters {
    static func path(_ context: TransformContext) -> (text: String, place: Place)? {
        guard let (text, place) = context.config.requiredText("path") else { return nil }
        if let scheme = text.firstRange(of: "://") {
            context.findings.error(
                "'\(text[..<scheme.upperBound])' is not supported: files are on this machine", at: place,
                suggestion: "write a path")
            return nil
        }
        if text.isEmpty {
            context.findings.error("'path' is empty", at: place)
            return nil
        }
        return (text, place)
    }

    /// A parameter of one ASCII character, nil inside where there is none; nil with a complaint where it is wrong.
    static func character(_ key: String, _ context: TransformContext) -> (byte: UInt8?, Void)? {
        guard context.config[key] != nil else { return (nil, ()) }
        guard let (text, place) = context.config.text(key) else { return nil }
        guard text.utf8.count == 1, let byte = text.utf8.first, byte != 0x22, byte != 0x0A, byte != 0x0D else {
            context.findings.error("'\(key)' is one ASCII character, not '\(text)'", at: place)
            return nil
        }
        return (byte, ())
    }
}
