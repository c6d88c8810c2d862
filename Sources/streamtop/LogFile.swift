import Control
import Foundation
import Logging
import Synchronization
import Time

/// The log in the data folder: every event at or above the chosen level, a line each. Starts anew beyond 8 MiB, keeping
/// one old file.
final class LogFile: Sendable {
    private static let limit = 8 << 20

    private let file: Mutex<FileHandle?>
    private let least: Logger.Level

    init(folder: URL, level: Logger.Level) {
        let url = folder.appendingPathComponent("streamtop.log")
        let manager = FileManager.default
        if let size = try? manager.attributesOfItem(atPath: url.path)[.size] as? Int, size > Self.limit {
            let old = folder.appendingPathComponent("streamtop.log.1")
            try? manager.removeItem(at: old)
            try? manager.moveItem(at: url, to: old)
        }
        if !manager.fileExists(atPath: url.path) { _ = manager.createFile(atPath: url.path, contents: nil) }
        let handle = FileHandle(forWritingAtPath: url.path)
        _ = try? handle?.seekToEnd()
        file = Mutex(handle)
        least = level
    }

    func write(_ event: Control.LogEvent) {
        guard Self.level(of: event) >= least else { return }
        let line = "\(event.time.rfc3339) \(event.level.rawValue) \(event.source): \(event.message)\n"
        // A log that cannot be written must not stop what it tells of.
        file.withLock { _ = try? $0?.write(contentsOf: Data(line.utf8)) }
    }

    static func level(of event: Control.LogEvent) -> Logger.Level {
        switch event.level {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
