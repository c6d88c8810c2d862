/// Queries that are wrong.
enum BadSql {
    private static func query(_ query: String) -> String {
        """
        pipeline:
          transforms:
            - {type: Create, name: A, config: {elements: [{id: 1, name: x, at: 3}]}}
            - {type: Create, name: B, config: {elements: [{key: 1, label: y, at: 3}]}}
            - type: Sql
              input: {a: A, b: B}
              config:
                query: |
                  \(query.replacing("\n", with: "\n          "))
            - {type: LogForTesting, input: Sql}
        """
    }

    static let all: [BadPipeline] = [
        BadPipeline(
            "Sql without an input",
            """
            pipeline:
              transforms:
                - {type: Sql, config: {query: SELECT 1 FROM PCOLLECTION}}
                - {type: LogForTesting, input: Sql}
            """,
            [
                "p.yaml:3:14: Sql needs an input; write 'input:' and the name of a transform, or 'input: {a: A, b: B}'"
            ]),
        BadPipeline(
            "Sql of an unknown input", query("SELECT 1 FROM a\nJOIN c ON a.id = c.id"),
            ["p.yaml:10:16: there is no input called 'c'"]),
        BadPipeline(
            "Sql of PCOLLECTION where inputs have names", query("SELECT 1 FROM PCOLLECTION"),
            ["p.yaml:9:25: there is no input called 'PCOLLECTION'"]),
        BadPipeline(
            "Sql with CROSS JOIN", query("SELECT id, label\nFROM a\nCROSS JOIN b"),
            [
                "p.yaml:11:11: CROSS JOIN is not supported; rows are joined where fields are equal: write 'JOIN b ON a.id = b.id'"
            ]),
        BadPipeline(
            "Sql that joins by less", query("SELECT id, label\nFROM a\nJOIN b ON a.id < b.key"),
            [
                "p.yaml:11:26: no equality joins 'b' with 'a'; rows are joined where fields are equal: write 'ON a.id = b.id'; other conditions may follow"
            ]),
        BadPipeline(
            "Sql with an ambiguous name", query("SELECT id, at FROM a JOIN b ON id = key"),
            ["p.yaml:9:22: 'at' may mean a.at or b.at; write which one is meant"]),
        BadPipeline(
            "Sql with a misspelt field", query("SELECT a.nme, label FROM a JOIN b ON id = key"),
            ["p.yaml:9:18: 'a' has no field 'nme'; did you mean 'name'? fields are id, name, at"]),
        BadPipeline(
            "Sql with keys of two types", query("SELECT label FROM a JOIN b ON name = key"),
            ["p.yaml:9:46: string and integer cannot be compared; CAST one of them"]),
        BadPipeline(
            "Sql with a query in WHERE", query("SELECT id FROM a WHERE id IN (SELECT key FROM b)"),
            [
                "p.yaml:9:41: queries inside an expression are not supported; write it in FROM, in parentheses, and join it"
            ]),
        BadPipeline(
            "Sql of inputs with different windows",
            """
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{id: 1}]}}
                - {type: WindowInto, name: B, input: A, windowing: {type: fixed, size: 10s}}
                - {type: WindowInto, name: C, input: A, windowing: {type: sessions, gap: 10s}}
                - {type: Sql, name: J, input: {a: A, b: B}, config: {query: SELECT a.id FROM a JOIN b USING (id)}}
                - {type: Sql, name: K, input: {c: C}, config: {query: SELECT c.id FROM c JOIN c AS d USING (id)}}
                - {type: LogForTesting, name: L, input: J}
                - {type: LogForTesting, name: M, input: K}
            """,
            [
                "p.yaml:6:91: 'a' and 'b' have different windows (none and fixed, 10s); write 'windowing' on the Sql transform: it puts every input in these windows",
                "p.yaml:7:90: rows in sessions are not joined; join in fixed or sliding windows, and put what comes out in sessions",
            ]),
        BadPipeline(
            "Sql of endless inputs without windows",
            """
            pipeline:
              transforms:
                - {type: ReadFromPubSub, name: A, config: {subscription: projects/p/subscriptions/orders, format: RAW}}
                - {type: MapToFields, name: S, input: A, config: {language: python, fields: {payload: "payload.decode()"}}}
                - {type: Create, name: C, config: {elements: [{payload: x}]}}
                - {type: Sql, name: J, input: {s: S}, config: {query: SELECT s.payload FROM s JOIN s AS t USING (payload)}}
                - {type: Sql, name: K, input: {s: S, c: C}, config: {query: SELECT payload FROM c LEFT JOIN s USING (payload)}}
                - {type: Sql, name: G, input: {s: S, c: C}, config: {query: SELECT payload FROM c JOIN s USING (payload) GROUP BY payload}}
                - {type: LogForTesting, name: L, input: J}
                - {type: LogForTesting, name: M, input: K}
                - {type: LogForTesting, name: N, input: G}
            """,
            [
                "p.yaml:6:95: 's' and 't' never end, so they have to be joined in windows; write 'windowing: {type: fixed, size: 60s}' on the Sql transform",
                "p.yaml:7:99: whether a row of 'c' finds a partner is never known, because 's' never ends; write an inner or RIGHT JOIN, or join in windows",
                "p.yaml:8:14: a query with groups over an input that never ends needs windows; write 'windowing: {type: fixed, size: 60s}' on it or before it",
            ]),
    ]
}
