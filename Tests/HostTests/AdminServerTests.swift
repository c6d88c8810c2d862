import Control
import Foundation
import Logging
import Pipes
import Synchronization
import Testing
import Time

@testable import Host

private final class Target: AdminTarget {
    let commands = Mutex<[Command]>([])

    func snapshot() async -> Snapshot {
        Snapshot(
            takenAt: Timestamp(seconds: 100), startedAt: Timestamp(seconds: 40), version: "9", workspace: "w",
            dataFolder: "d",
            isTriggered: false, process: ProcessFigures(pid: 1))
    }

    func perform(_ command: Command) async -> CommandAnswer {
        commands.withLock { $0.append(command) }
        return .done("so be it")
    }
}

@Suite struct AdminServerTests {
    /// Serves while `body` runs, which gets the folder and the TCP address.
    private func serve(_ target: Target, _ body: @escaping @Sendable (URL, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (ready, opened) = AsyncStream<String>.makeStream()
        let server = AdminServer(
            target: target, folder: folder, listen: AdminServer.Address("127.0.0.1:0"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { opened.yield($0) } }
            var addresses: [String] = []
            for await address in ready {
                addresses.append(address)
                if addresses.count == 2 { break }
            }
            try await body(folder, addresses.first { $0.hasPrefix("http") } ?? "")
            group.cancelAll()
        }
    }

    @Test func theSocketGivesSnapshotsAndTakesCommands() async throws {
        let target = Target()
        try await serve(target) { folder, _ in
            let client = AdminClient(folder: folder)
            let json = try await client.snapshot(openMetrics: false)
            #expect(try Snapshot(json: Data(json)).version == "9")
            let text = String(decoding: try await client.snapshot(openMetrics: true), as: UTF8.self)
            #expect(text.contains("streamtop_uptime_seconds 60\n"))
            #expect(try await client.perform(.runJob(name: "j")) == .done("so be it"))
        }
        #expect(target.commands.withLock { $0 } == [.runJob(name: "j")])
    }

    @Test func overTCPThereAreFiguresButNoCommands() async throws {
        let target = Target()
        try await serve(target) { _, address in
            let http = OutboundHTTP()
            let metrics = try await http.send(HTTPRequest(url: "\(address)/metrics"), timeout: .seconds(10))
            #expect(metrics.status == 200)
            #expect(metrics.header("content-type") == Snapshot.openMetricsContentType)
            let body = Array(#"{"shutDown":{}}"#.utf8)
            let command = try await http.send(
                HTTPRequest(method: "POST", url: "\(address)/v1/commands", body: body), timeout: .seconds(10))
            #expect(command.status == 403)
            await http.close()
        }
        #expect(target.commands.withLock { $0 }.isEmpty)
    }

    @Test func withoutAnInstanceTheClientSaysWhatToDo() async {
        await #expect {
            try await AdminClient(folder: URL(fileURLWithPath: "/nowhere")).snapshot(openMetrics: false)
        } throws: { "\($0)".contains("no streamtop runs on /nowhere") && "\($0)".contains("--data DIR") }
    }

    @Test(arguments: [
        ("9090", "127.0.0.1:9090"), ("0.0.0.0:80", "0.0.0.0:80"), ("[::1]:7", "[::1]:7"),
        ("localhost:0", "localhost:0"),
    ])
    func addressesAreReadWithLoopbackAsDefault(_ text: String, _ expected: String) {
        #expect(AdminServer.Address(text)?.description == expected)
    }

    @Test(arguments: [
        ("9090", true), ("127.0.0.2:80", true), ("[::1]:7", true), ("localhost:0", true), ("0.0.0.0:80", false),
        ("[::]:7", false), ("streams.example:80", false),
    ])
    func anAddressTellsWhetherOnlyThisMachineReachesIt(_ text: String, _ expected: Bool) {
        #expect(AdminServer.Address(text)?.isLoopback == expected)
    }

    @Test(arguments: ["", "host", "host:", ":80", "host:99999", "host:-1"])
    func whatIsNoAddressIsRefused(_ text: String) {
        #expect(AdminServer.Address(text) == nil)
    }
}
