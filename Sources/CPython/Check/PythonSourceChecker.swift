public import Columnar
import Foundation
public import Pipes
import Synchronization

/// Has CPython compile a function's source, without running any of it, and tells what type its values have.
public final class PythonSourceChecker: PythonChecker {
    private struct Request: Encodable, Hashable {
        var form: PythonFunction.Form
        var source: String
        var name: String?
        var schema: [Field]

        private enum CodingKeys: String, CodingKey { case form, source, name, schema }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(form, forKey: .form)
            try container.encode(source, forKey: .source)
            try container.encodeIfPresent(name, forKey: .name)
            try container.encode(TypeTag(.structure(schema)).members, forKey: .schema)
        }
    }

    private struct Answer: Decodable {
        var type: TypeTag?
        var nullable: Bool?
        var fields: [String]?
        var error: String?
        var offset: Int?
        var suggestion: String?
        var unknown: String?
    }

    private let path: String?
    /// What has been asked before: files are checked more than once.
    private let known = Mutex<[Request: Result<PythonSignature, PythonSourceError>]>([:])

    /// A checker.
    ///
    /// - Parameter path: the folders in which to look for `python3`; nil: those of `PATH`.
    public init(path: String? = nil) { self.path = path }

    /// Blocks for some 30 ms.
    public func check(_ function: PythonFunction, over schema: Schema) throws(PythonSourceError) -> PythonSignature {
        let request = Request(
            form: function.form, source: function.source, name: function.name, schema: schema.fields)
        if let result = known.withLock({ $0[request] }) { return try result.get() }
        let result = Result { () throws(PythonSourceError) in try self.ask(request) }
        known.withLock { $0[request] = result }
        return try result.get()
    }

    private func ask(_ request: Request) throws(PythonSourceError) -> PythonSignature {
        let answer: Answer
        do {
            let installation = try PythonInstallation.find(path: path)
            let output = try PythonOneShot(executable: installation.executable).run(
                ["-I", "-S", "-c", PythonCheckSource.program], input: Array(try JSONEncoder().encode(request)))
            answer = try JSONDecoder().decode(Answer.self, from: Data(output))
        } catch let error as PythonError {
            throw PythonSourceError(error.message, suggestion: error.remedy)
        } catch {
            throw PythonSourceError("Python's answer about this code cannot be read: \(error)")
        }
        if let message = answer.error {
            throw PythonSourceError(
                message, offset: answer.offset, suggestion: answer.suggestion, unknownName: answer.unknown)
        }
        return PythonSignature(type: answer.type?.type, isNullable: answer.nullable ?? true, fields: answer.fields)
    }
}
