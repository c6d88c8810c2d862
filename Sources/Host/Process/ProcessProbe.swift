import Control
import Foundation
import Time

/// Reads the process's own use of processor and memory from the kernel.
struct ProcessProbe {
    /// The share of a core is that of the last two seconds: a single sample would jump between nothing and much.
    private static let span = Duration.seconds(2)

    private var readings: [(time: ContinuousClock.Instant, used: Double)] = []
    private let pageBytes = Int64(sysconf(Int32(_SC_PAGESIZE)))

    /// The figures now; the share of a core is nil at the first reading.
    mutating func read() -> ProcessFigures {
        // Real time: the processor knows no other.
        let now = ContinuousClock.now
        guard let fields = Self.statFields(), fields.count > 21, let used = Self.processorSeconds() else {
            return ProcessFigures(pid: getpid())
        }
        var cpu: Double?
        if let first = readings.first, now > first.time {
            cpu = (used - first.used) / first.time.duration(to: now).inSeconds
        }
        readings.append((now, used))
        while readings.count > 2, readings[1].time.duration(to: now) >= Self.span { readings.removeFirst() }
        return ProcessFigures(
            pid: getpid(), cpu: cpu, residentBytes: Int64(fields[21]).map { $0 * pageBytes }, threads: Int(fields[17]))
    }

    /// Seconds of processor time, of all threads; nil where the kernel does not tell.
    private static func processorSeconds() -> Double? {
        let microseconds = clock()  // POSIX fixes the unit.
        return microseconds == -1 ? nil : Double(microseconds) / 1e6
    }

    /// The fields of `/proc/self/stat` after the command's name, which may hold spaces: state first.
    private static func statFields() -> [Substring]? {
        guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[text.index(after: end)...].split(separator: " ")
    }
}
