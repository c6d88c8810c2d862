import Control
import Foundation
import Logging
import Testing
import Time
import Warehouse

@testable import Host

@Suite(.timeLimit(.minutes(1))) struct ExternalTableWatchTests {
    private let stops = TableResource(
        tableReference: .init(datasetId: "demo", tableId: "stops"),
        schema: TableSchema(fields: [
            TableField(name: "stop_id", type: .string), TableField(name: "lat", type: .float),
        ]),
        externalDataConfiguration: ExternalDataConfiguration(
            sourceUris: ["stops.csv"], csvOptions: .init(skipLeadingRows: 1)))

    @Test func aFileThatChangesIsReadAgainAndOneThatIsWrongIsToldOnce() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func write(_ rows: String) throws {
            try Data("stop_id,lat\n\(rows)".utf8).write(to: folder.appendingPathComponent("stops.csv"))
        }
        try write("A,1\n")
        let clock = ManualClock(now: Timestamp(seconds: 1_700_000_000))
        let store = try WarehouseStore(
            folder: folder.appendingPathComponent("data").path, options: WarehouseOptions(sourceFolder: folder.path),
            clock: clock, logger: Logger(label: "test"))
        try await store.declare(
            datasets: [DatasetResource(datasetReference: .init(datasetId: "demo"))], tables: [stops])
        let log = EventLog(clock: clock)
        let watch = Task { try await ExternalTableWatch(warehouse: store, log: log, clock: clock).run() }
        func look(until condition: () -> Bool) async {
            while !condition() {
                clock.advance(by: ExternalTableWatch.period)
                await Task.yield()
            }
        }

        try write("A,1\nB,2\n")
        await look { store.metrics.tables.first?.rows == 2 }
        try write("A,1\nB\n")
        await look { !log.recent.isEmpty }
        try write("A,1\nB,2\nC,3\n")
        await look { store.metrics.tables.first?.rows == 3 }
        #expect(log.recent.map(\.level) == [.warning])
        #expect(log.recent.first?.message.contains("stops.csv:3: the line has 1 field") == true)
        watch.cancel()
        _ = await watch.result
        try await store.close()
    }
}
