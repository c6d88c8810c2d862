import Foundation
import Testing

/// A pipeline file, and what was recorded of it.
struct Case: Sendable, CustomTestStringConvertible {
    /// The folder with cases, recordings and data.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    /// The file's name without its ending.
    var name: String
    var testDescription: String { name }

    /// The pipeline file.
    var file: URL { Self.folder.appending(path: "cases/\(name).yaml") }

    /// Every case that has been recorded.
    static let all: [Case] = {
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder.appending(path: "recordings"), includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "json" }
            .map { Case(name: $0.deletingPathExtension().lastPathComponent) }.sorted { $0.name < $1.name }
    }()

    /// The names of all pipeline files in the folder.
    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            at: folder.appending(path: "cases"), includingPropertiesForKeys: nil
        ).filter { $0.pathExtension == "yaml" }.map { $0.deletingPathExtension().lastPathComponent }.sorted()
    }

    /// What is refused so far though Beam runs it: `name: reason` in `unsupported.txt`.
    static let unsupported: [String: String] = {
        let text = try? String(contentsOf: folder.appending(path: "unsupported.txt"), encoding: .utf8)
        let pairs = (text ?? "").split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            line.firstIndex(of: ":").map {
                (String(line[..<$0]), line[line.index(after: $0)...].trimmingCharacters(in: .whitespaces))
            }
        }
        return Dictionary(pairs) { first, _ in first }
    }()

    /// What `# key: value` at the top of the file says.
    func header(_ key: String) throws -> String? {
        let text = try String(contentsOf: file, encoding: .utf8)
        for line in text.split(separator: "\n") {
            guard line.hasPrefix("#") else { return nil }
            let prefix = "# \(key): "
            if line.hasPrefix(prefix) { return String(line.dropFirst(prefix.count)) }
        }
        return nil
    }

    /// What has to come out: Beam's result, or what was decided against it.
    func expected() throws -> Outcome {
        let url = Self.folder.appending(path: "recordings/\(name).json")
        let recording = try JSONDecoder().decode(Recording.self, from: Data(contentsOf: url))
        let result = recording.deviation ?? recording.result
        if let reason = result.refused { return .refused(reason) }
        if let verdicts = result.tests { return .tests(verdicts) }
        return .rows(result.outputs ?? [:], files: result.files ?? [:])
    }
}

/// A file of `recordings/`.
private struct Recording: Decodable {
    struct Result: Decodable {
        var refused: String?
        var tests: [String: String]?
        var outputs: [String: [RecordedValue]]?
        var files: [String: [String]]?
    }

    /// Beam's, or that of an independent computation.
    var result: Result
    /// What is expected although Beam gives something else.
    var deviation: Result?

    private enum Key: CodingKey { case deviation }

    init(from decoder: any Decoder) throws {
        result = try Result(from: decoder)
        deviation = try decoder.container(keyedBy: Key.self).decodeIfPresent(Result.self, forKey: .deviation)
    }
}

/// What became of a case.
enum Outcome: Sendable {
    /// It was refused, or failed, or rejected rows that nobody takes.
    case refused(String)
    /// The verdicts of its tests.
    case tests([String: String])
    /// The rows of its outputs, and the lines of its files.
    case rows([String: [RecordedValue]], files: [String: [String]])
}
