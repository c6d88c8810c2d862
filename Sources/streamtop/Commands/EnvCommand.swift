import ArgumentParser
import Control
import Foundation
import Host

/// `streamtop env`: what points Pub/Sub's clients at a running instance.
struct EnvCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "Print the environment variables that point Pub/Sub's clients at a running instance.",
        discussion: "In a shell: eval \"$(streamtop env)\"")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let folder = try DataFolder.existing(chosen: common.data)
        let bytes = try await AdminClient(folder: folder).snapshot(openMetrics: false)
        guard let door = try Snapshot(json: Data(bytes)).pubsub else {
            throw HostError(
                .listen, "the streamtop on \(folder.path) serves no Pub/Sub clients",
                remedy: "start it without --pubsub-listen off")
        }
        try Console.write(Data((door.shellExports.joined(separator: "\n") + "\n").utf8))
    }
}
