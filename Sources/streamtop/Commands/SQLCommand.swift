public import ArgumentParser
import Foundation
import Time
public import Warehouse

extension ResultFormat: ExpressibleByArgument {}

/// `streamtop sql`: queries the warehouse, running or not.
struct SQLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql", abstract: "Query the warehouse, whether streamtop runs or not.",
        discussion: "Tables are named dataset.table. The query may read, not write.")

    @Argument(help: ArgumentHelp("A SELECT statement.", valueName: "query"))
    var query: String

    @OptionGroup var common: CommonOptions

    @Option(help: "table, json (a row a line) or csv.")
    var format: ResultFormat = .table

    func run() async throws {
        let folder = try DataFolder.existing(chosen: common.data)
        let reader = try WarehouseReader(folder: folder.path, clock: SystemClock())
        let rows = try reader.query(query) { result in
            try format.write(result) { try Console.write(Data($0.utf8)) }
        }
        if format == .table {
            Console.say("\(rows) row\(rows == 1 ? "" : "s")")
        }
    }
}
