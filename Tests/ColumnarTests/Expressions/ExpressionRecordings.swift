import Foundation
import Testing

@testable import Columnar

/// What CPython gave for expressions over typed rows; see `Tests/Python/record_expressions.py`.
struct ExpressionRecordings: Decodable, Sendable {
    /// An expression, and for each row what `repr` writes of its value, or `!` and the exception's name.
    struct Case: Decodable, Sendable {
        var source: String
        var cells: [String]

        init(from decoder: any Decoder) throws {
            var parts = try decoder.unkeyedContainer()
            source = try parts.decode(String.self)
            cells = try parts.decode([String].self)
        }
    }

    enum Cell: Decodable, Sendable {
        case null
        case boolean(Bool)
        case text(String)
        case list([Cell])

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .null
            } else if let boolean = try? value.decode(Bool.self) {
                self = .boolean(boolean)
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else {
                self = .list(try value.decode([Cell].self))
            }
        }
    }

    var rows: [[Cell]]
    var cases: [Case]
    var randomRows: [[Cell]]
    var randomCases: [Case]

    private enum CodingKeys: String, CodingKey {
        case rows
        case cases
        case randomRows = "random_rows"
        case randomCases = "random_cases"
    }

    static let schema = Schema([
        Field("i", .int64, isNullable: false), Field("j", .int64, isNullable: false), Field("n", .int64),
        Field("f", .float64, isNullable: false), Field("g", .float64), Field("s", .string, isNullable: false),
        Field("t", .string, isNullable: false), Field("o", .string), Field("b", .boolean, isNullable: false),
        Field("c", .boolean), Field("l", .list(.int64)), Field("w", .list(.string)),
        Field("x", .list(.float64), isNullable: false), Field("y", .bytes, isNullable: false),
    ])

    static let all: ExpressionRecordings? = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Python/expressions.json").standardizedFileURL
        return try? JSONDecoder().decode(ExpressionRecordings.self, from: Data(contentsOf: file))
    }()

    static func batch(_ rows: [[Cell]]) -> Batch {
        Batch(schema, rows: rows.map { row in zip(row, schema.fields).map { scalar($0, $1.type) } })
    }

    private static func scalar(_ cell: Cell, _ type: DataType) -> Scalar {
        switch (cell, type) {
        case (.boolean(let value), _): .boolean(value)
        case (.text(let text), .int64): .int64(Int64(text) ?? 0)
        case (.text(let text), .float64): .float64(Double(text) ?? 0)
        case (.text(let text), .bytes):
            .bytes(
                stride(from: 0, to: text.utf8.count, by: 2).map { start in
                    UInt8(String(text.dropFirst(start).prefix(2)), radix: 16) ?? 0
                })
        case (.text(let text), _): .string(text)
        case (.list(let cells), .list(let element)): .list(cells.map { scalar($0, element) })
        default: .null
        }
    }
}
