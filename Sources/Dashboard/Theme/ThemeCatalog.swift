import Terminal

/// The themes that there are: built in, and in folders of btop's `.theme` files.
///
/// The catalogue reads no disk itself: the wiring gives it two functions,
///
///     ThemeCatalog(
///         folders: ThemeCatalog.folders(environment: environment),
///         list: { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] },
///         read: { FileManager.default.contents(atPath: $0).map { String(decoding: $0, as: UTF8.self) } })
public struct ThemeCatalog: Sendable {
    private let folders: [String]
    private let list: @Sendable (String) -> [String]
    private let read: @Sendable (String) -> String?

    /// - Parameters:
    ///   - folders: earlier ones win.
    ///   - list: the names of a folder's files; empty when there is no such folder.
    ///   - read: a file's text; nil when it cannot be read.
    public init(
        folders: [String] = [], list: @escaping @Sendable (String) -> [String] = { _ in [] },
        read: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.folders = folders
        self.list = list
        self.read = read
    }

    /// Where themes lie: streamtop's own folder, then btop's, by the XDG base directories.
    public static func folders(environment: [String: String]) -> [String] {
        let home = environment["HOME"] ?? ""
        let config = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.config"
        return [
            config + "/streamtop/themes", config + "/btop/themes", "/usr/local/share/btop/themes",
            "/usr/share/btop/themes",
        ]
    }

    /// The names to choose from: the built-in ones, then the others by alphabet; each once.
    public func names() -> [String] {
        let builtIn = BuiltInThemes.all.map(\.name)
        let found = Set(folders.flatMap(list).compactMap(Self.stem)).subtracting(builtIn)
        return builtIn + found.sorted()
    }

    /// Finds a theme by path (anything with a `/`), file name or stem, and reads it.
    /// - Throws: `ThemeError` when there is none of that name or its file cannot be read.
    public func load(_ wanted: String) throws(ThemeError) -> LoadedTheme {
        if wanted.contains("/") {
            guard let text = read(wanted) else { throw ThemeError("the theme file \(wanted) cannot be read") }
            let file = wanted.split(separator: "/").last.map(String.init) ?? wanted
            return LoadedTheme(name: Self.stem(file) ?? file, text: text)
        }
        let name = Self.stem(wanted) ?? wanted
        if let theme = BuiltInThemes.all.first(where: { $0.name == name }) {
            return LoadedTheme(name: name, text: theme.text)
        }
        for folder in folders {
            if let text = read("\(folder)/\(name).theme") { return LoadedTheme(name: name, text: text) }
        }
        let known = names().joined(separator: ", ")
        throw ThemeError("there is no theme '\(wanted)'; there are \(known), and any .theme file by its path")
    }

    private static func stem(_ file: String) -> String? {
        file.hasSuffix(".theme") ? String(file.dropLast(6)) : nil
    }
}

/// A theme as read, with what was wrong in its file.
public struct LoadedTheme: Sendable, Hashable {
    /// With all gaps filled.
    public let theme: Theme
    /// Values that are no colours, one line each.
    public let warnings: [String]

    init(name: String, text: String) {
        let parsed = ThemeText(text)
        theme = Theme(name: name, text: parsed)
        warnings = parsed.warnings.map { "theme \(name), \($0)" }
    }
}

/// Why a theme cannot be had, in one line for the person.
public struct ThemeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, and what there is instead.
    public let description: String
    init(_ description: String) { self.description = description }
}
