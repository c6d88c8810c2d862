import Foundation
public import Jinja
public import Time

/// What the templates of pipeline files are given.
public struct TemplateSettings: Sendable {
    /// The variables, as of `--jinja_variables`.
    public var variables: [TemplateValue.Entry]
    /// The time of `datetime.datetime.now()`; nil: templates have no `datetime`.
    public var clock: (any WallClock)?

    /// Settings; with no arguments no variables, and no `datetime`.
    public init(variables: [TemplateValue.Entry] = [], clock: (any WallClock)? = nil) {
        self.variables = variables
        self.clock = clock
    }

    /// Renders templates for a file: what they include is looked up from the present folder, and from the file's own.
    func environment(for file: String) -> TemplateEnvironment {
        let clock = clock.map { clock in
            TemplateClock(
                now: { clock.now.micros },
                offset: { TimeZone.current.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval($0))) })
        }
        let folder = (file as NSString).deletingLastPathComponent
        return TemplateEnvironment(loader: TemplateFiles(folder: folder.isEmpty ? "." : folder), clock: clock)
    }
}

/// The files that templates include.
private struct TemplateFiles: TemplateLoader {
    let folder: String
    private static let mostBytes = 4 << 20

    func template(named name: String) throws -> TemplateText? {
        if let scheme = name.range(of: "://") {
            guard name[..<scheme.lowerBound] == "file" else {
                throw FileProblem(description: "only files of this machine can be read")
            }
            return try read(String(name[scheme.upperBound...]))
        }
        if let text = try read(name) { return text }
        return name.hasPrefix("/") ? nil : try read((folder as NSString).appendingPathComponent(name))
    }

    private func read(_ path: String) throws -> TemplateText? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            return nil
        }
        guard let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size <= Self.mostBytes,
            let data = FileManager.default.contents(atPath: path)
        else { throw FileProblem(description: "it is not a text file of at most \(Self.mostBytes >> 20) MB") }
        let (text, firstLine) = LeadingComments.strip(String(decoding: data, as: UTF8.self))
        return TemplateText(text, file: path, firstLine: firstLine)
    }
}

/// Why a file cannot be read.
struct FileProblem: Error, CustomStringConvertible {
    var description: String
}

/// The comments at the top of a file, which Beam takes away before Jinja sees them.
enum LeadingComments {
    static func strip(_ text: String) -> (text: String, firstLine: Int) {
        var rest = text[...]
        var line = 1
        while !rest.isEmpty {
            let end = rest.firstIndex(where: \.isNewline).map { rest.index(after: $0) } ?? rest.endIndex
            let content = rest[..<end].drop(while: \.isWhitespace)
            guard content.isEmpty || content.first == "#" else { break }
            rest = rest[end...]
            line += 1
        }
        return (String(rest), line)
    }
}
