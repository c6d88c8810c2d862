/// How a query's result is written.
public enum ResultFormat: String, Sendable, CaseIterable {
    /// Aligned columns, for people.
    case table
    /// An array of objects, a row a line.
    case json
    /// RFC 4180, with a heading.
    case csv

    /// Writes the result piece by piece; returns the number of rows.
    ///
    /// - Parameters:
    ///   - result: a result of which nothing was read yet.
    ///   - write: takes the text, in order.
    /// - Throws: what reading throws, and what `write` throws.
    @discardableResult
    public func write(_ result: QueryResult, to write: (String) throws -> Void) throws -> Int {
        switch self {
        case .table: try TableFormat.write(result, to: write)
        case .json: try JSONFormat.write(result, to: write)
        case .csv: try CSVFormat.write(result, to: write)
        }
        return result.rowCount
    }
}
