import Time

/// What declarations of topics and subscriptions have in common to be checked.
enum DeclarationRules {
    /// 10 minutes to 31 days (`google.pubsub.v1`, `message_retention_duration`).
    static func check(retention: Duration, of resource: ResourceName) throws(PubSubError) {
        guard (Duration.seconds(600) ... .seconds(31 * 86_400)).contains(retention) else {
            throw PubSubError(
                .invalidArgument,
                "\(resource): messageRetentionDuration is \(retention.secondsText); "
                    + "it must be between 600s (10 minutes) and 2678400s (31 days).")
        }
    }

    /// At most 64 labels; keys and values of at most 63 lower-case letters, digits, `_` and `-`, a key starting with a
    /// letter (Resource Manager documentation, "Requirements for labels").
    static func check(labels: [String: String], of resource: ResourceName) throws(PubSubError) {
        guard labels.count <= 64 else {
            throw PubSubError(.invalidArgument, "\(resource): it has \(labels.count) labels; 64 are allowed.")
        }
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            guard let first = key.first, first.isLetter, isAllowed(key), isAllowed(value) else {
                throw PubSubError(
                    .invalidArgument,
                    "\(resource): label '\(key)': '\(value)' is not allowed; "
                        + "use at most 63 lower-case letters, digits, '_' and '-', the key starting with a letter.")
            }
        }
    }

    private static func isAllowed(_ text: String) -> Bool {
        text.count <= 63
            && text.allSatisfy { letter in
                letter == "_" || letter == "-" || letter.isNumber || (letter.isLetter && !letter.isUppercase)
            }
    }
}
