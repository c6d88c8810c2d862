public import Columnar

/// The clauses of a query over the rows that its `FROM` gives, taken apart into what a pipeline's steps do: a condition
/// on rows, then either a value for each field of each row, or groups, folds, and values out of these.
public struct SQLQuery: Sendable {
    /// A field of the result.
    public struct Output: Sendable {
        /// The field's name: the alias, the name of the field that it is, or `EXPR$n` as Calcite calls it.
        public var name: String
        /// Its values.
        public var expression: any ColumnExpression
        /// Whether a value may be null.
        public var isNullable: Bool
    }

    /// An expression over rows of `schema` by itself: as `SQLExpression`, but a field alone may be of any type. Throws
    /// with the place of what is wrong or not supported.
    public static func value(_ text: String, over schema: Schema) throws(ExpressionError) -> Output {
        try SQLQueryBuilder(schema: schema, tables: ["PCOLLECTION"]).output(try SQLParser.expression(text), named: "")
    }

    /// How the values of a group become one.
    public enum Fold: Sendable {
        case sum, count, minimum, maximum
        /// How many different values there are.
        case countDistinct
    }

    /// A folded value of a group.
    public struct Aggregate: Sendable {
        /// The field that it becomes.
        public var name: String
        /// How it is folded.
        public var fold: Fold
        /// What is folded; nulls are passed over.
        public var value: Output
    }

    /// Rows by key; the folded rows have the keys' fields, then the aggregates'.
    public struct Grouping: Sendable {
        /// What rows are grouped by; none: all rows of a window are one group.
        public var keys: [Output]
        /// What is folded.
        public var aggregates: [Aggregate]
        /// What is kept of the folded rows.
        public var having: SQLExpression?

        /// The folded rows.
        public var schema: Schema {
            Schema(
                keys.map { Field($0.name, $0.expression.type, isNullable: $0.isNullable) }
                    + aggregates.map { aggregate in
                        let isExtreme = [.minimum, .maximum].contains(aggregate.fold)
                        return Field(
                            aggregate.name, aggregate.fold.result(of: aggregate.value.expression.type),
                            isNullable: isExtreme && aggregate.value.isNullable)
                    })
        }
    }

    /// Which rows take part (`WHERE`); nil: all.
    let condition: SQLExpression?
    /// Nil: a row for each row.
    let grouping: Grouping?
    /// The result's fields: over the rows, or over the folded ones.
    let outputs: [Output]
    /// What may surprise.
    let warnings: [ExpressionError]

    /// Takes the clauses apart. Throws with the place of what is wrong or not supported.
    init(_ select: SQLSelect, _ builder: SQLQueryBuilder) throws(ExpressionError) {
        condition = try select.condition.map { node throws(ExpressionError) in try builder.condition(node) }
        let hasAggregates = select.items.contains { $0.value.map(SQLQueryBuilder.hasAggregate) ?? false }
        if select.groups.isEmpty, select.having == nil, !hasAggregates {
            let outputs: [Output]
            (outputs, warnings) = try builder.outputs(select.items)
            if select.isDistinct {
                (grouping, self.outputs) = try builder.distinct(outputs)
            } else {
                (grouping, self.outputs) = (nil, outputs)
            }
            return
        }
        if select.isDistinct {
            throw ExpressionError(
                "DISTINCT of groups is not supported", at: select.items[0].offset,
                suggestion: "leave it out: every group is one row already")
        }
        (grouping, outputs, warnings) = try builder.grouped(select)
    }
}

extension SQLQuery.Fold {
    /// The type of what values of `type` become.
    func result(of type: DataType) -> DataType { [.count, .countDistinct].contains(self) ? .int64 : type }
}
