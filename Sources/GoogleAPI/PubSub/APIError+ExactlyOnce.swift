extension APIError {
    /// Ids in one answer: they travel in its trailers, of which a client that sets no limit of its own reads 8 kB.
    private static let maximumFailures = 75

    /// Which acknowledgements or deadlines did not count under exactly-once delivery: the error's info has each such id
    /// with why, and what has no entry there is done (Pub/Sub documentation, "Exactly-once delivery").
    ///
    /// INVALID_ARGUMENT when none counted and none will, as the service says. When others of the request are done it is
    /// ABORTED: Google's libraries for Python and Go take every id without an entry for failed for good, unless the code
    /// is one that they try again after, and only then learn that it counted. So it is, too, when more failed than a
    /// client reads: the others are told when they are tried again.
    init(exactlyOnce outcome: Acknowledgements.Outcome, of subscription: String) {
        var failures: [String: String] = [:]
        for id in outcome.invalid.prefix(APIError.maximumFailures) { failures[id] = "PERMANENT_FAILURE_INVALID_ACK_ID" }
        for id in outcome.unordered.prefix(APIError.maximumFailures - failures.count) {
            failures[id] = "TRANSIENT_FAILURE_UNORDERED_ACK_ID"
        }
        let isFinal =
            outcome.accepted.isEmpty && outcome.unordered.isEmpty && failures.count >= Set(outcome.invalid).count
        let reason =
            outcome.invalid.isEmpty
            ? "were sent out of order: earlier messages of their ordering keys are not acknowledged yet."
            : "were invalid. This could be because the acknowledgement ids have expired or the acknowledgement ids were "
                + "malformed."
        self.init(
            isFinal ? .invalidArgument : .aborted,
            "\(subscription): Some acknowledgement ids in the request \(reason)",
            info: APIError.Info(reason: "EXACTLY_ONCE_ACKID_FAILURE", metadata: failures))
    }
}
