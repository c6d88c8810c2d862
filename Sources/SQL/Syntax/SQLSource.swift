/// What stands behind `FROM`.
indirect enum SQLSource {
    enum JoinKind: String {
        case inner, left, right, full
    }

    /// What a join compares.
    enum JoinCondition {
        case on(SQLNode)
        /// The fields of these names on both sides.
        case using([(name: String, offset: Int)])
    }

    case table(name: String, alias: String?, offset: Int)
    /// A query in parentheses; without an alias its fields have plain names only.
    case query(SQLSelect, alias: String?, offset: Int)
    /// The offset is that of the condition.
    case join(JoinKind, SQLSource, SQLSource, JoinCondition, offset: Int)
    /// Sources with commas between them, which `WHERE` joins.
    case product([SQLSource])

    /// Where it begins.
    var offset: Int {
        switch self {
        case .table(_, _, let offset), .query(_, _, let offset): offset
        case .join(_, let left, _, _, _): left.offset
        case .product(let sources): sources.first?.offset ?? 0
        }
    }
}
