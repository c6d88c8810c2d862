extension APIError {
    /// Ids in one answer: they travel in its trailers, of which a client that sets no limit of its own reads 8 kB.
    static let maximumFailures = 75

    /// Which acknowledgements or deadlines did not count under exactly-once delivery: the error's info has each such id
    /// with why, and what has no entry there is done (Pub/Sub documentation, "Exactly-once delivery").
    ///
    /// INVALID_ARGUMENT when none counted and none will, as the service says. When others of the request are done it is
    /// ABORTED: Google's libraries for Python and Go take every id without an entry for failed for good, unless the code
    /// is one that they try again after, and only then learn that it counted.
    ///
    /// More may have failed than a client reads, above all when its leases have ended with an earlier process. Then the
    /// entries are for those that are to be sent again, and INVALID_ARGUMENT has the libraries give up the others at
    /// once: with ABORTED they would send all of them again and again, at growing intervals, in which new messages wait.
    init(exactlyOnce outcome: Acknowledgements.Outcome, of subscription: String, isExtension: Bool = false) {
        // The last first: an extension's message that has an entry is dropped, one that has none is still worked on,
        // and of a key no later one may be worked on without the earlier.
        let stale = Set(outcome.invalid).sorted(by: >)
        let room = APIError.maximumFailures
        let fits = stale.count + outcome.unordered.count <= room
        let isFinal: Bool
        var failures: [String: String] = [:]
        func name(_ ids: some Sequence<String>, _ failure: String) {
            for id in ids where failures.count < room { failures[id] = failure }
        }
        if fits || stale.isEmpty {
            isFinal = outcome.accepted.isEmpty && outcome.unordered.isEmpty
        } else if outcome.accepted.count + outcome.unordered.count <= room {
            isFinal = true
            name(outcome.unordered, Failure.unordered)
            name(outcome.accepted, Failure.again)
        } else {
            // What has been extended need not be told so.
            isFinal = isExtension
        }
        name(stale, Failure.invalid)
        name(outcome.unordered, Failure.unordered)
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

    /// Why an id did not count, as Google's libraries know it.
    private enum Failure {
        static let invalid = "PERMANENT_FAILURE_INVALID_ACK_ID"
        static let unordered = "TRANSIENT_FAILURE_UNORDERED_ACK_ID"
        /// It is done; there is no room to say of the others that they are not.
        static let again = "TRANSIENT_FAILURE_OTHER"
    }
}
