/// What a feed answers to one poll.
public enum FeedAnswer: Sendable, Hashable {
    /// A GTFS-realtime message, or what a recording has in its place.
    case feed([UInt8])
    /// There is nothing that has not been served: HTTP's 304.
    case nothingNew
}

/// Where a `FeedServer` gets its answers.
public protocol FeedSource: Sendable {
    /// Answers a poll. Two polls with the same key are one poll and its repetition: they get the same answer if the
    /// source has a memory. Throws what the client should read as the reason of a status 500.
    func answer(toPoll key: String?) async throws -> FeedAnswer
}
