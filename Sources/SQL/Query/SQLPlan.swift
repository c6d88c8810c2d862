public import Columnar

/// A query over one input or several, taken apart into what a pipeline's steps do, each over the rows of an input or of
/// a step before it. The last one's rows are the result.
public struct SQLPlan: Sendable {
    /// What a query may read.
    public struct Table: Sendable {
        /// What it may be called; the first is for messages.
        public var names: [String]
        /// Its rows.
        public var schema: Schema

        /// A table by its names.
        public init(names: [String], schema: Schema) {
            self.names = names
            self.schema = schema
        }
    }

    /// Where rows come from.
    public enum Source: Sendable, Hashable {
        /// The table with this number.
        case table(Int)
        /// The step with this number.
        case step(Int)
    }

    /// What is done with rows.
    public enum Operation: Sendable {
        /// Rows on which the condition is true stay.
        case filter(SQLExpression)
        /// Rows of two sources whose keys are equal.
        case join(SQLJoin)
        /// Rows by key become one.
        case group(SQLQuery.Grouping)
        /// Fields are computed.
        case select([SQLQuery.Output])
    }

    /// A step.
    public struct Step: Sendable {
        /// For people; empty for the last one.
        public var name: String
        /// What it does.
        public var operation: Operation
        /// One source; two for a join.
        public var sources: [Source]
        /// What comes out.
        public var schema: Schema
        /// Where in the query it is written, in Unicode scalars.
        public var offset: Int
    }

    /// In their order; at least one.
    public let steps: [Step]
    /// What may surprise.
    public let warnings: [ExpressionError]

    /// Takes a query apart. Throws with the place of what is wrong or not supported.
    public init(_ text: String, over tables: [Table]) throws(ExpressionError) {
        var planner = SQLPlanner(inputs: tables)
        _ = try planner.plan(try SQLParser.select(text))
        steps = planner.steps
        warnings = planner.warnings
    }
}

/// A join of two sources by equality. A null is equal to nothing.
public struct SQLJoin: Sendable {
    /// Whose rows come out without a partner, too, with nulls for the other's fields.
    public enum Kind: String, Sendable {
        case inner, left, right, full
    }

    /// A field of the result.
    public struct OutputField: Sendable {
        /// Whether it is one of the right source.
        public var isRight: Bool
        /// Its position there.
        public var field: Int
    }

    /// Whose rows come out without a partner.
    public var kind: Kind
    /// What is compared of the left rows.
    public var leftKeys: [any ColumnExpression]
    /// What it is compared with: as many values, of the same types.
    public var rightKeys: [any ColumnExpression]
    /// The fields of the result.
    public var fields: [OutputField]
    /// What the query calls the left and the right source.
    public var names: [String]
}
