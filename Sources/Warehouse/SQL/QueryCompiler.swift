import Pipes
import Spelling

/// Makes SQLite's SQL of a person's.
enum QueryCompiler {
    /// - Parameter tables: the tables that there are.
    /// - Throws: `WarehouseError`: `queryWouldWrite`, `notFound`, `invalidQuery`, with places.
    static func compile(_ text: String, tables: [TableName: TableSchema]) throws -> RewrittenSQL {
        let sql = try SQLText(text)
        try checkReadsOnly(sql)
        var edits = SQLEdits()
        for comment in sql.hashComments { edits.replace(comment, by: "") }
        let names = try TableNameRewriter(sql, tables: tables)
        names.rewrite(&edits)
        let schemas = Set(names.references.map(\.table)).compactMap { tables[$0] }
        try TimestampLiterals(sql, tables: schemas).rewrite(&edits)
        for index in sql.tokens.indices {
            // SQLite knows it without parentheses only, BigQuery with and without.
            if sql.keyword(index) == "CURRENT_TIMESTAMP", sql.isSymbol(index + 1, "("), sql.isSymbol(index + 2, ")") {
                edits.replace(sql.tokens[index].range.upperBound..<sql.tokens[index + 2].range.upperBound, by: "")
            }
            quoteDatePart(sql, index, &edits)
        }
        return edits.apply(to: sql.bytes)
    }

    /// `TIMESTAMP_TRUNC(t, MINUTE)`: the part is a bare word there, and a text for the function.
    private static func quoteDatePart(_ sql: SQLText, _ index: Int, _ edits: inout SQLEdits) {
        guard ["TIMESTAMP_TRUNC", "TIMESTAMP_DIFF"].contains(sql.keyword(index)), sql.isSymbol(index + 1, "(") else {
            return
        }
        let part = sql.closing(index + 1) - 2
        guard TimestampFunctions.parts[sql.keyword(part)] != nil, sql.isSymbol(part - 1, ",") else { return }
        edits.replace(sql.tokens[part].range, by: "'\(sql.keyword(part))'")
    }

    private static let reading = ["SELECT", "WITH", "VALUES", "EXPLAIN"]
    private static let writing: Set<String> = [
        "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE", "CREATE", "DROP", "ALTER", "PRAGMA", "ATTACH",
        "DETACH",
        "VACUUM", "REINDEX", "ANALYZE", "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE",
    ]

    private static func checkReadsOnly(_ sql: SQLText) throws {
        guard !sql.tokens.isEmpty else {
            throw WarehouseError(.invalidQuery, "there is no query", remedy: "write SELECT …")
        }
        let first = sql.keyword(0)
        if writing.contains(first) { throw wouldWrite(first, sql.position(of: 0)) }
        if !reading.contains(first), !sql.isSymbol(0, "(") {
            throw WarehouseError(
                .invalidQuery, "'\(sql.text(0))' does not begin a query\(Spelling.hint(for: sql.text(0), in: reading))",
                remedy: "queries begin with SELECT or WITH", position: sql.position(of: 0))
        }
        if let end = sql.tokens.indices.first(where: { sql.isSymbol($0, ";") }), end + 1 < sql.tokens.count {
            throw WarehouseError(
                .invalidQuery, "a second statement begins here", remedy: "send one query at a time",
                position: sql.position(of: end + 1))
        }
    }

    /// The refusal of a statement that is no query.
    static func wouldWrite(_ statement: String, _ position: TextPosition?) -> WarehouseError {
        WarehouseError(
            .queryWouldWrite, "\(statement) is refused: queries only read the warehouse",
            remedy: "rows are written by pipelines; use SELECT", position: position)
    }
}
