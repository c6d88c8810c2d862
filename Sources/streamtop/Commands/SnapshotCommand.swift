import ArgumentParser
import Foundation
import Host

/// `streamtop snapshot`: every figure of a running instance.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Write every figure of a running instance, asked through its admin socket.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case json, openmetrics }

    @OptionGroup var common: CommonOptions

    @Option(help: "json or openmetrics.")
    var format: Format = .json

    @Option(name: [.short, .long], help: ArgumentHelp("Where to write; - is standard output.", valueName: "file"))
    var output = "-"

    func run() async throws {
        let folder = try DataFolder.existing(chosen: common.data)
        let bytes = try await AdminClient(folder: folder).snapshot(openMetrics: format == .openmetrics)
        if output == "-" {
            try Console.write(Data(bytes + (bytes.last == 10 ? [] : [10])))
            return
        }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: output), options: .atomic)
        } catch {
            throw HostError(.output, "\(output): \(error.systemReason)", remedy: "choose another file with -o FILE")
        }
    }
}
