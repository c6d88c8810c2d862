import Time

/// Why the last publish to a topic failed, and until when that counts: a value that decides and does nothing.
///
/// On a full disk a small message may fit where a large one did not, so that one success proves little. The topic is well
/// again when as much has been taken since as was refused, or when nothing has been refused for a minute.
struct PublishFailure: Sendable {
    /// What is told of it.
    let error: PubSubError
    /// Bytes that would have to fit.
    private var missing: Int
    private let time: Timestamp

    /// How long a refusal counts though smaller messages fit.
    static let patience = Duration.seconds(60)

    /// A publish of so many bytes has failed.
    init(_ error: PubSubError, bytes: Int, at time: Timestamp) {
        self.error = error
        self.time = time
        missing = bytes
    }

    /// A publish has succeeded; returns whether the failure still counts.
    mutating func stands(afterPublishing bytes: Int, at now: Timestamp) -> Bool {
        missing -= bytes
        return error.code == .resourceExhausted && missing > 0 && now < time + PublishFailure.patience
    }
}
