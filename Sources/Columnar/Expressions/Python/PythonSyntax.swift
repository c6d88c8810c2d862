/// A node of Python's syntax, with its place in the source.
struct PythonNode: Sendable {
    indirect enum Kind: Sendable {
        case none
        case boolean(Bool)
        case integer(Int64)
        case float(Double)
        case string(String)
        case bytes([UInt8])
        case formatted([PythonFormatted])
        case name(String)
        case tuple([PythonNode])
        case list([PythonNode])
        /// `-x`, `+x`.
        case sign(String, PythonNode)
        case not(PythonNode)
        case arithmetic(String, PythonNode, PythonNode)
        case junction(Junction.Operator, PythonNode, PythonNode)
        /// `a < b <= c`: the first operand, then each operator with the next.
        case comparison(PythonNode, [PythonComparison])
        case conditional(test: PythonNode, yes: PythonNode, no: PythonNode)
        case attribute(PythonNode, name: String, offset: Int)
        case subscripted(PythonNode, PythonNode)
        case slice(PythonNode, lower: PythonNode?, upper: PythonNode?, step: PythonNode?)
        case call(PythonNode, [PythonNode], keywords: [PythonKeyword])
    }

    var kind: Kind
    /// Unicode scalars from the start of the source; an operator's for what has one.
    var offset: Int
}

/// One link of a chain of comparisons.
struct PythonComparison: Sendable {
    /// `<`, `in`, `not in`, `is`, `is not` and so on.
    var symbol: String
    var offset: Int
    var operand: PythonNode
}

/// `name=value` in a call.
struct PythonKeyword: Sendable {
    var name: String
    var value: PythonNode
}

/// A part of an f-string.
enum PythonFormatted: Sendable {
    case text(String)
    case value(PythonNode, specification: String, offset: Int)
}

/// A callable: what it imports, then `lambda parameter: body`.
struct PythonLambda: Sendable {
    /// What each imported name stands for, as a dotted path: `Timestamp` is `apache_beam.utils.timestamp.Timestamp`.
    var imports: [String: [String]]
    var parameter: String
    var body: PythonNode
}
