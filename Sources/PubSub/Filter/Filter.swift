/// A condition on a message's attributes, in the language of Google's subscription filters (Pub/Sub documentation,
/// "Filter messages from a subscription"):
///
///     attributes:key                        the attribute is there
///     attributes.key = "value"              and has this value
///     attributes.key != "value"             has not this value, or is not there
///     hasPrefix(attributes.key, "value")    and starts so
///     … AND …    … OR …    NOT …    -…    ( … )
///
/// AND and OR together need parentheses. A key that is not made of letters, digits, `-` and `_` stands in quotes.
public struct Filter: Sendable, Hashable {
    indirect enum Condition: Sendable, Hashable {
        case present(String)
        case equal(String, String)
        case prefix(String, String)
        case not(Condition)
        case all([Condition])
        case any([Condition])

        func matches(_ attributes: [String: String]) -> Bool {
            switch self {
            case .present(let key): attributes[key] != nil
            case .equal(let key, let value): attributes[key] == value
            case .prefix(let key, let value): attributes[key]?.utf8.starts(with: value.utf8) ?? false
            case .not(let condition): !condition.matches(attributes)
            case .all(let conditions): conditions.allSatisfy { $0.matches(attributes) }
            case .any(let conditions): conditions.contains { $0.matches(attributes) }
            }
        }
    }

    /// The longest filter, in bytes.
    public static let maximumBytes = 256

    let condition: Condition

    /// Reads a filter; throws INVALID_ARGUMENT with the place and what was expected there.
    public init(_ text: String) throws(PubSubError) {
        guard text.utf8.count <= Filter.maximumBytes else {
            throw PubSubError(
                .invalidArgument, "The filter has \(text.utf8.count) bytes; \(Filter.maximumBytes) are allowed.")
        }
        var parser = FilterParser(text)
        condition = try parser.parse()
    }

    /// Reads a subscription's filter; nil when it is empty.
    init?(parsing text: String, of resource: ResourceName) throws(PubSubError) {
        if text.allSatisfy(\.isWhitespace) { return nil }
        do {
            try self.init(text)
        } catch {
            throw PubSubError(error.code, "\(resource): \(error.message)")
        }
    }

    /// Whether a message with these attributes passes.
    public func matches(_ attributes: [String: String]) -> Bool { condition.matches(attributes) }
}
