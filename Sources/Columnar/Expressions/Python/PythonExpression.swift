/// Python source of a pipeline, parsed: to be compiled for the schema of its input.
///
/// What is compiled gives what CPython gives, row by row, and rejects the rows on which CPython raises an exception, with
/// the exception's text. There are two deliberate differences: an integer beyond 64 bits rejects the row, and a value that
/// Python makes an integer on one row and a float on another (the branches of `x if c else y`, the sum of no floats) is
/// always a float.
public struct PythonExpression: Sendable {
    /// How Beam YAML writes code.
    public enum Form: Sendable {
        /// `expression:`: the fields of the row are variables.
        case expression
        /// `callable:`: lines that import, then a lambda of the row.
        case callable
    }

    private enum Syntax: Sendable {
        case expression(PythonNode)
        case callable(PythonLambda)
    }

    private let syntax: Syntax

    /// Parses `source`.
    public init(_ source: String, as form: Form) throws(ExpressionError) {
        let scalars = Array(source.unicodeScalars)
        switch form {
        case .expression: syntax = .expression(try PythonParser.expression(scalars))
        case .callable: syntax = .callable(try PythonModule.parse(scalars))
        }
    }

    /// The value of the expression for rows of `schema`.
    ///
    /// - Parameter possiblyAbsent: top-level fields that stand in the schema but may be missing from a row in Beam, which
    ///   shows here as a null: what `getattr(row, name, default)` is for.
    public func compile(
        over schema: Schema, possiblyAbsent: Set<String> = []
    ) throws(ExpressionError) -> CompiledExpression {
        var compiler = compiler(schema, possiblyAbsent)
        let value = try compiler.value(node)
        return CompiledExpression(value.kernel, isNullable: value.isNullable, assumedPresent: compiler.assumedPresent)
    }

    /// Whether the expression's value counts as true.
    public func compilePredicate(
        over schema: Schema, possiblyAbsent: Set<String> = []
    ) throws(ExpressionError) -> CompiledExpression {
        var compiler = compiler(schema, possiblyAbsent)
        let truth = try compiler.truth(node)
        return CompiledExpression(truth, isNullable: false, assumedPresent: compiler.assumedPresent)
    }

    private var node: PythonNode {
        switch syntax {
        case .expression(let node): node
        case .callable(let lambda): lambda.body
        }
    }

    private func compiler(_ schema: Schema, _ possiblyAbsent: Set<String>) -> PythonCompiler {
        switch syntax {
        case .expression: PythonCompiler(schema: schema, parameter: nil, imports: [:], possiblyAbsent: possiblyAbsent)
        case .callable(let lambda):
            PythonCompiler(
                schema: schema, parameter: lambda.parameter, imports: lambda.imports, possiblyAbsent: possiblyAbsent)
        }
    }
}
