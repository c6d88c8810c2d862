/// `ReadFromBigQuery`: the rows of a table, or of a query, as they are when the pipeline first starts.
///
/// The step's schema says which columns are read. Rows have no time (`Timestamp.distantPast`) until one is assigned.
public struct ReadRows: Sendable, Hashable {
    /// A table, or a query.
    public enum Source: Sendable, Hashable {
        /// `dataset.table`, as in the file, with or without a project; and SQL as behind WHERE.
        case table(String, condition: String?)
        /// SQL.
        case query(String)
    }

    /// Where the rows come from.
    public var source: Source

    /// What to read.
    public init(_ source: Source) { self.source = source }
}
