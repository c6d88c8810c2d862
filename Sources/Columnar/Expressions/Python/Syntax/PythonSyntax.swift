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
        /// `{a, b}`.
        case set([PythonNode])
        /// `{key: value}`.
        case dictionary([PythonEntry])
        /// `lambda a, b: body`.
        case lambda([String], PythonNode)
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
        /// `[… for x in …]`.
        case comprehension(PythonComprehension)
        /// `(… for x in …)`, which only a function can go through.
        case generator(PythonComprehension)
    }

    let kind: Kind
    /// Unicode scalars from the start of the source; an operator's for what has one.
    let offset: Int
    /// How many nodes are nested in each other.
    let depth: Int

    init(kind: Kind, offset: Int) {
        self.kind = kind
        self.offset = offset
        depth = 1 + (kind.children.map(\.depth).max() ?? 0)
    }
}

extension PythonNode.Kind {
    fileprivate var children: [PythonNode] {
        switch self {
        case .none, .boolean, .integer, .float, .string, .bytes, .name: []
        case .formatted(let parts): parts.compactMap { if case .value(let node, _, _, _) = $0 { node } else { nil } }
        case .tuple(let nodes), .list(let nodes), .set(let nodes): nodes
        case .dictionary(let entries): entries.flatMap { [$0.key, $0.value] }
        case .lambda(_, let body): [body]
        case .sign(_, let node), .not(let node), .attribute(let node, _, _): [node]
        case .arithmetic(_, let left, let right), .junction(_, let left, let right), .subscripted(let left, let right):
            [left, right]
        case .comparison(let first, let links): [first] + links.map(\.operand)
        case .conditional(let test, let yes, let no): [test, yes, no]
        case .slice(let base, let lower, let upper, let step): [base, lower, upper, step].compactMap { $0 }
        case .comprehension(let loop), .generator(let loop):
            [loop.element] + loop.loops.flatMap { [$0.iterable] + $0.conditions }
        case .call(let callee, let arguments, let keywords): [callee] + arguments + keywords.map(\.value)
        }
    }
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

/// `key: value` in a dictionary.
struct PythonEntry: Sendable {
    var key: PythonNode
    var value: PythonNode
}

/// `element for …`: its loops, the outermost first.
struct PythonComprehension: Sendable {
    var element: PythonNode
    var loops: [PythonLoop]
}

/// `for variables in iterable if condition …`.
struct PythonLoop: Sendable {
    /// One, or several that take the elements' parts.
    var variables: [String]
    var iterable: PythonNode
    var conditions: [PythonNode]
}

/// A part of an f-string.
enum PythonFormatted: Sendable {
    case text(String)
    case value(PythonNode, conversion: Unicode.Scalar?, specification: String, offset: Int)
}

/// A callable: what it imports, then `lambda parameter: body`.
struct PythonLambda: Sendable {
    /// What each imported name stands for, as a dotted path: `Timestamp` is `apache_beam.utils.timestamp.Timestamp`.
    var imports: [String: [String]]
    var parameter: String
    var body: PythonNode
}
