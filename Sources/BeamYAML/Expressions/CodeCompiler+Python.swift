import Columnar
import Foundation
import Pipes

extension CodeCompiler {
    /// Code that CPython runs: it is asked now whether the source is right, and what type its values have.
    ///
    /// - Parameter reason: why it is not compiled, for people.
    func interpreted(
        _ function: PythonFunction, _ code: CodeValue, _ asPredicate: Bool, of what: String, because reason: String
    ) -> CompiledExpression? {
        guard let input = context.input, let checker = context.environment.python else { return nil }
        var function = function
        let signature: PythonSignature
        do throws(PythonSourceError) {
            signature = try checker.check(function, over: input.schema)
        } catch {
            report(error, function, code, input.schema)
            return nil
        }
        function.fields = signature.fields
        function.absentFields = input.possiblyAbsent.sorted()
        guard let result = result(signature, code, asPredicate, of: what) else { return nil }
        findings.note(
            "\(what) runs in CPython, in a process of its own, which is slower than compiled code: \(reason)",
            at: code.place)
        return context.python.value(of: PythonCall(function, result), over: input.schema)
    }

    /// A function in a file of its own.
    func file(_ path: String, name: String, _ code: CodeValue, _ asPredicate: Bool, of what: String)
        -> CompiledExpression?
    {
        guard context.environment.python != nil else {
            findings.error("there is no Python to run '\(path)'", at: code.place)
            return nil
        }
        guard path.hasSuffix(".py") else {
            findings.error("'\(path)' is no file of Python", at: code.place, suggestion: "its name ends in '.py'")
            return nil
        }
        // As in Beam, from the folder that the process works in; or else from the pipeline's.
        let folder = (findings.file as NSString).deletingLastPathComponent
        let places = path.hasPrefix("/") || folder.isEmpty ? [path] : [path, "\(folder)/\(path)"]
        guard let found = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            findings.error(
                "there is no file '\(path)'", at: code.place,
                suggestion: "it is looked for in the present folder and beside the pipeline file")
            return nil
        }
        guard let data = FileManager.default.contents(atPath: found), let text = String(data: data, encoding: .utf8)
        else {
            findings.error("the file '\(found)' is no text that can be read", at: code.place)
            return nil
        }
        return interpreted(
            PythonFunction(form: .file, source: text, name: name, origin: found), code, asPredicate, of: what,
            because: "it is in a file")
    }

    private func result(
        _ signature: PythonSignature, _ code: CodeValue, _ asPredicate: Bool, of what: String
    ) -> PythonResult? {
        if asPredicate { return .truth }
        if let outputType = code.outputType {
            return JSONSchema(findings: findings).type(outputType).map { PythonResult($0, isNullable: false) }
        }
        if let type = signature.type { return PythonResult(type, isNullable: signature.isNullable) }
        findings.error(
            "the type of \(what) is not known", at: code.place,
            suggestion: "write its 'output_type', or annotate the function: '-> int'")
        return nil
    }

    private func report(_ error: PythonSourceError, _ function: PythonFunction, _ code: CodeValue, _ schema: Schema) {
        let near = error.unknownName.flatMap { Findings.suggestion(for: $0, among: schema.names, called: "fields") }
        let suggestion = [error.suggestion, near].compactMap { $0 }.joined(separator: "; ")
        var message = error.message
        var place = code.place
        if let offset = error.offset {
            if function.form == .file {
                let before = function.source.unicodeScalars.prefix(offset)
                let column = before.reversed().prefix { $0 != "\n" }.count + 1
                message = "\(function.origin):\(before.count { $0 == "\n" } + 1):\(column): \(message)"
            } else {
                place = context.source.place(of: offset, in: code.scalar)
            }
        }
        findings.error(message, at: place, suggestion: suggestion.isEmpty ? nil : suggestion)
    }
}
