/// What keeps a template from running away.
enum Limits {
    /// Lists in lists, expressions in expressions, calls in calls.
    static let nesting = 400
    /// Templates that include each other.
    static let includes = 40
    /// The rendered text, and every text on the way to it.
    static let textBytes = 16 << 20
    /// Rounds of all loops together, and items that a function gives.
    static let steps = 1_000_000
    /// Terms of one expression without parentheses, such as `a + b + …`.
    static let terms = 300

    static let tooLong = Failure(
        .limit, "the text grows beyond \(textBytes >> 20) MB",
        suggestion: "a template that gives so much is not a pipeline file")
    static let tooManySteps = Failure(
        .limit, "the template takes more than \(steps) steps", suggestion: "make its loops and ranges smaller")
}
