import Time

@testable import Columnar

/// The rows that expressions are tested on: every type, nulls, text beyond ASCII, nested rows.
enum ExpressionRows {
    static let inner = DataType.structure([Field("w", .string)])
    static let nested = DataType.structure([Field("x", .int64), Field("y", .string), Field("z", inner)])

    static let place = DataType.structure([Field("trip", .string), Field("d", .float64)])
    static let entity = DataType.structure([Field("id", .int64), Field("name", .string), Field("v", place)])

    static let schema = Schema([
        Field("i", .int64, isNullable: false), Field("j", .int64, isNullable: false),
        Field("f", .float64, isNullable: false), Field("s", .string, isNullable: false),
        Field("t", .string, isNullable: false), Field("b", .boolean, isNullable: false), Field("n", .int64),
        Field("o", .string), Field("l", .list(.int64)), Field("w", .list(.string)), Field("g", .float64),
        Field("r", nested), Field("e", .list(entity)),
    ])

    static let batch = Batch(
        schema,
        rows: [
            row(
                7, 2, 2.5, "Abc", "b", true, 1, "x", [1, 2, 3], ["p", "q"], 1,
                nested(5, "yy", .structure([.string("deep")])),
                [entity(1, "a", ("t1", 0.5)), entity(2, "b", nil), entity(3, "c", ("t3", -1))]),
            row(-7, 3, -0.5, "", "", false, nil, nil, [], [], 0, nested(nil, nil, .null), []),
            row(0, -2, 1e16, "Größe σς", "ö", true, 0, "", [5], [""], nil, .null, nil),
            row(
                4, 0, 0.1, " 12 ", "1", false, -3, "12", nil, nil, -2, nested(0, "", .structure([.null])),
                [entity(nil, nil, ("t", nil)), entity(0, "", (nil, 2.5))]),
            row(
                9_007_199_254_740_993, 5, 2.675, "😀a,b,,c", ",", true, 9, " it's\n", [7, 7], ["a", nil], 3.5,
                nested(7, "😀", .structure([.string("v")])), [entity(9, "zoë", ("q", 1_000)), .null]),
        ])

    private static func nested(_ x: Int64?, _ y: String?, _ z: Scalar) -> Scalar {
        .structure([x.map(Scalar.int64) ?? .null, y.map(Scalar.string) ?? .null, z])
    }

    private static func entity(_ id: Int64?, _ name: String?, _ v: (String?, Double?)?) -> Scalar {
        let place = v.map { v in
            Scalar.structure([v.0.map(Scalar.string) ?? .null, v.1.map(Scalar.float64) ?? .null])
        }
        return .structure([id.map(Scalar.int64) ?? .null, name.map(Scalar.string) ?? .null, place ?? .null])
    }

    private static func row(
        _ i: Int64, _ j: Int64, _ f: Double, _ s: String, _ t: String, _ b: Bool, _ n: Int64?, _ o: String?,
        _ l: [Int64]?,
        _ w: [String?]?, _ g: Double?, _ r: Scalar, _ e: [Scalar]?
    ) -> [Scalar] {
        [
            .int64(i), .int64(j), .float64(f), .string(s), .string(t), .boolean(b), n.map(Scalar.int64) ?? .null,
            o.map(Scalar.string) ?? .null, l.map { .list($0.map(Scalar.int64)) } ?? .null,
            w.map { .list($0.map { $0.map(Scalar.string) ?? .null }) } ?? .null, g.map(Scalar.float64) ?? .null, r,
            e.map(Scalar.list) ?? .null,
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
    case .bytes(let value): PythonText.quoted(value)
    case .timestamp(let value): TextConversion.timestampText(value.micros)
    case .list(let values): "[" + values.map(repr).joined(separator: ", ") + "]"
    case .structure(let values): "(" + values.map(repr).joined(separator: ", ") + ")"
    }
}
