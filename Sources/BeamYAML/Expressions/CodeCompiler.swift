import Columnar
import Pipes
import SQL

/// Compiles the code of a transform for the rows that it reads.
struct CodeCompiler {
    enum Language: String {
        case generic, python, sql
    }

    let context: TransformContext
    let language: Language

    var findings: Findings { context.findings }

    /// Reads the transform's `language`; nil when it is none that there is.
    init?(_ context: TransformContext) {
        self.context = context
        guard let (name, place) = context.config.text("language") else {
            language = .generic
            return
        }
        // Calcite is the SQL of Beam.
        guard let language = Language(rawValue: name == "calcite" ? "sql" : name) else {
            if ["java", "javascript"].contains(name) {
                context.findings.error(
                    "the language '\(name)' is not supported", at: place, suggestion: "write it in 'python' or 'sql'")
            } else {
                context.findings.unknown(
                    "'\(name)' is not a language", name, among: ["generic", "python", "sql"], called: "languages",
                    at: place)
            }
            return nil
        }
        self.language = language
    }

    /// With a language that is given.
    init(_ context: TransformContext, _ language: Language) {
        self.context = context
        self.language = language
    }

    /// The values of the code, with their `output_type`.
    func value(_ code: CodeValue, of what: String) -> CompiledExpression? {
        guard let compiled = compile(code, asPredicate: false, of: what) else { return nil }
        guard let outputType = code.outputType else { return compiled }
        return checked(compiled, outputType, what)
    }

    /// Whether the code's values count as true.
    func predicate(_ code: CodeValue) -> CompiledExpression? { compile(code, asPredicate: true, of: "the condition") }

    // MARK: Languages

    private func compile(_ code: CodeValue, asPredicate: Bool, of what: String) -> CompiledExpression? {
        switch code.code {
        case .expression(let text):
            context.warnIfSchemaIsLost("an expression has none to use", at: code.place)
            switch language {
            case .generic: return generic(text, code, asPredicate)
            case .python: return python(text, .expression, code, asPredicate, of: what)
            case .sql: return sql(text, code, asPredicate)
            }
        case .callable(let text):
            guard language == .python else {
                findings.error("a callable needs a language", at: code.place, suggestion: "write 'language: python'")
                return nil
            }
            return python(text, .callable, code, asPredicate, of: what)
        case .file(let path, let name):
            guard language == .python else {
                findings.error(
                    "code in a file needs a language", at: code.place, suggestion: "write 'language: python'")
                return nil
            }
            return file(path, name: name, code, asPredicate, of: what)
        }
    }

    private func sql(_ text: String, _ code: CodeValue, _ asPredicate: Bool) -> CompiledExpression? {
        do throws(ExpressionError) {
            guard let input = context.input else { return nil }
            let value = try SQLQuery.value(text, over: input.schema)
            guard !asPredicate || [.boolean, .null].contains(value.expression.type) else {
                throw ExpressionError("the condition is \(value.expression.type), not boolean", at: 0)
            }
            return CompiledExpression(value.expression, isNullable: value.isNullable)
        } catch {
            report(error, code)
            return nil
        }
    }

    private func python(
        _ text: String, _ form: PythonExpression.Form, _ code: CodeValue, _ asPredicate: Bool,
        of what: String = "the expression"
    ) -> CompiledExpression? {
        do throws(ExpressionError) {
            let expression = try PythonExpression(text, as: form)
            guard let input = context.input else { return nil }
            let compiled =
                asPredicate
                ? try expression.compilePredicate(over: input.schema, possiblyAbsent: input.possiblyAbsent)
                : try expression.compile(over: input.schema, possiblyAbsent: input.possiblyAbsent)
            warn(about: compiled.assumedPresent, form, code)
            return compiled
        } catch {
            if error.isOutsideCompiledLanguage, language == .python, context.environment.python != nil {
                return interpreted(
                    PythonFunction(
                        form: form == .expression ? .expression : .callable, source: text,
                        origin: "\(findings.file):\(code.place.line)"), code, asPredicate, of: what,
                    because: error.message)
            }
            report(error, code)
            return nil
        }
    }

    private func warn(about fields: [AssumedField], _ form: PythonExpression.Form, _ code: CodeValue) {
        // An expression gets the warning that Beam has no fields at all.
        guard form == .callable else { return }
        for field in fields {
            findings.warning(
                "in Apache Beam the row has no '\(field.name)' where Enrichment found nothing",
                at: context.source.place(of: field.offset, in: code.scalar),
                suggestion: "write getattr(row, '\(field.name)', None)")
        }
    }

    private func report(_ error: ExpressionError, _ code: CodeValue) {
        let near = error.unknown.flatMap { Findings.suggestion(for: $0.name, among: $0.known) }
        let parts = [near, error.suggestion].compactMap { $0 }
        findings.error(
            error.message, at: context.source.place(of: error.offset, in: code.scalar),
            suggestion: parts.isEmpty ? nil : parts.joined(separator: " "))
    }

    /// A field, a literal, or a comparison of two of them: what Beam calls generic.
    private func generic(_ text: String, _ code: CodeValue, _ asPredicate: Bool) -> CompiledExpression? {
        if code.outputType != nil {
            findings.error(
                "'output_type' needs a language", at: code.outputType?.place ?? code.place,
                suggestion: "write 'language: python'")
            return nil
        }
        let names = context.input?.schema.names
        let expression = GenericExpression(text)
        if let input = context.input, let names {
            if let field = CompiledExpression.field(expression.trimmed, in: input.schema) {
                return asPredicate ? python(expression.trimmed, .expression, code, true) ?? field : field
            }
            for operand in expression.operands where !GenericExpression.isLiteral(operand) && !names.contains(operand) {
                let place = context.source.place(of: expression.offset(of: operand), in: code.scalar)
                let near = Findings.suggestion(for: operand, among: names, called: "fields")
                findings.error(
                    "'\(operand)' is neither a field nor a literal", at: place,
                    suggestion: [near, "code needs 'language: python'"].compactMap { $0 }.joined(separator: "; "))
                return nil
            }
        }
        if let symbol = expression.comparison, symbol != "<", symbol != ">" {
            findings.warning(
                "Apache Beam 2.77 takes only '<' and '>' without a language", at: code.place,
                suggestion: "write 'language: python'")
        }
        return python(text, .expression, code, asPredicate)
    }

    // MARK: Types

    /// The values as `output_type` says; a null is none of any type.
    private func checked(_ compiled: CompiledExpression, _ outputType: Value, _ what: String) -> CompiledExpression? {
        guard let type = JSONSchema(findings: findings).type(outputType) else { return nil }
        let fits =
            compiled.type.matches(type) || (type == .float64 && [.int64, .boolean].contains(compiled.type))
            || (type == .int64 && compiled.type == .boolean)
        guard fits else {
            findings.error("\(what) is \(compiled.type), not \(type) as its 'output_type' says", at: outputType.place)
            return nil
        }
        let name = outputType.text ?? outputType.entries?.first { $0.key == "type" }?.value.text ?? ""
        return compiled.required(
            as: compiled.type.matches(type) ? compiled.type : type, reason: "None violates schema {'type': '\(name)'}")
    }
}

/// The parts of a generic expression.
struct GenericExpression {
    let trimmed: String
    /// The comparison's operator; nil for a single operand.
    let comparison: String?
    let operands: [String]
    private let text: String

    init(_ text: String) {
        self.text = text
        trimmed = Self.trim(text[...])
        let characters = Array(text)
        var quoted = false
        var start: Int?
        var end = 0
        for (index, character) in characters.enumerated() {
            if character == "\"" { quoted.toggle() }
            guard !quoted, "<>=!".contains(character) else {
                if start != nil { break }
                continue
            }
            if start == nil { start = index }
            end = index + 1
        }
        let known = ["<", "<=", ">", ">=", "==", "!="]
        if let start, known.contains(String(characters[start..<end])) {
            comparison = String(characters[start..<end])
            operands = [Self.trim(String(characters[..<start])[...]), Self.trim(String(characters[end...])[...])]
        } else {
            comparison = nil
            operands = [trimmed]
        }
    }

    /// Where an operand stands, in Unicode scalars.
    func offset(of operand: String) -> Int {
        guard !operand.isEmpty, let range = text.firstRange(of: operand) else { return 0 }
        return text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound)
    }

    /// What Beam takes for a literal: a whole number of 32 bits, a number with a point, text in double quotes.
    static func isLiteral(_ text: String) -> Bool {
        if text.count >= 2, text.first == "\"", text.last == "\"" {
            return !text.dropFirst().dropLast().contains { $0 == "\"" || $0 == "\\" }
        }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } })
        else {
            return false
        }
        return parts.count == 2 || Int32(whole) != nil
    }

    private static func trim(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension DataType {
    /// Whether the types are the same but for what may be null in them.
    func matches(_ other: DataType) -> Bool {
        switch (self, other) {
        case (.list(let a), .list(let b)): a.matches(b)
        case (.structure(let a), .structure(let b)):
            a.count == b.count && zip(a, b).allSatisfy { $0.name == $1.name && $0.type.matches($1.type) }
        default: self == other
        }
    }
}
