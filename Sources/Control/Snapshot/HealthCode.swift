/// What is the matter with a topic or subscription, by the code that Google's clients get (`google.rpc.Code`).
public enum HealthCode: String, Sendable, Hashable, Codable, CaseIterable {
    /// The disk is full: publishing fails until there is room.
    case resourceExhausted = "RESOURCE_EXHAUSTED"
    /// Messages cannot be read any more.
    case dataLoss = "DATA_LOSS"
    /// The disk may not be written to, an endpoint does not answer, or something else is in the way.
    case unavailable = "UNAVAILABLE"
}
