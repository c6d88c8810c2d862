import Dashboard
import Foundation

/// What a person keeps under `$XDG_CONFIG_HOME/streamtop`: `keys`, `theme`, and the folder `themes`.
struct Preferences: Sendable {
    private let folder: String
    private let themeFolders: [String]

    init(environment: [String: String]) {
        let config = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        folder = (config ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.config") + "/streamtop"
        themeFolders = ThemeCatalog.folders(environment: environment)
    }

    var catalog: ThemeCatalog {
        ThemeCatalog(
            folders: themeFolders,
            list: { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] },
            read: { FileManager.default.contents(atPath: $0).map { String(decoding: $0, as: UTF8.self) } })
    }

    /// The theme that was chosen last, or the standard one where that has gone: nobody asked for it today.
    func load(from catalog: ThemeCatalog) throws -> LoadedTheme {
        if let theme, let loaded = try? catalog.load(theme) { return loaded }
        return try catalog.load(Theme.standard.name)
    }

    private var theme: String? {
        text("theme").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The keys; throws `KeymapError` with the line when the file is wrong.
    func keymap() throws -> Keymap {
        guard let text = text("keys") else { return Keymap() }
        return try Keymap(text: text, file: folder + "/keys")
    }

    /// Remembers a theme. A folder that cannot be written costs the memory only.
    func keep(theme: String) {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try? Data((theme + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/theme"), options: .atomic)
    }

    private func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }
}
