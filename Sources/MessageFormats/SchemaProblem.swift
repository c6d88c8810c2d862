import Foundation

/// What is wrong with a definition, or with a message under it.
public struct SchemaProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// A step on the way to a part of a definition that is written as JSON or YAML.
    public enum Step: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    /// What is wrong, without its place.
    public var reason: String
    /// The line of a definition's text, from 1, where it is known.
    public var line: Int?
    /// The way from the definition's root, where it is known.
    public var path: [Step] = []

    /// `line 3: a type should stand here`
    public var description: String { (line.map { "line \($0): " } ?? "") + reason }

    /// A problem in words.
    public init(_ reason: String, line: Int? = nil) {
        self.reason = reason
        self.line = line
    }

    /// The same problem, found one step further down; with words before it.
    func below(_ step: Step, _ prefix: String = "") -> SchemaProblem {
        var result = self
        result.reason = prefix + reason
        result.path.insert(step, at: 0)
        return result
    }

    /// The same problem with words before it.
    func prefixed(_ prefix: String) -> SchemaProblem {
        var result = self
        result.reason = prefix + reason
        return result
    }

    /// What Foundation says of bad JSON, without its wrapping.
    static func reason(_ error: any Error) -> String {
        let text = ((error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String) ?? "\(error)"
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
