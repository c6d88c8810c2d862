import Control
import Foundation
import Host
import Logging
import Synchronization
import Telemetry
import Time

/// Headless mode's lines on standard error.
final class Progress: Sendable {
    /// The time between two lines, real time.
    private static let period = Duration.seconds(1)

    private let start = ContinuousClock.now
    private let last = Mutex<Snapshot?>(nil)

    func ready(_ addresses: [String], _ folder: String) {
        say("data in \(folder)")
        say("admin socket \(addresses.first { !$0.hasPrefix("http") } ?? "-")")
        for address in addresses where address.hasPrefix("http") { say("metrics on \(address)/metrics") }
    }

    func event(_ event: Control.LogEvent, least: Logger.Level) {
        guard LogFile.level(of: event) >= least else { return }
        say("\(event.time.rfc3339) \(event.level.rawValue) \(event.source): \(event.message)")
    }

    /// A line a second, until cancelled.
    func follow(_ host: StackHost, _ session: HostSession) async throws {
        while true {
            do {
                try await Task.sleep(for: Self.period)
            } catch {
                return
            }
            let snapshot = await host.snapshot()
            last.withLock { $0 = snapshot }
            say(line(snapshot, replay: await session.replayProgress()))
        }
    }

    func done() {
        let seconds = start.duration(to: .now).inSeconds
        say("done after \((seconds * 100).rounded() / 100) s")
    }

    private func line(_ snapshot: Snapshot, replay: (served: Int, count: Int)?) -> String {
        let written = snapshot.tables.filter { !$0.isExternal }
        let rows = written.map { "\($0.name) \($0.rows)" }.joined(separator: ", ")
        let backlog = snapshot.pipelines.reduce(0) { $0 + $1.backlogMessages }
        let depth = snapshot.queues.reduce(0) { $0 + $1.depth }
        var parts = ["\(snapshot.takenAt.rfc3339)", "rows: \(rows)", "backlog \(backlog) messages", "queued \(depth) tasks"]
        if let freshness = snapshot.freshness { parts.append("freshness p99 \(Int((freshness.p99 * 1000).rounded())) ms") }
        if let replay { parts.append("recordings \(replay.served)/\(replay.count)") }
        if !snapshot.isTriggered { parts.append("all triggers are paused") }
        return parts.joined(separator: "  ")
    }

    private func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
