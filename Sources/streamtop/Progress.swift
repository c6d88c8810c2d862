import Control
import Foundation
import Host
import Logging
import Telemetry
import Time

/// Headless mode's lines on standard error.
final class Progress: Sendable {
    /// The time between two lines, real time.
    private static let period = Duration.seconds(1)

    private let start = ContinuousClock.now
    func ready(_ addresses: [String], _ folder: String) {
        say("data in \(folder)")
        say("admin socket \(addresses.first { $0.hasPrefix("/") } ?? "-")")
        for address in addresses where address.hasPrefix("http") { say("metrics on \(address)/metrics") }
        for exports in addresses where exports.hasPrefix("export") { say(exports) }
    }

    /// Says so when there is nothing left to replay: the run would else end without a reason.
    func replay(_ progress: (served: Int, count: Int)?, _ folder: String) {
        guard let progress, progress.served == progress.count else { return }
        say(
            "all \(count(progress.count, "recording")) were served in earlier runs on \(folder); "
                + "to replay them name a fresh folder with --data DIR")
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
            say(line(snapshot, replay: await session.replayProgress()))
        }
    }

    /// The last line: what became of it all.
    func done(_ last: Snapshot) {
        let seconds = (start.duration(to: .now).inSeconds * 100).rounded() / 100
        let succeeded = last.queues.reduce(0) { $0 + $1.succeeded }
        let dropped = last.queues.reduce(0) { $0 + $1.dropped }
        let left = last.queues.reduce(0) { $0 + $1.depth }
        var parts = ["\(count(succeeded, "task")) done"]
        if dropped > 0 { parts.append("\(dropped) given up") }
        if left > 0 { parts.append("\(left) left in queues") }
        let rejected = last.pipelines.reduce(0) { $0 + $1.rejected }
        if rejected > 0 { parts.append("\(count(rejected, "element")) rejected") }
        say("done after \(seconds) s; in all \((parts + rows(last)).joined(separator: ", "))")
    }

    private func rows(_ snapshot: Snapshot) -> [String] {
        snapshot.tables.filter { !$0.isExternal }.map { "\(count($0.rows, "row")) in \($0.dataset).\($0.name)" }
    }

    private func count(_ number: some BinaryInteger, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private func line(_ snapshot: Snapshot, replay: (served: Int, count: Int)?) -> String {
        let backlog = snapshot.pipelines.reduce(0) { $0 + $1.backlogMessages }
        let depth = snapshot.queues.reduce(0) { $0 + $1.depth }
        var parts = [snapshot.takenAt.rfc3339] + rows(snapshot)
        parts += ["backlog \(count(backlog, "message"))", "queued \(count(depth, "task"))"]
        if let freshness = snapshot.freshness {
            parts.append("freshness p99 \(Int((freshness.p99 * 1000).rounded())) ms")
        }
        if let replay { parts.append("\(replay.served) of \(count(replay.count, "recording")) served") }
        if !snapshot.isTriggered { parts.append("all triggers are paused") }
        return parts.joined(separator: "  ")
    }

    private func say(_ text: String) {
        Console.say(text)
    }
}
