/// The full name of a topic, subscription, snapshot or schema: `projects/P/topics/T`.
public struct ResourceName: Sendable, Hashable, CustomStringConvertible {
    /// What kind of resource a name is of.
    public enum Collection: String, Sendable, Hashable {
        /// A topic.
        case topics
        /// A subscription.
        case subscriptions
        /// A snapshot.
        case snapshots
        /// A schema.
        case schemas
    }

    /// Where a subscription's topic was.
    public static let deletedTopic = "_deleted-topic_"

    /// The project's id.
    public let project: String
    /// What it is.
    public let collection: Collection
    /// The name without the project.
    public let id: String

    /// Reads a full name or, in `project`, a short one. Checks the name's form, not whether it may be given to
    /// something new: see `check()`.
    public init(_ text: String, in collection: Collection, project: String) throws(PubSubError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1 where !text.isEmpty:
            self.project = project
            id = text
        case 4
        where parts[0] == "projects" && parts[2] == collection.rawValue && !parts[1].isEmpty && !parts[3].isEmpty:
            self.project = parts[1]
            id = parts[3]
        default: throw ResourceName.invalid(text)
        }
        self.collection = collection
    }

    /// The full name.
    public var description: String { "projects/\(project)/\(collection.rawValue)/\(id)" }

    /// Whether something new may bear the name: a letter, then letters, digits and `-_.~+%`, 3 to 255 characters, not
    /// starting with `goog` (Pub/Sub documentation, "Resource names").
    public func check() throws(PubSubError) {
        let allowed = id.utf8.allSatisfy { byte in
            ResourceName.isLetter(byte) || (48...57).contains(byte) || ResourceName.marks.contains(byte)
        }
        guard (3...255).contains(id.utf8.count), let first = id.utf8.first, ResourceName.isLetter(first), allowed,
            !id.hasPrefix("goog")
        else { throw ResourceName.invalid(description) }
    }

    private static let marks = Set("-_.~+%".utf8)

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }

    private static func invalid(_ name: String) -> PubSubError {
        PubSubError(
            .invalidArgument,
            "Invalid resource name given (name=\(name)). Refer to "
                + "https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names for more information: "
                + "an id has 3 to 255 letters, digits and -_.~+%, the first a letter, and does not start with goog.")
    }
}

extension PubSubError {
    /// There is no `name`; `others` are the names that there are.
    static func notFound(_ name: ResourceName, among others: some Sequence<String>) -> PubSubError {
        var message = "Resource not found (resource=\(name.id))."
        let nearest = others.map { ($0, editDistance(name.id, $0)) }.min { ($0.1, $0.0) < ($1.1, $1.0) }
        if let (other, distance) = nearest, distance <= max(2, name.id.count / 3) {
            message += " Did you mean \(other)?"
        } else {
            message += " Create \(name) first."
        }
        return PubSubError(.notFound, message)
    }

    static func alreadyExists(_ name: ResourceName) -> PubSubError {
        PubSubError(.alreadyExists, "Resource already exists in the project (resource=\(name.id)).")
    }
}

/// How many letters must be put in, taken out or changed to make one word of the other.
private func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            let replaced = diagonal + (x == y ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[b.count]
}
