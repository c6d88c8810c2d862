import Foundation
import Host

/// Where a workspace's data lives.
struct DataFolder {
    static let variable = "STREAMTOP_DATA"

    /// The folder for `workspace`, unless `chosen` (the flag) or `STREAMTOP_DATA` names another.
    static func url(chosen: String?, workspace: URL) -> URL {
        if let chosen = chosen ?? ProcessInfo.processInfo.environment[variable] { return URL(fileURLWithPath: chosen) }
        let path = workspace.standardizedFileURL.resolvingSymlinksInPath().path
        return home.appendingPathComponent(
            "\(workspace.standardizedFileURL.lastPathComponent)-\(String(fingerprint(path), radix: 36))")
    }

    /// The folder that a command without a workspace means: the flag's, the present folder's workspace's, or else the
    /// one that was used last.
    static func existing(chosen: String?) throws -> URL {
        let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        if chosen != nil || ProcessInfo.processInfo.environment[variable] != nil || Workspace.isOne(here) {
            return url(chosen: chosen, workspace: here)
        }
        let folders = (try? FileManager.default.contentsOfDirectory(at: home, includingPropertiesForKeys: nil)) ?? []
        let used = folders.compactMap { folder -> (URL, Date)? in
            let claim = folder.appendingPathComponent("streamtop.pid").path
            let modified = try? FileManager.default.attributesOfItem(atPath: claim)[.modificationDate] as? Date
            return modified.map { (folder, $0) }
        }
        guard let last = used.max(by: { $0.1 < $1.1 }) else {
            throw HostError(
                .dataFolder, "there is no data folder under \(home.path)",
                remedy: "run `streamtop WORKSPACE` first, or name one with --data DIR")
        }
        return last.0
    }

    private static var home: URL {
        let environment = ProcessInfo.processInfo.environment
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let base = state ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.local/state"
        return URL(fileURLWithPath: base).appendingPathComponent("streamtop")
    }

    /// FNV-1a: tells workspaces of one name apart.
    private static func fingerprint(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
