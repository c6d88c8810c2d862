import Foundation
import Pipes
import Time

// How a task stands in the queue's ledger. New fields are optional, so that old ledgers stay readable.
extension QueuedTask: Codable {
    enum CodingKeys: CodingKey {
        case id, name, method, url, headers, body, scheduleTime, createTime, dispatchDeadline
        case attempts, responses, firstAttempt, previousStatus, retryReason
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let body = try container.decodeIfPresent(String.self, forKey: .body) ?? ""
        guard let bytes = Data(base64Encoded: body) else {
            throw DecodingError.dataCorruptedError(
                forKey: .body, in: container, debugDescription: "the body is not base64")
        }
        id = try container.decode(UInt64.self, forKey: .id)
        givenName = try container.decodeIfPresent(String.self, forKey: .name)
        request = HTTPRequest(
            method: try container.decode(String.self, forKey: .method),
            url: try container.decode(String.self, forKey: .url),
            headers: try container.decodeIfPresent([String: String].self, forKey: .headers) ?? [:], body: Array(bytes))
        scheduleTime = try container.decode(Timestamp.self, forKey: .scheduleTime)
        createTime = try container.decode(Timestamp.self, forKey: .createTime)
        dispatchDeadline = try container.decodeDurationIfPresent(forKey: .dispatchDeadline) ?? .seconds(600)
        attempts = try container.decodeIfPresent(Int.self, forKey: .attempts) ?? 0
        responses = try container.decodeIfPresent(Int.self, forKey: .responses) ?? 0
        firstAttempt = try container.decodeIfPresent(Timestamp.self, forKey: .firstAttempt)
        previousStatus = try container.decodeIfPresent(Int.self, forKey: .previousStatus)
        retryReason = try container.decodeIfPresent(String.self, forKey: .retryReason)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encodeIfPresent(givenName, forKey: .name)
        try container.encode(request.method, forKey: .method)
        try container.encode(request.url, forKey: .url)
        if !request.headers.isEmpty { try container.encode(request.headers, forKey: .headers) }
        if !request.body.isEmpty { try container.encode(Data(request.body).base64EncodedString(), forKey: .body) }
        try container.encode(scheduleTime, forKey: .scheduleTime)
        try container.encode(createTime, forKey: .createTime)
        if dispatchDeadline != .seconds(600) {
            try container.encodeDurationIfPresent(dispatchDeadline, forKey: .dispatchDeadline)
        }
        guard attempts > 0 else { return }
        try container.encode(attempts, forKey: .attempts)
        try container.encode(responses, forKey: .responses)
        try container.encodeIfPresent(firstAttempt, forKey: .firstAttempt)
        try container.encodeIfPresent(previousStatus, forKey: .previousStatus)
        try container.encodeIfPresent(retryReason, forKey: .retryReason)
    }
}
