public import Columnar

/// `Join`: the rows of two inputs whose keys are equal, within a window.
///
/// Keys are equal where all their values are; a null is equal to nothing, as in SQL. A pair comes out as soon as both of
/// its rows are there; a row that has to come out without a partner does when the other input can bring none any more.
/// More than two inputs are a chain of these.
public struct Join: Sendable {
    /// Whose rows come out without a partner, too, with nulls for the other's fields.
    public enum Kind: String, Sendable, CaseIterable {
        case inner, left, right, full
    }

    /// One of the two inputs.
    public enum Side: Int, Sendable, CaseIterable {
        case left, right

        /// The other one.
        public var other: Side { self == .left ? .right : .left }
    }

    /// Where a field of the output comes from.
    public struct OutputField: Sendable, Hashable {
        /// The input.
        public var side: Side
        /// The position in that input's rows.
        public var field: Int

        /// A field of an input.
        public init(_ side: Side, _ field: Int) {
            self.side = side
            self.field = field
        }
    }

    /// Whose rows come out without a partner.
    public var kind: Kind
    /// What is compared of the left rows.
    public var leftKeys: [any ColumnExpression]
    /// What it is compared with, of the right rows: as many values, of the same types.
    public var rightKeys: [any ColumnExpression]
    /// One for each field of the step's schema.
    public var fields: [OutputField]

    /// A join of a step's first input, the left one, with its second.
    public init(
        _ kind: Kind, leftKeys: [any ColumnExpression], rightKeys: [any ColumnExpression], fields: [OutputField]
    ) {
        self.kind = kind
        self.leftKeys = leftKeys
        self.rightKeys = rightKeys
        self.fields = fields
    }

    /// Whether rows of `side` come out without a partner.
    public func preserves(_ side: Side) -> Bool {
        switch kind {
        case .inner: false
        case .left: side == .left
        case .right: side == .right
        case .full: true
        }
    }

    /// What is compared of the rows of `side`.
    public func keys(_ side: Side) -> [any ColumnExpression] { side == .left ? leftKeys : rightKeys }
}
