import Control
import Time
import Warehouse

/// Keeps external tables as their files are while a workspace runs: BigQuery reads such files with every query.
struct ExternalTableWatch: Sendable {
    let warehouse: WarehouseStore
    let log: EventLog
    /// Real time, as the files have it.
    let clock: any WallClock

    /// How often the files are looked at.
    static let period = Duration.seconds(2)

    /// Until cancelled. A file that cannot be read leaves its table as it was, and is told once.
    func run() async throws {
        var told = ""
        while true {
            try await clock.sleep(for: Self.period)
            do {
                try await warehouse.refreshExternalTables()
                told = ""
            } catch let error as CancellationError {
                throw error
            } catch {
                if told != "\(error)" { log.add(.warning, "warehouse", "\(error)") }
                told = "\(error)"
            }
        }
    }
}
