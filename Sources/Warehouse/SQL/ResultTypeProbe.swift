/// Makes a query whose columns have the declared types that those of another query lose in expressions.
///
/// SQLite tells a result column's declared type only where it comes straight from a table's column: `max(time)` is a
/// number. So the types are asked of a second query, which is prepared and never run, where `max(time)` stands as `time`,
/// and `TIMESTAMP_SECONDS(…)` as a column that is declared TIMESTAMP.
enum ResultTypeProbe {
    /// Functions that give a value of their first argument's type.
    private static let keeping: Set<String> = [
        "MAX", "MIN", "COALESCE", "IFNULL", "NULLIF", "ANY_VALUE", "LAG", "LEAD", "FIRST_VALUE", "LAST_VALUE",
        "NTH_VALUE",
    ]

    private static let timestamps: Set<String> = [
        "TIMESTAMP_SECONDS", "TIMESTAMP_MILLIS", "TIMESTAMP_MICROS", "TIMESTAMP", "TIMESTAMP_TRUNC",
        "CURRENT_TIMESTAMP",
    ]

    /// The probe for `sql`, which is SQLite's SQL; nil when there is nothing to ask.
    static func probe(for sql: String) -> String? {
        var text = sql
        var isChanged = false
        // Nested calls are opened one layer at a time.
        for _ in 0..<8 {
            guard let next = try? unwrapped(text) else { break }
            text = next
            isChanged = true
        }
        return isChanged ? text : nil
    }

    private static func unwrapped(_ text: String) throws -> String? {
        let sql = try SQLText(text)
        var edits = SQLEdits()
        var isChanged = false
        var index = 0
        while index < sql.tokens.count {
            let name = sql.keyword(index)
            if timestamps.contains(name), !sql.isSymbol(index - 1, "."), keywordOrCall(name, sql, index) {
                let end = sql.isSymbol(index + 1, "(") ? sql.closing(index + 1) : index + 1
                edits.replace(range(index..<end, sql), by: "(SELECT \"TIMESTAMP\" FROM _types)")
                isChanged = true
                index = end
            } else if keeping.contains(name), sql.isSymbol(index + 1, "("), !sql.isSymbol(index - 1, "."),
                let argument = firstArgument(sql, index + 2)
            {
                let end = afterCall(sql, sql.closing(index + 1))
                edits.replace(
                    range(index..<end, sql),
                    by: " " + String(decoding: sql.bytes[range(argument, sql)], as: UTF8.self) + " ")
                isChanged = true
                index = end
            } else {
                index += 1
            }
        }
        return isChanged ? edits.apply(to: sql.bytes).text : nil
    }

    private static func keywordOrCall(_ name: String, _ sql: SQLText, _ index: Int) -> Bool {
        sql.isSymbol(index + 1, "(") || name == "CURRENT_TIMESTAMP"
    }

    private static func range(_ tokens: Range<Int>, _ sql: SQLText) -> Range<Int> {
        sql.tokens[tokens.lowerBound].range.lowerBound..<sql.tokens[tokens.upperBound - 1].range.upperBound
    }

    /// Up to the comma or the parenthesis that ends it; nil when it is empty.
    private static func firstArgument(_ sql: SQLText, _ start: Int) -> Range<Int>? {
        var index = start
        while index < sql.tokens.count, !sql.isSymbol(index, ","), !sql.isSymbol(index, ")") {
            index = sql.isSymbol(index, "(") ? sql.closing(index) : index + 1
        }
        return index > start ? start..<index : nil
    }

    /// Past `FILTER (…)` and `OVER (…)` or `OVER name`.
    private static func afterCall(_ sql: SQLText, _ end: Int) -> Int {
        var index = end
        if sql.keyword(index) == "FILTER", sql.isSymbol(index + 1, "(") { index = sql.closing(index + 1) }
        if sql.keyword(index) == "OVER" { index = sql.isSymbol(index + 1, "(") ? sql.closing(index + 1) : index + 2 }
        return index
    }
}
