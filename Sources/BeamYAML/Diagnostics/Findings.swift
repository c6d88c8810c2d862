import Spelling
import Yams

/// A place in a pipeline file, from 1.
struct Place: Hashable {
    var line: Int
    var column: Int
    /// What the text was made from; nil when it is the file itself.
    var origin: PlaceOrigin?

    init(line: Int, column: Int, origin: PlaceOrigin? = nil) {
        self.line = line
        self.column = column
        self.origin = origin
    }

    init(_ mark: Mark?, _ origin: PlaceOrigin? = nil) {
        self.init(line: mark?.line ?? 1, column: mark?.column ?? 1, origin: origin)
    }

    /// The place as a person finds it; the file is `file` unless the text came from another.
    func resolved(in file: String) -> WrittenPlace {
        origin?.resolve(self, file) ?? WrittenPlace(file: file, line: line, column: column)
    }
}

/// A place in a file as it was written.
struct WrittenPlace: Hashable {
    var file: String
    var line: Int
    var column: Int
}

/// Where the places of a text lead that was made from another: by a template, or out of a provider's body.
final class PlaceOrigin: Hashable {
    let resolve: (_ place: Place, _ file: String) -> WrittenPlace

    init(_ resolve: @escaping (_ place: Place, _ file: String) -> WrittenPlace) { self.resolve = resolve }

    static func == (a: PlaceOrigin, b: PlaceOrigin) -> Bool { a === b }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
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
        let written = place.resolved(in: file)
        report(
            Diagnostic(
                severity, file: written.file, line: written.line, column: written.column, message: message,
                suggestion: suggestion))
    }

    /// Adds what is known with its place.
    func report(_ diagnostic: Diagnostic) {
        if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
    }

    /// In the order of the file.
    var sorted: [Diagnostic] {
        diagnostics.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
    }
}
