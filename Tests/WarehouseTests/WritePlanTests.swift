import Columnar
import Pipes
import Testing

@testable import Warehouse

@Suite struct WritePlanTests {
    static let columns = TableSchema(fields: [
        TableField(name: "name", type: .string), TableField(name: "count", type: .integer),
        TableField(name: "ratio", type: .float),
        TableField(name: "late", type: .boolean), TableField(name: "time", type: .timestamp),
        TableField(name: "raw", type: .bytes),
        TableField(name: "tags", type: .string, mode: .repeated),
        TableField(name: "place", type: .record, fields: [TableField(name: "lat", type: .float)]),
        TableField(name: "id", type: .string, mode: .required),
    ])

    @Test(
        arguments: [
            (Field("name", .string), .asIs), (Field("NAME", .string), .asIs), (Field("name", .null), .null),
            (Field("count", .int64), .asIs), (Field("ratio", .int64), .integerToFloat),
            (Field("ratio", .float64), .asIs),
            (Field("late", .boolean), .asIs), (Field("time", .timestamp), .asIs),
            (Field("time", .string), .textToTimestamp),
            (Field("raw", .bytes), .asIs), (Field("tags", .list(.string)), .json), (Field("tags", .list(.null)), .json),
            (Field("place", .structure([Field("lat", .float64)])), .json),
        ] as [(Field, WritePlan.Conversion)])
    func fits(_ field: Field, _ conversion: WritePlan.Conversion) throws {
        let plan = try WritePlan(
            table: .events, columns: Self.columns, schema: Schema([field, Field("id", .string, isNullable: false)]))
        #expect(plan.items.first?.conversion == conversion)
    }

    @Test(arguments: [
        (
            Field("nmae", .string),
            "table demo.events has no column 'nmae'; did you mean 'name'?; its columns are name, count, ratio, late, time, raw, tags, place, id"
        ),
        (
            Field("name", .int64),
            "table demo.events: column 'name' is STRING, the rows have integer; convert it to text in the pipeline, or declare the column with the rows' type"
        ),
        (
            Field("count", .float64),
            "table demo.events: column 'count' is INTEGER, the rows have number; round it in the pipeline, or make the column FLOAT"
        ),
        (
            Field("count", .string),
            "table demo.events: column 'count' is INTEGER, the rows have string; convert it in the pipeline, or declare the column with the rows' type"
        ),
        (
            Field("time", .int64),
            "table demo.events: column 'time' is TIMESTAMP, the rows have integer; a number can be seconds, milliseconds or microseconds: convert it to a timestamp in the pipeline"
        ),
        (
            Field("name", .list(.string)),
            "table demo.events: column 'name' is STRING, the rows have list<string>; make the column REPEATED, or explode the list"
        ),
        (
            Field("tags", .string),
            "table demo.events: column 'tags' is REPEATED STRING, the rows have string; write a list, or make the column NULLABLE"
        ),
        (
            Field("tags", .list(.int64)),
            "table demo.events: column 'tags' is REPEATED STRING, the rows have list<integer>; convert it to text in the pipeline, or declare the column with the rows' type"
        ),
        (
            Field("place", .string),
            "table demo.events: column 'place' is RECORD, the rows have string; convert it in the pipeline, or declare the column with the rows' type"
        ),
        (
            Field("late", .int64),
            "table demo.events: column 'late' is BOOLEAN, the rows have integer; convert it in the pipeline, or declare the column with the rows' type"
        ),
        (
            Field("ID", .string),
            "table demo.events: two fields of the rows go to column 'id'; names differ by more than case"
        ),
    ])
    func doesNotFit(_ field: Field, _ message: String) {
        let error = warehouseError {
            try WritePlan(table: .events, columns: Self.columns, schema: Schema([Field("id", .string), field]))
        }
        #expect(error?.code == .schemaMismatch)
        #expect(error?.description == message)
    }

    @Test(arguments: [
        (
            [Field("name", .string)],
            "table demo.events: column 'id' is REQUIRED and the rows do not have it; add the field to the rows, or make the column NULLABLE"
        ),
        (
            [Field("id", .null)],
            "table demo.events: column 'id' is STRING, the rows have null; the column is REQUIRED: give the field a value, or make the column NULLABLE"
        ),
    ])
    func requiredColumns(_ fields: [Field], _ message: String) {
        #expect(
            warehouseError { try WritePlan(table: .events, columns: Self.columns, schema: Schema(fields)) }?.description
                == message)
    }

    @Test(arguments: [
        (
            Field("x", .null),
            "table demo.events: the type of column 'x' is not known, its values are all null; declare the table with its columns in the workspace"
        ),
        (
            Field("x", .list(.list(.int64))),
            "table demo.events: column 'x' is list<list<integer>>, and a list in a list can't be stored; put the inner list into a row"
        ),
    ])
    func noTableCanBeMadeOf(_ field: Field, _ message: String) {
        #expect(warehouseError { try TableSchema(creating: Schema([field]), table: .events) }?.description == message)
    }

    @Test(
        arguments: [
            ("int64", .integer), ("INTEGER", .integer), ("Float64", .float), ("BOOL", .boolean), ("STRUCT", .record),
            ("STRING", .string),
            ("NUMERIC", nil), ("", nil),
        ] as [(String, ColumnType?)])
    func typeNames(_ name: String, _ type: ColumnType?) {
        #expect(ColumnType(name: name) == type)
    }
}
