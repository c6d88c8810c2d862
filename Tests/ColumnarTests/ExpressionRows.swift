import Time

@testable import Columnar

/// The rows that expressions are tested on: every type, nulls, text beyond ASCII, nested rows.
enum ExpressionRows {
    static let inner = DataType.structure([Field("w", .string)])
    static let nested = DataType.structure([Field("x", .int64), Field("y", .string), Field("z", inner)])

    static let schema = Schema([
        Field("i", .int64, isNullable: false), Field("j", .int64, isNullable: false),
        Field("f", .float64, isNullable: false), Field("s", .string, isNullable: false),
        Field("t", .string, isNullable: false), Field("b", .boolean, isNullable: false), Field("n", .int64),
        Field("o", .string), Field("l", .list(.int64)), Field("w", .list(.string)), Field("g", .float64),
        Field("r", nested),
    ])

    static let batch = Batch(
        schema,
        rows: [
            row(
                7, 2, 2.5, "Abc", "b", true, 1, "x", [1, 2, 3], ["p", "q"], 1,
                nested(5, "yy", .structure([.string("deep")]))),
            row(-7, 3, -0.5, "", "", false, nil, nil, [], [], 0, nested(nil, nil, .null)),
            row(0, -2, 1e16, "Größe σς", "ö", true, 0, "", [5], [""], nil, .null),
            row(4, 0, 0.1, " 12 ", "1", false, -3, "12", nil, nil, -2, nested(0, "", .structure([.null]))),
            row(
                9_007_199_254_740_993, 5, 2.675, "😀a,b,,c", ",", true, 9, " it's\n", [7, 7], ["a", nil], 3.5,
                nested(7, "😀", .structure([.string("v")]))),
        ])

    private static func nested(_ x: Int64?, _ y: String?, _ z: Scalar) -> Scalar {
        .structure([x.map(Scalar.int64) ?? .null, y.map(Scalar.string) ?? .null, z])
    }

    private static func row(
        _ i: Int64, _ j: Int64, _ f: Double, _ s: String, _ t: String, _ b: Bool, _ n: Int64?, _ o: String?,
        _ l: [Int64]?,
        _ w: [String?]?, _ g: Double?, _ r: Scalar
    ) -> [Scalar] {
        [
            .int64(i), .int64(j), .float64(f), .string(s), .string(t), .boolean(b), n.map(Scalar.int64) ?? .null,
            o.map(Scalar.string) ?? .null, l.map { .list($0.map(Scalar.int64)) } ?? .null,
            w.map { .list($0.map { $0.map(Scalar.string) ?? .null }) } ?? .null, g.map(Scalar.float64) ?? .null, r,
        ]
    }
}

/// What an expression gives for every row: `repr` of the value, or `!` and the reason of a rejected row.
func evaluated(_ expression: CompiledExpression, on batch: Batch = ExpressionRows.batch) -> [String] {
    var failures = RowFailures()
    let column = expression.evaluate(batch, failures: &failures)
    return (0..<column.count).map { row in failures.reasons[Int32(row)].map { "!" + $0 } ?? repr(column[row]) }
}

/// As CPython writes a value.
func repr(_ value: Scalar) -> String {
    switch value {
    case .null: "None"
    case .boolean(let value): value ? "True" : "False"
    case .int64(let value): String(value)
    case .float64(let value): PythonNumber.text(value)
    case .string(let value): PythonText.quoted(value)
    case .bytes(let value): "b" + PythonText.quoted(String(decoding: value, as: UTF8.self))
    case .timestamp(let value): TextConversion.timestampText(value.micros)
    case .list(let values): "[" + values.map(repr).joined(separator: ", ") + "]"
    case .structure(let values): "(" + values.map(repr).joined(separator: ", ") + ")"
    }
}
