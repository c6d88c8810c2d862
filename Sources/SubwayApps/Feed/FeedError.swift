/// Why an answer of a feed is not taken.
struct FeedError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, for decisions; `message` is for the person.
    enum Code: Sendable, Hashable {
        case empty, tooLarge, malformed, incomplete
    }

    var code: Code
    var message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    var description: String { message }
}
