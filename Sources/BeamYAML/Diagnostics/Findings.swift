import Spelling
import Yams

/// A place in a pipeline file, from 1.
struct Place: Hashable {
    var line: Int
    var column: Int

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    init(_ mark: Mark?) { self.init(line: mark?.line ?? 1, column: mark?.column ?? 1) }
}

/// Collects what is wrong with one file while it is compiled.
final class Findings {
    let file: String
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String) { self.file = file }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    func error(_ message: String, at place: Place, suggestion: String? = nil) {
        add(.error, message, place, suggestion)
    }

    func warning(_ message: String, at place: Place, suggestion: String? = nil) {
        add(.warning, message, place, suggestion)
    }

    func note(_ message: String, at place: Place) { add(.note, message, place, nil) }

    /// An error about a word that is none of `known`: names the nearest, or else all of them.
    func unknown(_ message: String, _ word: String, among known: [String], called noun: String? = nil, at place: Place)
    {
        error(message, at: place, suggestion: Self.suggestion(for: word, among: known, called: noun))
    }

    /// `did you mean 'X'?`, and with a noun, `fields are …`.
    static func suggestion(for word: String, among known: [String], called noun: String? = nil) -> String? {
        // One letter is near to every other.
        let near = Spelling.nearest(to: word, in: known).flatMap {
            word.count > 2 || $0.lowercased() == word.lowercased() ? "did you mean '\($0)'?" : nil
        }
        let all = noun.map { known.isEmpty ? "there are no \($0)" : "\($0) are \(known.joined(separator: ", "))" }
        let parts = [near, all].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private func add(_ severity: Diagnostic.Severity, _ message: String, _ place: Place, _ suggestion: String?) {
        let diagnostic = Diagnostic(
            severity, file: file, line: place.line, column: place.column, message: message, suggestion: suggestion)
        if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
    }

    /// In the order of the file.
    var sorted: [Diagnostic] {
        diagnostics.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
    }
}
