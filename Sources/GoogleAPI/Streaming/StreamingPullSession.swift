import PubSub
import Time

/// One StreamingPull stream's side of the bargain: what its client has asked for, what it holds, and what more it may
/// get. A value that decides and does nothing.
///
/// The client's limits count what it was sent and has neither acknowledged, given back nor let run out, wherever the
/// acknowledgement came from: on this stream or by a call of its own.
struct StreamingPullSession: Sendable {
    /// What may be sent now.
    struct Room: Sendable, Hashable {
        var messages: Int
        var bytes: Int

        static let none = Room(messages: 0, bytes: 0)
    }

    /// What one request of the stream asks for.
    struct Wishes: Sendable, Hashable {
        var acknowledged: [String] = []
        /// Ack ids with the seconds that each is to be held from now; 0 gives it back.
        var deadlines: [Deadline] = []

        struct Deadline: Sendable, Hashable {
            var ackID: String
            var seconds: Int
        }
    }

    /// One answer carries no more, so that clients with small buffers can read it.
    static let answer = Room(messages: 1000, bytes: 1 << 20)

    let subscription: String
    let clientID: String
    /// The client wants to hear of the server twice a minute.
    let wantsHeartbeats: Bool
    /// Nil: no limit.
    private let maximumMessages: Int?
    private let maximumBytes: Int?
    /// How long a message is leased that is sent now.
    private(set) var ackDeadline: Duration
    /// By number: its size, and when its lease ends.
    private var held: [UInt64: (bytes: Int, deadline: Timestamp)] = [:]
    private(set) var heldBytes = 0
    /// No lease ends earlier.
    private var firstDeadline = Timestamp.distantFuture

    /// Opens a stream by its first request; throws INVALID_ARGUMENT.
    init(opening request: PBStreamingPullRequest) throws {
        try FullName.check(request.subscription, in: .subscriptions)
        subscription = request.subscription
        clientID = request.clientID
        wantsHeartbeats = request.protocolVersion >= 1
        maximumMessages = request.maxOutstandingMessages > 0 ? Int(request.maxOutstandingMessages) : nil
        maximumBytes = request.maxOutstandingBytes > 0 ? Int(request.maxOutstandingBytes) : nil
        ackDeadline = .zero
        try setDeadline(request.streamAckDeadlineSeconds)
    }

    /// What the opening request asks for besides.
    static func wishes(opening request: PBStreamingPullRequest) throws -> Wishes { try wishes(of: request) }

    /// Takes a later request; throws INVALID_ARGUMENT when it repeats what only the first may say, or does not add up.
    mutating func take(_ request: PBStreamingPullRequest) throws -> Wishes {
        let repeated = [
            (!request.subscription.isEmpty, "subscription"), (!request.clientID.isEmpty, "client_id"),
            (request.maxOutstandingMessages != 0, "max_outstanding_messages"),
            (request.maxOutstandingBytes != 0, "max_outstanding_bytes"),
        ].first { $0.0 }
        if let repeated {
            throw APIError.invalidArgument(
                "\(subscription): \(repeated.1) may only be set in the first request of a StreamingPull stream.")
        }
        if request.streamAckDeadlineSeconds != 0 { try setDeadline(request.streamAckDeadlineSeconds) }
        return try StreamingPullSession.wishes(of: request)
    }

    private mutating func setDeadline(_ seconds: Int32) throws {
        guard (10...600).contains(seconds) else {
            throw APIError.invalidArgument(
                "\(subscription): stream_ack_deadline_seconds is \(seconds); it must be between 10 and 600.")
        }
        ackDeadline = .seconds(Int(seconds))
    }

    private static func wishes(of request: PBStreamingPullRequest) throws -> Wishes {
        guard request.modifyDeadlineAckIds.count == request.modifyDeadlineSeconds.count else {
            throw APIError.invalidArgument(
                "modify_deadline_ack_ids has \(request.modifyDeadlineAckIds.count) elements and "
                    + "modify_deadline_seconds has \(request.modifyDeadlineSeconds.count); they must be as many.")
        }
        let deadlines = zip(request.modifyDeadlineAckIds, request.modifyDeadlineSeconds)
            .map { Wishes.Deadline(ackID: $0, seconds: Int($1)) }
        for deadline in deadlines where !(0...600).contains(deadline.seconds) {
            throw APIError.invalidArgument(
                "modify_deadline_seconds has \(deadline.seconds); it must be between 0 and 600.")
        }
        return Wishes(acknowledged: request.ackIds, deadlines: deadlines)
    }

    // MARK: Flow control

    /// How many messages the client holds, those included whose lease has ended unnoticed.
    var heldMessages: Int { held.count }

    /// What may be sent now.
    mutating func room(at now: Timestamp) -> Room {
        if isFull, firstDeadline <= now { dropExpired(at: now) }
        guard !isFull else { return .none }
        return Room(
            messages: min(maximumMessages.map { $0 - held.count } ?? .max, StreamingPullSession.answer.messages),
            bytes: min(maximumBytes.map { $0 - heldBytes } ?? .max, StreamingPullSession.answer.bytes))
    }

    /// When there may be room again though the client says nothing; nil: not before it does, or there is room.
    var nextRoom: Timestamp? { isFull && firstDeadline < .distantFuture ? firstDeadline : nil }

    private var isFull: Bool {
        maximumMessages.map { held.count >= $0 } == true || maximumBytes.map { heldBytes >= $0 } == true
    }

    /// A message is sent, leased until `deadline`.
    mutating func send(_ sequence: UInt64, bytes: Int, until deadline: Timestamp) {
        guard maximumMessages != nil || maximumBytes != nil else { return }
        if let before = held.updateValue((bytes, deadline), forKey: sequence) { heldBytes -= before.bytes }
        heldBytes += bytes
        firstDeadline = min(firstDeadline, deadline)
    }

    /// Messages are acknowledged or given back, by whomever. Returns whether there is room now that there was not.
    mutating func settle(_ sequences: [UInt64]) -> Bool {
        let wasFull = isFull
        for sequence in sequences {
            if let before = held.removeValue(forKey: sequence) { heldBytes -= before.bytes }
        }
        return wasFull && !isFull
    }

    /// Leases are extended, by whomever.
    mutating func extend(_ sequences: [UInt64], until deadline: Timestamp) {
        for sequence in sequences where held[sequence] != nil { held[sequence]?.deadline = deadline }
        firstDeadline = min(firstDeadline, deadline)
    }

    private mutating func dropExpired(at now: Timestamp) {
        firstDeadline = .distantFuture
        for (sequence, message) in held {
            if message.deadline <= now {
                held[sequence] = nil
                heldBytes -= message.bytes
            } else {
                firstDeadline = min(firstDeadline, message.deadline)
            }
        }
    }
}
