import Pipes
import Time

/// Turns timestamps in a query into the numbers that the warehouse stores.
///
/// `TIMESTAMP '…'` always; and, as BigQuery does, a text that is compared with a TIMESTAMP column: SQLite would compare
/// a number with a text, which is never equal and always less, without a word.
struct TimestampLiterals {
    let sql: SQLText
    /// Columns of the query's tables that are TIMESTAMP, in lower case; without those whose name has another type in
    /// another of the tables.
    let columns: Set<String>

    init(_ sql: SQLText, tables: [TableSchema]) {
        self.sql = sql
        let fields = tables.flatMap(\.fields)
        let others = Set(fields.filter { $0.type != .timestamp || $0.mode == .repeated }.map { $0.name.lowercased() })
        columns = Set(fields.map { $0.name.lowercased() }).subtracting(others)
    }

    /// Adds the replacements.
    ///
    /// - Throws: `WarehouseError.Code.invalidQuery` for a text that is no timestamp.
    func rewrite(_ edits: inout SQLEdits) throws {
        for index in sql.tokens.indices where sql.tokens[index].kind == .text {
            if sql.keyword(index - 1) == "TIMESTAMP" {
                try replace(index, from: index - 1, column: nil, &edits)
            } else if let column = comparedColumn(index) {
                try replace(index, from: index, column: column, &edits)
            }
        }
    }

    private func replace(_ index: Int, from start: Int, column: String?, _ edits: inout SQLEdits) throws {
        let text = sql.unquoted(index)
        guard let time = TimestampText.parse(text) else {
            throw WarehouseError(
                .invalidQuery,
                column.map { "column '\($0)' is TIMESTAMP, and '\(text)' is none" } ?? "'\(text)' is no timestamp",
                remedy: "write it as '2026-02-28T00:40:00Z'", position: sql.position(of: index))
        }
        let range = sql.tokens[start].range.lowerBound..<sql.tokens[index].range.upperBound
        edits.replace(range, by: String(time.micros))
    }

    /// The TIMESTAMP column that the text at `index` is compared with.
    private func comparedColumn(_ index: Int) -> String? {
        if isComparison(index - 1), let column = column(endingAt: index - 2) { return column }
        if isComparison(index + 1), let column = column(startingAt: index + 2) { return column }
        // column [NOT] BETWEEN 'a' AND 'b'
        if sql.keyword(index - 1) == "BETWEEN" { return column(before: index - 1) }
        if sql.keyword(index - 1) == "AND" {
            // The lower bound is a text, or TIMESTAMP and a text.
            let low = sql.keyword(index - 3) == "TIMESTAMP" ? index - 3 : index - 2
            if sql.keyword(low - 1) == "BETWEEN" { return column(before: low - 1) }
        }
        // column [NOT] IN ('a', 'b')
        var start = index - 1
        while sql.isSymbol(start, ","), sql.tokens.indices.contains(start - 1), sql.tokens[start - 1].kind == .text {
            start -= 2
        }
        if sql.isSymbol(start, "("), sql.keyword(start - 1) == "IN" { return column(before: start - 1) }
        return nil
    }

    private func isComparison(_ index: Int) -> Bool {
        ["=", "==", "<", ">", "<=", ">=", "<>", "!="].contains { sql.isSymbol(index, $0) }
    }

    /// The column before BETWEEN or IN, with or without NOT.
    private func column(before index: Int) -> String? {
        column(endingAt: sql.keyword(index - 1) == "NOT" ? index - 2 : index - 1)
    }

    private func column(endingAt index: Int) -> String? {
        guard sql.isName(index) else { return nil }
        let name = sql.unquoted(index).lowercased()
        return columns.contains(name) ? name : nil
    }

    private func column(startingAt index: Int) -> String? {
        guard sql.isName(index) else { return nil }
        var end = index
        while sql.isSymbol(end + 1, "."), sql.isName(end + 2) { end += 2 }
        return sql.isSymbol(end + 1, "(") ? nil : column(endingAt: end)
    }
}
