import Control
import Foundation
import Time

/// Reads the process's own use of processor and memory from `/proc/self`.
struct ProcessProbe {
    private var last: (time: ContinuousClock.Instant, ticks: Int64)?
    private let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
    private let pageBytes = Int64(sysconf(Int32(_SC_PAGESIZE)))

    /// The figures now; the share of a core is that since the reading before, nil at the first.
    mutating func read() -> ProcessFigures {
        // Real time: the processor knows no other.
        let now = ContinuousClock.now
        guard let fields = Self.statFields(), fields.count > 21, let user = Int64(fields[11]),
            let system = Int64(fields[12])
        else { return ProcessFigures(pid: getpid()) }
        let ticks = user + system
        var cpu: Double?
        if let last, now > last.time {
            cpu = Double(ticks - last.ticks) / ticksPerSecond / last.time.duration(to: now).inSeconds
        }
        last = (now, ticks)
        return ProcessFigures(
            pid: getpid(), cpu: cpu, residentBytes: Int64(fields[21]).map { $0 * pageBytes }, threads: Int(fields[17]))
    }

    /// The fields of `/proc/self/stat` after the command's name, which may hold spaces: state first.
    private static func statFields() -> [Substring]? {
        guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[text.index(after: end)...].split(separator: " ")
    }
}
