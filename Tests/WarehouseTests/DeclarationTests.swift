import Columnar
import Foundation
import Pipes
import Testing

@testable import Warehouse

@Suite struct DeclarationTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func declaringAgainChangesNothing() async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(1, [(.events, twoRows(("a", 1)))])
        try await store.declareDemo(["events": twoColumns])
        #expect(store.metrics.tables.first?.rows == 1)
    }

    @Test func columnsAreAppendedAndRequirementsRelaxed() async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": [TableField(name: "name", type: .string, mode: .required)]])
        let names = Schema([Field("name", .string)])
        try await store.commit(1, [(.events, Batch(names, rows: [[.string("a")]]))])
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(2, [(.events, Batch(names, rows: [[.null]])), (.events, twoRows(("b", 2)))])
        #expect(
            try reader(folder).table("SELECT * FROM demo.events").rows
                == [[.text("a"), .null], [.null, .null], [.text("b"), .integer(2)]])
    }

    @Test(arguments: [
        (
            [TableField(name: "name", type: .string)],
            "table demo.events: column 2 is 'count', and the declaration has none"
        ),
        (
            [TableField(name: "count", type: .integer), TableField(name: "name", type: .string)],
            "table demo.events: column 1 is 'name', and the declaration has 'count'"
        ),
        (
            [TableField(name: "name", type: .bytes), TableField(name: "count", type: .integer)],
            "table demo.events: column 'name' is NULLABLE STRING, and the declaration has NULLABLE BYTES"
        ),
        (
            [TableField(name: "name", type: .string, mode: .required), TableField(name: "count", type: .integer)],
            "table demo.events: column 'name' is NULLABLE STRING, and the declaration has REQUIRED STRING"
        ),
        (
            twoColumns + [TableField(name: "new", type: .string, mode: .required)],
            "table demo.events: the new column 'new' is REQUIRED, and there are rows without it"
        ),
    ])
    func otherChangesAreRefused(_ fields: [TableField], _ message: String) async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(1, [(.events, twoRows(("a", 1)))])
        let error = await warehouseError { try await store.declareDemo(["events": fields]) }
        #expect(error?.code == .schemaMismatch)
        #expect(error?.message == message)
        try await store.commit(2, [(.events, twoRows(("b", 2)))])
    }

    @Test func namesDifferByMoreThanCase() async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        let error = await warehouseError { try await store.declareDemo(["Events": twoColumns]) }
        #expect(error?.code == .invalidDeclaration)
    }

    @Test func problemsNameTheirFields() {
        let table = TableResource(
            tableReference: .init(datasetId: "a-b", tableId: "x.y"),
            schema: TableSchema(fields: [
                TableField(name: "1st", type: .string),
                TableField(name: "a", type: .string, fields: [TableField(name: "b", type: .string)]),
                TableField(name: "A", type: .record),
            ]),
            externalDataConfiguration: ExternalDataConfiguration(
                sourceFormat: "csv", sourceUris: ["gs://bucket/file", "*.csv"],
                csvOptions: .init(skipLeadingRows: -1, fieldDelimiter: "||")))
        #expect(
            table.problems.map(\.path) == [
                "tableReference.datasetId", "tableReference.tableId", "schema.fields[0].name",
                "schema.fields[1].fields",
                "schema.fields[2].name", "schema.fields[2].fields", "externalDataConfiguration.sourceFormat",
                "externalDataConfiguration.sourceUris[0]", "externalDataConfiguration.sourceUris[1]",
                "externalDataConfiguration.csvOptions.skipLeadingRows",
                "externalDataConfiguration.csvOptions.fieldDelimiter",
                "schema.fields[2]",
            ])
        #expect(DatasetResource(datasetReference: .init(datasetId: "mta_updates")).problems.isEmpty)
    }

    @Test func schemasAreReadFromRESTResources() throws {
        let json = """
            {"name": "x", "type": "int64", "mode": "REQUIRED", "description": "how many"}
            """
        let field = try JSONDecoder().decode(TableField.self, from: Data(json.utf8))
        #expect(field == TableField(name: "x", type: .integer, mode: .required, description: "how many"))
        let dataset = try JSONDecoder().decode(
            DatasetResource.self, from: Data("{\"datasetReference\": {\"datasetId\": \"d\"}}".utf8))
        #expect(dataset == DatasetResource(datasetReference: .init(datasetId: "d")))
        let table = """
            {"tableReference": {"datasetId": "d", "tableId": "t"}, "schema": {"fields": [{"name": "a", "type": "BOOL"}]},
             "externalDataConfiguration": {"sourceFormat": "CSV", "sourceUris": ["a.csv"]}}
            """
        #expect(
            try JSONDecoder().decode(TableResource.self, from: Data(table.utf8))
                == TableResource(
                    tableReference: .init(datasetId: "d", tableId: "t"),
                    schema: TableSchema(fields: [TableField(name: "a", type: .boolean)]),
                    externalDataConfiguration: ExternalDataConfiguration(sourceUris: ["a.csv"])))
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(TableField.self, from: Data("{\"name\": \"x\", \"type\": \"INTT\"}".utf8))
        }
    }
}

@Suite struct ExternalTableTests {
    static let stops = TableName(dataset: "demo", table: "stops")
    let folder: TemporaryFolder
    let files: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        files = try TemporaryFolder()
    }

    private func store() throws -> WarehouseStore {
        try openStore(folder, options: WarehouseOptions(sourceFolder: files.path))
    }

    private func declare(_ store: WarehouseStore, skip: Int = 1, uris: [String] = ["stops.csv"]) async throws {
        try await store.declare(
            datasets: [DatasetResource(datasetReference: .init(datasetId: "demo"))],
            tables: [
                TableResource(
                    tableReference: .init(datasetId: "demo", tableId: "stops"),
                    schema: TableSchema(fields: [
                        TableField(name: "stop_id", type: .string, mode: .required),
                        TableField(name: "stop_name", type: .string),
                        TableField(name: "stop_lat", type: .float), TableField(name: "opened", type: .timestamp),
                        TableField(name: "open", type: .boolean),
                    ]),
                    externalDataConfiguration: ExternalDataConfiguration(
                        sourceUris: uris, csvOptions: .init(skipLeadingRows: skip)))
            ])
    }

    private let heading = "stop_id,stop_name,stop_lat,opened,open\n"

    @Test func rowsAreThoseOfTheFile() async throws {
        try files.write(
            "stops.csv",
            "\u{feff}" + heading + "A02,\"Inwood, 207 St\",40.868072,1932-09-10,true\r\nA03,,,,\nA05,\"\",1e2,,0\n")
        let store = try store()
        try await declare(store)
        let time = try #require(TimestampText.parse("1932-09-10"))
        #expect(
            try reader(folder).table("SELECT * FROM demo.stops").rows == [
                [.text("A02"), .text("Inwood, 207 St"), .float(40.868072), .timestamp(time), .boolean(true)],
                [.text("A03"), .null, .null, .null, .null],
                [.text("A05"), .text(""), .float(100), .null, .boolean(false)],
            ])
        #expect(store.metrics.tables.first?.isExternal == true)
        #expect(store.metrics.tables.first?.rows == 3)
    }

    @Test func aChangedFileIsLoadedAgainAndAnUnchangedOneIsNot() async throws {
        try files.write("stops.csv", heading + "A,a,,,\n")
        let store = try store()
        try await declare(store)
        let version = await store.version(of: Self.stops)
        #expect(try await store.refreshExternalTables() == [])
        // Touched, but the same.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: files.file("stops.csv"))
        #expect(try await store.refreshExternalTables() == [])
        #expect(await store.version(of: Self.stops) == version)

        try files.write("stops.csv", heading + "B,b,,,\nC,c,,,\n")
        #expect(try await store.refreshExternalTables() == [Self.stops])
        #expect(await store.version(of: Self.stops) > version)
        #expect(try reader(folder).table("SELECT stop_id FROM demo.stops").rows == [[.text("B")], [.text("C")]])
        try await store.close()

        let again = try self.store()
        #expect(try await again.refreshExternalTables() == [])
        #expect(again.metrics.tables.first?.rows == 2)
    }

    @Test func aWrongFileLeavesTheEarlierRows() async throws {
        try files.write("stops.csv", heading + "A,a,,,\n")
        let store = try store()
        try await declare(store)
        try files.write("stops.csv", heading + "A,a,1,,\nB,b\n")
        let error = await warehouseError { try await store.refreshExternalTables() }
        #expect(error?.code == .externalData)
        #expect(
            error?.message == "\(files.file("stops.csv")):3: the line has 2 fields, the table demo.stops has 5 columns")
        #expect(store.metrics.tables.first?.rows == 1)
    }

    @Test(arguments: [
        ("A,a,x,,\n", ":2: column 'stop_lat' is FLOAT, and 'x' is none"),
        ("A,a,1,soon,\n", ":2: column 'opened' is TIMESTAMP, and 'soon' is none"),
        ("A,a,1,,maybe\n", ":2: column 'open' is BOOLEAN, and 'maybe' is none"),
        ("A,a,1,,\n,a,1,,\n", ":3: column 'stop_id' is REQUIRED, but the field is empty"),
        ("A,\"a\nb\"c,1,,\n", ":3: text follows a closing quote; quotes inside a quoted field are doubled"),
        ("A,\"a\n", ":2: a quote is opened and never closed"),
    ])
    func mistakesHaveALine(_ rows: String, _ message: String) async throws {
        try files.write("stops.csv", heading + rows)
        let store = try store()
        let error = await warehouseError { try await declare(store) }
        #expect(error?.code == .externalData)
        #expect(error?.message.hasSuffix("stops.csv" + message) == true)
    }

    @Test func aHeadingInAnotherOrderIsNoticed() async throws {
        try files.write("stops.csv", "stop_name,stop_id,stop_lat,opened,open\n")
        let store = try store()
        let error = await warehouseError { try await declare(store) }
        #expect(error?.message.contains("stops.csv:1: the heading is stop_name,stop_id") == true)
    }

    @Test func severalFilesAreOneTable() async throws {
        try files.write("a.csv", heading + "A,,,,\n")
        try files.write("b.csv", heading + "B,,,,\n")
        let store = try store()
        try await declare(store, uris: ["b.csv", "file://" + files.file("a.csv")])
        #expect(try reader(folder).table("SELECT stop_id FROM demo.stops").rows == [[.text("B")], [.text("A")]])
    }

    @Test func otherOptionsReadTheSameFileAgain() async throws {
        try files.write("stops.csv", heading + "A,,,,\nB,,,,\n")
        let store = try store()
        try await declare(store)
        #expect(store.metrics.tables.first?.rows == 2)
        try await declare(store, skip: 2)
        #expect(store.metrics.tables.first?.rows == 1)
    }

    @Test func pipelinesDoNotWriteToIt() async throws {
        try files.write("stops.csv", heading)
        let store = try store()
        try await declare(store)
        let schema = Schema([Field("stop_id", .string)])
        let error = await warehouseError { try await store.prepare(Self.stops, for: schema, creating: true) }
        #expect(error?.message == "table demo.stops can't be written: its rows are those of stops.csv")
        #expect(await warehouseError { try await store.truncate(Self.stops) }?.code == .schemaMismatch)
    }

    @Test func aMissingFileIsNamed() async throws {
        let store = try store()
        let error = await warehouseError { try await declare(store) }
        #expect(error?.message == "table demo.stops: the file \(files.file("stops.csv")) is not there or can't be read")
        #expect(error?.remedy.contains(files.path) == true)
    }

    @Test func anOrdinaryTableDoesNotBecomeExternal() async throws {
        let store = try store()
        try await store.declareDemo(["stops": twoColumns])
        let error = await warehouseError { try await declare(store) }
        #expect(error?.code == .schemaMismatch)
    }
}
