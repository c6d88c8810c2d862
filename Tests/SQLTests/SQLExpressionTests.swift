import Columnar
import SQL
import Testing
import Time

private let schema = Schema([
    Field("n", .int64, isNullable: false), Field("x", .float64), Field("s", .string), Field("b", .boolean),
    Field("t", .timestamp), Field("big", .int64, isNullable: false),
    Field("place", .structure([Field("city", .string), Field("zip", .int64)])), Field("tags", .list(.string)),
])

private let row: [Scalar] = [
    .int64(7), .float64(2.5), .string("Ägypten's"), .boolean(true), .timestamp(Timestamp(seconds: 1_767_225_599)),
    .int64(.max), .structure([.string("Bonn"), .null]), .list([.string("a")]),
]
private let nulls: [Scalar] = [.int64(-7), .null, .null, .null, .null, .int64(1), .null, .null]

/// The value for `row`, or the reason why it is rejected.
private func value(_ text: String, _ values: [Scalar] = row) throws -> (value: Scalar, failure: String?) {
    let expression = try SQLExpression(text, over: schema)
    let batch = Batch(schema, rows: [values])
    var failures = RowFailures()
    let column = expression.evaluate(batch, failures: &failures)
    #expect(column.type == expression.type)
    return (column[0], failures.reasons[0])
}

struct SQLExpressionTests {
    @Test(
        "expressions have the values that Calcite gives them",
        arguments: [
            ("n + 1", .int64(8)), ("n / 2", .int64(3)), ("-n / 2", .int64(-3)), ("n % 4", .int64(3)),
            ("MOD(-7, 4)", .int64(-3)), ("n * x", .float64(17.5)), ("n / 2.0", .float64(3.5)),
            ("1 + 2 * 3 - 4", .int64(3)), ("(1 + 2) * 3", .int64(9)), ("- - 3", .int64(3)),
            ("s || '!'", .string("Ägypten's!")), ("UPPER(s)", .string("ÄGYPTEN'S")), ("lower('ABC')", .string("abc")),
            ("CHAR_LENGTH(s)", .int64(9)), ("SUBSTRING(s, 2, 3)", .string("gyp")), ("SUBSTR(s, 8)", .string("'s")),
            ("SUBSTRING(s, 0, 2)", .string("Ä")), ("TRIM('  a ')", .string("a")), ("REVERSE('abc')", .string("cba")),
            ("REPLACE(s, 'pt', 'PT')", .string("ÄgyPTen's")), ("CONCAT(s, '-', 'b')", .string("Ägypten's-b")),
            ("STARTS_WITH(s, 'Ä')", .boolean(true)), ("ENDS_WITH(s, 'Ä')", .boolean(false)),
            ("SUBSTRING(s FROM 2 FOR 3)", .string("gyp")), ("SUBSTRING(s, 8, big)", .string("'s")),
            ("SUBSTRING(s, -big - 1, 3)", .string("")), ("SUBSTRING(s, big, 1)", .string("")),
            ("SUBSTRING(s FROM 8)", .string("'s")),
            ("POSITION('pt' IN s)", .int64(4)), ("TRIM(BOTH FROM ' a ')", .string("a")),
            ("TRIM(LEADING 'x' FROM 'xax')", .string("ax")), ("TRIM(TRAILING FROM ' a ')", .string(" a")),
            ("TRIM('x' FROM 'xax')", .string("a")),
            ("STRPOS(s, 'pt')", .int64(4)), ("s LIKE 'Ä%'", .boolean(true)), ("s LIKE 'ä%'", .boolean(false)),
            ("s NOT LIKE '_gypten%'", .boolean(false)), ("'50%' LIKE '50!%' ESCAPE '!'", .boolean(true)),
            ("n > 5 AND NOT b", .boolean(false)), ("n BETWEEN 7 AND 8", .boolean(true)),
            ("n NOT BETWEEN 7 AND 8", .boolean(false)), ("n IN (1, 7)", .boolean(true)),
            ("s NOT IN ('a', 'b')", .boolean(true)), ("n <> 7", .boolean(false)), ("n != 8", .boolean(true)),
            ("b IS TRUE", .boolean(true)), ("b IS NOT FALSE", .boolean(true)), ("x IS NULL", .boolean(false)),
            ("CASE WHEN n > 5 THEN 'big' ELSE 'small' END", .string("big")),
            ("CASE n WHEN 6 THEN 1 WHEN 7 THEN 2.5 END", .float64(2.5)), ("CASE n WHEN 6 THEN 1 END", .null),
            ("COALESCE(NULL, n)", .int64(7)), ("NULLIF(n, 7)", .null), ("GREATEST(n, x)", .float64(7)),
            ("LEAST(3, 2, 9)", .int64(2)), ("ABS(-3)", .int64(3)), ("SIGN(-2.5)", .float64(-1)), ("SIGN(n)", .int64(1)),
            ("ROUND(2.5)", .float64(3)), ("ROUND(-2.5)", .float64(-3)), ("ROUND(2.345, 2)", .float64(2.35)),
            ("ROUND(n)", .int64(7)), ("ROUND(15, -1)", .int64(20)), ("ROUND(-15, -1)", .int64(-20)),
            ("ROUND(149, -2)", .int64(100)), ("ROUND(big, -400)", .int64(0)), ("ROUND(big, 2)", .int64(.max)),
            ("ROUND(2.5, 400)", .float64(2.5)), ("ROUND(2.5, -400)", .float64(0)), ("FLOOR(-2.5)", .float64(-3)),
            ("CEIL(x)", .float64(3)),
            ("SQRT(16)", .float64(4)), ("POWER(2, 10)", .float64(1024)),
            ("CAST(n AS VARCHAR)", .string("7")), ("CAST('12' AS BIGINT)", .int64(12)),
            ("CAST(2.9 AS INTEGER)", .int64(2)), ("CAST(b AS VARCHAR(5))", .string("true")),
            ("CAST(x AS VARCHAR)", .string("2.5")), ("CAST('true' AS BOOLEAN)", .boolean(true)),
            ("CAST(t AS VARCHAR)", .string("2025-12-31 23:59:59")),
            ("CAST('2026-01-01' AS TIMESTAMP)", .timestamp(Timestamp(seconds: 1_767_225_600))),
            ("t < TIMESTAMP '2026-01-01 00:00:00'", .boolean(true)), ("t < '2025-01-01'", .boolean(false)),
            ("EXTRACT(YEAR FROM t)", .int64(2025)), ("EXTRACT(DOY FROM t)", .int64(365)),
            ("EXTRACT(DOW FROM t)", .int64(4)), ("EXTRACT(HOUR FROM t)", .int64(23)),
            ("EXTRACT(MONTH FROM TIMESTAMP '1969-02-03 00:00:00')", .int64(2)),
            ("EXTRACT(QUARTER FROM t)", .int64(4)), ("EXTRACT(EPOCH FROM t)", .int64(1_767_225_599)),
            ("place.city", .string("Bonn")), ("PCOLLECTION.n", .int64(7)), ("PCOLLECTION.place.city", .string("Bonn")),
            ("`n` + \"n\"", .int64(14)), ("'it''s'", .string("it's")), ("/* no */ 1 -- comment", .int64(1)),
        ] as [(String, Scalar)])
    func values(_ text: String, _ expected: Scalar) throws {
        let result = try value(text)
        #expect(result.failure == nil)
        #expect(result.value == expected)
    }

    @Test(
        "nulls spread, and conditions have three values",
        arguments: [
            ("x + 1", .null), ("s || 'a'", .null), ("x > 1", .null), ("b AND FALSE", .boolean(false)),
            ("b OR TRUE", .boolean(true)), ("NOT b", .null), ("b IS NOT TRUE", .boolean(true)),
            ("x IN (1.0, NULL)", .null), ("UPPER(s)", .null), ("EXTRACT(YEAR FROM t)", .null),
            ("COALESCE(x, 0)", .float64(0)), ("place.city", .null), ("CAST(t AS VARCHAR)", .null),
        ] as [(String, Scalar)])
    func threeValues(_ text: String, _ expected: Scalar) throws {
        let result = try value(text, nulls)
        #expect(result.failure == nil)
        #expect(result.value == expected)
    }

    @Test(
        "an error rejects the row with its reason",
        arguments: [
            ("n / 0", "division by zero"), ("MOD(n, 0)", "division by zero"), ("big + 1", "beyond 64 bits"),
            ("CAST(s AS BIGINT)", "is not a whole number"), ("CAST('x' AS DOUBLE)", "is not a number"),
            ("CAST(1e300 AS BIGINT)", "beyond 64 bits"), ("SQRT(-1)", "outside the function's domain"),
            ("CAST('soon' AS TIMESTAMP)", "is not a timestamp"), ("SUBSTRING(s, 1, -1)", "negative"),
            ("ROUND(big, -1)", "beyond 64 bits"),
            ("ROUND(big, -19)", "beyond 64 bits"),
        ])
    func failures(_ text: String, _ reason: String) throws {
        let result = try value(text)
        #expect(result.value == .null)
        #expect(result.failure?.contains(reason) == true)
    }

    @Test(
        "what is wrong or not supported is refused with its place",
        arguments: [
            ("n +", 3, "an expression should stand here, not the end"), ("nn + 1", 0, "the row has no field 'nn'"),
            ("n + s", 4, "this is to be a number, not string"), ("n = s", 2, "integer and string cannot be compared"),
            ("n AND b", 0, "this is to be a condition, not integer"), ("SOUNDEX(s)", 0, "the function SOUNDEX is not"),
            ("SUM(n)", 0, "an aggregate cannot stand here"), ("tags", 0, "'tags' is list<string>"),
            ("place.town", 0, "'place' has no field 'town'"), ("CAST(n AS JSON)", 10, "'JSON' is not a type"),
            ("UPPER(n)", 6, "UPPER takes text, not integer"), ("UPPER(s, s)", 0, "UPPER takes 1 argument, not 2"),
            ("'abc", 0, "has no closing '"), ("n IN (SELECT 1)", 6, "queries inside an expression"),
            ("EXTRACT(AGE FROM t)", 0, "'AGE' is not a unit of time"), ("n ; n", 2, "the query should end here"),
            ("CASE WHEN b THEN 1 ELSE 'a' END", 0, "the branches of CASE are integer and string"),
            ("99999999999999999999", 0, "is not a whole number of 64 bits"), ("n ? 1", 2, "means nothing in SQL"),
            ("INTERVAL '1' DAY", 0, "INTERVAL is not supported"),
        ])
    func refusals(_ text: String, _ offset: Int, _ message: String) throws {
        let error = #expect(throws: ExpressionError.self) { try SQLExpression(text, over: schema) }
        #expect(error?.message.contains(message) == true)
        #expect(error?.offset == offset)
    }

    @Test("deep nesting is refused, not followed")
    func depth() {
        let text = String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000)
        #expect(throws: ExpressionError.self) { try SQLExpression(text, over: schema) }
        #expect(throws: ExpressionError.self) {
            try SQLExpression(String(repeating: "NOT ", count: 5000) + "b", over: schema)
        }
    }

    @Test("many tasks can evaluate one expression at a time")
    func sharing() async throws {
        let expression = try SQLExpression("n * 2 + CHAR_LENGTH(s)", over: schema)
        let batch = Batch(schema, rows: Array(repeating: row, count: 200))
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var failures = RowFailures()
                    let column = expression.evaluate(batch, failures: &failures)
                    return (0..<200).allSatisfy { column[$0] == .int64(23) }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
