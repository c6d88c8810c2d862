import Columnar

extension SQLNode {
    /// The paths of the fields inside.
    var fields: [[String]] {
        if case .field(let path) = kind { return [path] }
        return children.flatMap(\.fields)
    }

    /// The conditions that `AND` puts together.
    var conjuncts: [SQLNode] {
        if case .binary("AND", let a, let b) = kind { return a.conjuncts + b.conjuncts }
        return [self]
    }

    /// The same with something else for each field.
    func replacingFields(
        _ replacement: (_ path: [String], _ field: SQLNode) throws(ExpressionError) -> SQLNode
    ) throws(ExpressionError) -> SQLNode {
        if case .field(let path) = kind { return try replacement(path, self) }
        var replaced: [SQLNode] = []
        for child in children { replaced.append(try child.replacingFields(replacement)) }
        return replacing(replaced)
    }

    /// All of the conditions; nil without any.
    static func all(_ conditions: [SQLNode]) -> SQLNode? {
        conditions.dropFirst().reduce(conditions.first) { all, next in
            all.map { SQLNode(kind: .binary("AND", $0, next), offset: next.offset) }
        }
    }
}
