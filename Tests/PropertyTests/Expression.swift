/// An expression of the Python that pipelines are written in, as far as the generator writes it.
indirect enum Expression: Sendable {
    /// A field, or a field of a field.
    case field([String])
    case variable(String)
    case literal(Value)
    case arithmetic(String, Expression, Expression)
    case negative(Expression)
    /// A chain of comparisons.
    case comparison(Expression, [Link])
    case isNone(Expression, negated: Bool)
    case not(Expression)
    case both(Expression, Expression)
    case either(Expression, Expression)
    case choice(test: Expression, yes: Expression, no: Expression)
    case contains(Expression, in: Expression, negated: Bool)
    case call(String, [Expression])
    case method(Expression, String, [Expression])
    case index(Expression, Expression)
    case slice(Expression, Int?, Int?)
    case list([Expression])
    /// An f-string: texts and expressions in turn.
    case format([Piece])
    case comprehension(body: Expression, variable: String, of: Expression, condition: Expression?)

    /// A link of a chain of comparisons.
    struct Link: Sendable {
        var symbol: String
        var operand: Expression
    }

    /// A part of an f-string.
    enum Piece: Sendable {
        case text(String)
        case value(Expression)
    }

    /// The same in Python, with all parentheses.
    var python: String {
        switch self {
        case .field(let path): path.joined(separator: ".")
        case .variable(let name): name
        case .literal(let value): Self.python(value)
        case .arithmetic(let symbol, let left, let right): "(\(left.python) \(symbol) \(right.python))"
        case .negative(let operand): "(- \(operand.python))"
        case .comparison(let first, let links):
            "(" + first.python + links.map { " \($0.symbol) \($0.operand.python)" }.joined() + ")"
        case .isNone(let operand, let negated): "(\(operand.python) is \(negated ? "not " : "")None)"
        case .not(let operand): "(not \(operand.python))"
        case .both(let left, let right): "(\(left.python) and \(right.python))"
        case .either(let left, let right): "(\(left.python) or \(right.python))"
        case .choice(let test, let yes, let no): "(\(yes.python) if \(test.python) else \(no.python))"
        case .contains(let element, let whole, let negated):
            "(\(element.python) \(negated ? "not " : "")in \(whole.python))"
        case .call(let name, let arguments): "\(name)(\(arguments.map(\.python).joined(separator: ", ")))"
        case .method(let base, let name, let arguments):
            "\(base.python).\(name)(\(arguments.map(\.python).joined(separator: ", ")))"
        case .index(let base, let index): "\(base.python)[\(index.python)]"
        case .slice(let base, let from, let to):
            "\(base.python)[\(from.map(String.init) ?? ""):\(to.map(String.init) ?? "")]"
        case .list(let elements): "[\(elements.map(\.python).joined(separator: ", "))]"
        case .format(let pieces): "f'" + pieces.map(Self.python).joined() + "'"
        case .comprehension(let body, let variable, let list, let condition):
            "[\(body.python) for \(variable) in \(list.python)\(condition.map { " if \($0.python)" } ?? "")]"
        }
    }

    private static func python(_ value: Value) -> String {
        switch value {
        case .null: "None"
        case .boolean(let flag): flag ? "True" : "False"
        case .integer(let number): number < 0 ? "(\(number))" : "\(number)"
        case .float(let number): number < 0 ? "(\(number))" : "\(number)"
        case .text(let scalars): "'" + scalars.map(escaped).joined() + "'"
        default: "?"
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "'": "\\'"
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\t": "\\t"
        default: String(scalar)
        }
    }

    private static func python(_ piece: Piece) -> String {
        switch piece {
        case .text(let text): text
        // Before Python 3.12 what stands in an f-string may have none of its quotes; the generator keeps to that.
        case .value(let expression): "{\(expression.python)}"
        }
    }
}
