import Columnar

/// An expression of SQL, with its place in Unicode scalars.
struct SQLNode {
    indirect enum Kind {
        case literal(Scalar, DataType)
        /// `a`, `PCOLLECTION.a`, `a.b`.
        case field([String])
        case unary(String, SQLNode)
        case binary(String, SQLNode, SQLNode)
        case isNull(SQLNode, isNegated: Bool)
        /// `IS TRUE`, `IS NOT FALSE`.
        case isTruth(SQLNode, Bool, isNegated: Bool)
        case inList(SQLNode, [SQLNode], isNegated: Bool)
        case between(SQLNode, SQLNode, SQLNode, isNegated: Bool)
        case like(SQLNode, SQLNode, escape: SQLNode?, isNegated: Bool)
        case choice([(condition: SQLNode, value: SQLNode)], otherwise: SQLNode?)
        case cast(SQLNode, DataType)
        case extract(String, SQLNode)
        case call(String, [SQLNode], isDistinct: Bool)
        /// `COUNT(*)`.
        case countRows
    }

    var kind: Kind
    var offset: Int
}

/// `SELECT … FROM …`.
struct SQLSelect {
    struct Item {
        /// Nil for `*`.
        var value: SQLNode?
        var name: String?
        /// Whose fields a `*` stands for: `b.*`; nil for those of all.
        var table: String?
        var offset: Int
    }

    var isDistinct = false
    var items: [Item] = []
    var source = SQLSource.product([])
    var condition: SQLNode?
    var groups: [SQLNode] = []
    var having: SQLNode?
}
