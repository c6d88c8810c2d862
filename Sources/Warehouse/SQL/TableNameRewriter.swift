import Pipes
import Spelling

/// Rewrites the table names of a query to the names in the database file.
///
/// `dataset.table`, `` `project.dataset.table` `` and any mixture become `"dataset.table"`, with the table's own name as
/// alias, as BigQuery has it; `dataset.table.column` becomes `"table"."column"`. Names of common table expressions,
/// aliases, columns, functions, strings and comments stay as they are.
struct TableNameRewriter {
    /// A table that the query reads.
    struct Reference: Sendable, Hashable {
        var table: TableName
        /// The tokens of its name.
        var tokens: Range<Int>
        /// Which FROM clause it stands in.
        var clause: Int
        var hasAlias: Bool
        /// `INFORMATION_SCHEMA` views are written out as a query.
        var view: InformationSchema?
    }

    private struct Scope {
        var clause = 0
        var isInFrom = false
        var expectsTable = false
        var hasSelect = false
    }

    /// The tables that the query reads, in the order of the text.
    private(set) var references: [Reference] = []

    private let sql: SQLText
    private let tables: [TableName: TableSchema]
    private var commonTables: Set<String> = []
    /// Dotted names outside of FROM clauses.
    private var paths: [Range<Int>] = []

    /// - Throws: `WarehouseError` for a table that there is not, with its place and the nearest name.
    init(_ sql: SQLText, tables: [TableName: TableSchema]) throws {
        self.sql = sql
        self.tables = tables
        findCommonTables()
        try findTables()
    }

    /// Adds the replacements.
    func rewrite(_ edits: inout SQLEdits) {
        let ambiguous = ambiguousTables
        for reference in references {
            let range = byteRange(reference.tokens)
            let source = reference.view?.sql(dataset: reference.table.dataset) ?? reference.table.physical
            let alias =
                reference.hasAlias || ambiguous.contains(reference.table)
                ? "" : " AS \(reference.table.table.quotedSQL)"
            edits.replace(range, by: source + alias)
        }
        let known = Set(references.filter { $0.view == nil }.map(\.table))
        for path in paths {
            let parts = parts(of: path)
            // Two names alone are an alias and a column, whatever they are called; `dataset.table.*` is not.
            let isAll = sql.isSymbol(path.upperBound, ".") && sql.isSymbol(path.upperBound + 1, "*")
            for skipped in [0, 1] where parts.count >= skipped + (isAll ? 2 : 3) {
                let table = TableName(dataset: parts[skipped].name, table: parts[skipped + 1].name)
                guard known.contains(table) else { continue }
                let end = parts[skipped + 1].token
                // The whole of a name in backticks goes, its last part may be the column.
                let rest = parts[(skipped + 2)...].filter { $0.token == end }.map { "." + $0.name.quotedSQL }.joined()
                edits.replace(
                    byteRange(path.lowerBound..<end + 1),
                    by: (ambiguous.contains(table) ? table.physical : table.table.quotedSQL) + rest)
                break
            }
        }
    }

    /// Tables of the same name from two datasets in one FROM clause: the name alone does not tell them apart.
    private var ambiguousTables: Set<TableName> {
        var result: Set<TableName> = []
        for reference in references where !reference.hasAlias {
            let others = references.filter {
                $0.clause == reference.clause && !$0.hasAlias && $0.table != reference.table
                    && $0.table.table.lowercased() == reference.table.table.lowercased()
            }
            if !others.isEmpty { result.insert(reference.table) }
        }
        return result
    }

    private func byteRange(_ tokens: Range<Int>) -> Range<Int> {
        sql.tokens[tokens.lowerBound].range.lowerBound..<sql.tokens[tokens.upperBound - 1].range.upperBound
    }

    // MARK: Reading

    /// `WITH name [(columns)] AS [[NOT] MATERIALIZED] (`.
    private mutating func findCommonTables() {
        for start in sql.tokens.indices where sql.keyword(start) == "WITH" {
            var index = start + 1
            if sql.keyword(index) == "RECURSIVE" { index += 1 }
            while sql.isName(index) {
                commonTables.insert(sql.unquoted(index).lowercased())
                index += 1
                if sql.isSymbol(index, "(") { index = sql.closing(index) }
                guard sql.keyword(index) == "AS" else { break }
                index += 1
                if sql.keyword(index) == "NOT" { index += 1 }
                if sql.keyword(index) == "MATERIALIZED" { index += 1 }
                guard sql.isSymbol(index, "(") else { break }
                index = sql.closing(index)
                guard sql.isSymbol(index, ",") else { break }
                index += 1
            }
        }
    }

    private mutating func findTables() throws {
        var scopes = [Scope()]
        var clauses = 0
        var index = 0
        while index < sql.tokens.count {
            let last = scopes.count - 1
            if sql.isSymbol(index, "(") {
                scopes.append(Scope(clause: scopes[last].clause, expectsTable: scopes[last].expectsTable))
                // `FROM (a JOIN b)` goes on with the clause, `FROM (SELECT …)` begins one of its own.
                scopes[last + 1].isInFrom = scopes[last].expectsTable
                scopes[last].expectsTable = false
            } else if sql.isSymbol(index, ")") {
                if last > 0 { scopes.removeLast() }
            } else if sql.isSymbol(index, ",") {
                if scopes[last].isInFrom { scopes[last].expectsTable = true }
            } else if scopes[last].expectsTable, sql.isName(index), !Self.clauseWords.contains(sql.keyword(index)) {
                scopes[last].expectsTable = false
                let end = pathEnd(index, isTable: true)
                if !sql.isSymbol(end, "(") { try addTable(index..<end, clause: scopes[last].clause) }
                index = end
                continue
            } else if let word = Self.clauseStarts[sql.keyword(index)] {
                switch word {
                case .select:
                    scopes[last] = Scope(clause: scopes[last].clause, hasSelect: true)
                case .from where scopes[last].hasSelect && !isDistinctFrom(index):
                    clauses += 1
                    scopes[last].clause = clauses
                    scopes[last].isInFrom = true
                    scopes[last].expectsTable = true
                case .join:
                    scopes[last].expectsTable = true
                case .end:
                    scopes[last].isInFrom = false
                    scopes[last].expectsTable = false
                case .from: break
                }
            } else if sql.isName(index) {
                let end = pathEnd(index, isTable: false)
                paths.append(index..<end)
                index = end
                continue
            }
            index += 1
        }
    }

    private enum ClauseStart { case select, from, join, end }

    private static let clauseStarts: [String: ClauseStart] = [
        "SELECT": .select, "VALUES": .end, "FROM": .from, "JOIN": .join, "WHERE": .end, "GROUP": .end, "HAVING": .end,
        "ORDER": .end, "LIMIT": .end, "WINDOW": .end, "UNION": .end, "INTERSECT": .end, "EXCEPT": .end,
    ]

    private static let clauseWords: Set<String> = Set(clauseStarts.keys).union(["WITH", "LATERAL"])

    /// Words that may follow a table and are no alias.
    private static let notAliases: Set<String> = clauseWords.union([
        "ON", "USING", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL", "INDEXED", "NOT", "OFFSET",
    ])

    /// `a IS [NOT] DISTINCT FROM b` begins no clause.
    private func isDistinctFrom(_ index: Int) -> Bool {
        sql.keyword(index - 1) == "DISTINCT" && ["IS", "NOT"].contains(sql.keyword(index - 2))
    }

    /// The token after the dotted name that begins at `start`.
    private func pathEnd(_ start: Int, isTable: Bool) -> Int {
        var index = start + 1
        if isTable {
            // A project's name may have dashes without quotes, in BigQuery too: my-project.dataset.table.
            var dashed = index
            while sql.isSymbol(dashed, "-"),
                sql.tokens[dashed].range.lowerBound == sql.tokens[dashed - 1].range.upperBound,
                sql.tokens.indices.contains(dashed + 1), [.word, .number].contains(sql.tokens[dashed + 1].kind)
            {
                dashed += 2
            }
            if sql.isSymbol(dashed, ".") { index = dashed }
        }
        while sql.isSymbol(index, "."), sql.isName(index + 1) { index += 2 }
        return index
    }

    /// The parts of a dotted name, each with its token: a name in backticks may have several.
    private func parts(of path: Range<Int>) -> [(name: String, token: Int)] {
        var parts: [(name: String, token: Int)] = []
        for index in path where sql.isName(index) {
            let name = sql.unquoted(index)
            let isPath = sql.tokens[index].kind == .bracketedName || tables.keys.contains { $0.description == name }
            if isPath, sql.tokens[index].kind != .word {
                parts += name.split(separator: ".").map { (String($0), index) }
            } else {
                parts.append((name, index))
            }
        }
        return parts
    }

    private mutating func addTable(_ path: Range<Int>, clause: Int) throws {
        var names = parts(of: path).map(\.name)
        // A project with dashes was cut at each of them; it does not matter which project it is.
        if path.contains(where: { sql.isSymbol($0, "-") }) { names = Array(names.suffix(3)) }
        if names.count == 1, commonTables.contains(names[0].lowercased()) { return }
        let hasAlias =
            sql.keyword(path.upperBound) == "AS"
            || (sql.isName(path.upperBound) && !Self.notAliases.contains(sql.keyword(path.upperBound)))
        let position = sql.position(of: path.lowerBound)
        if let schema = names.firstIndex(where: { $0.uppercased() == "INFORMATION_SCHEMA" }), schema == names.count - 2
        {
            guard let view = InformationSchema(rawValue: names[schema + 1].uppercased()) else {
                let views = InformationSchema.allCases.map(\.rawValue)
                throw WarehouseError(
                    .notFound, "there is no view 'INFORMATION_SCHEMA.\(names[schema + 1])'",
                    remedy: "there are \(views.joined(separator: ", "))", position: position)
            }
            let table = TableName(dataset: schema > 0 ? names[schema - 1] : "", table: names[schema + 1])
            references.append(Reference(table: table, tokens: path, clause: clause, hasAlias: hasAlias, view: view))
            return
        }
        guard names.count >= 2, names.count <= 3 else {
            let text = names.joined(separator: ".")
            let nearest =
                tables.keys.first { $0.table == names.last }?.description
                ?? Spelling.nearest(to: text, in: tables.keys.map(\.description) + commonTables)
            throw WarehouseError(
                .notFound, "there is no table '\(text)'",
                remedy: nearest.map { "did you mean '\($0)'?" } ?? "write dataset.table", position: position)
        }
        let table = TableName(dataset: names[names.count - 2], table: names[names.count - 1])
        guard tables[table] != nil else {
            throw WarehouseError.unknownTable(
                table, tables: tables.keys, datasets: Set(tables.keys.map(\.dataset)), position: position)
        }
        references.append(Reference(table: table, tokens: path, clause: clause, hasAlias: hasAlias))
    }
}
