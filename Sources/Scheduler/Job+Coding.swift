import Foundation
import Time

// The JSON of Google's REST resources: durations as `3.5s`, bytes in base64, fields at their default left out or not.

extension Job {
    enum CodingKeys: CodingKey {
        case name, description, schedule, timeZone, state, httpTarget, pubsubTarget, retryConfig, attemptDeadline
        case scheduleTime, lastAttemptTime, status
    }

    /// Reads a job; what is absent gets Google's default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            description: try container.decodeIfPresent(String.self, forKey: .description),
            schedule: try container.decode(String.self, forKey: .schedule),
            timeZone: try container.decodeIfPresent(String.self, forKey: .timeZone) ?? "Etc/UTC",
            state: try container.decodeIfPresent(State.self, forKey: .state) ?? .enabled,
            httpTarget: try container.decodeIfPresent(HTTPTargetSettings.self, forKey: .httpTarget),
            pubsubTarget: try container.decodeIfPresent(PubsubTargetSettings.self, forKey: .pubsubTarget),
            retryConfig: try container.decodeIfPresent(JobRetryConfig.self, forKey: .retryConfig) ?? JobRetryConfig(),
            attemptDeadline: try container.decodeDurationIfPresent(forKey: .attemptDeadline) ?? .seconds(180))
        scheduleTime = try container.decodeIfPresent(Timestamp.self, forKey: .scheduleTime)
        lastAttemptTime = try container.decodeIfPresent(Timestamp.self, forKey: .lastAttemptTime)
        status = try container.decodeIfPresent(JobStatus.self, forKey: .status)
    }

    /// Writes a job, its output fields too.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encodeIfPresent(description, forKey: .description)
        try container.encode(schedule, forKey: .schedule)
        try container.encode(timeZone, forKey: .timeZone)
        try container.encode(state, forKey: .state)
        try container.encodeIfPresent(httpTarget, forKey: .httpTarget)
        try container.encodeIfPresent(pubsubTarget, forKey: .pubsubTarget)
        try container.encode(retryConfig, forKey: .retryConfig)
        try container.encodeDurationIfPresent(attemptDeadline, forKey: .attemptDeadline)
        try container.encodeIfPresent(scheduleTime, forKey: .scheduleTime)
        try container.encodeIfPresent(lastAttemptTime, forKey: .lastAttemptTime)
        try container.encodeIfPresent(status, forKey: .status)
    }
}

extension HTTPTargetSettings {
    enum CodingKeys: CodingKey { case uri, httpMethod, headers, body }

    /// Reads a target; `body` is base64.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            uri: try container.decode(String.self, forKey: .uri),
            httpMethod: try container.decodeIfPresent(Method.self, forKey: .httpMethod) ?? .post,
            headers: try container.decodeIfPresent([String: String].self, forKey: .headers) ?? [:],
            body: try container.decodeBase64IfPresent(forKey: .body) ?? [])
    }

    /// Writes a target.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(uri, forKey: .uri)
        try container.encode(httpMethod, forKey: .httpMethod)
        if !headers.isEmpty { try container.encode(headers, forKey: .headers) }
        if !body.isEmpty { try container.encode(Data(body).base64EncodedString(), forKey: .body) }
    }
}

extension PubsubTargetSettings {
    enum CodingKeys: CodingKey { case topicName, data, attributes }

    /// Reads a target; `data` is base64.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            topicName: try container.decode(String.self, forKey: .topicName),
            data: try container.decodeBase64IfPresent(forKey: .data) ?? [],
            attributes: try container.decodeIfPresent([String: String].self, forKey: .attributes) ?? [:])
    }

    /// Writes a target.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(topicName, forKey: .topicName)
        if !data.isEmpty { try container.encode(Data(data).base64EncodedString(), forKey: .data) }
        if !attributes.isEmpty { try container.encode(attributes, forKey: .attributes) }
    }
}

extension JobRetryConfig {
    enum CodingKeys: CodingKey {
        case retryCount, maxRetryDuration, minBackoffDuration, maxBackoffDuration, maxDoublings
    }

    /// Reads a configuration; what is absent gets Google's default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = JobRetryConfig()
        self.init(
            retryCount: try container.decodeIfPresent(Int.self, forKey: .retryCount) ?? defaults.retryCount,
            maxRetryDuration: try container.decodeDurationIfPresent(forKey: .maxRetryDuration)
                ?? defaults.maxRetryDuration,
            minBackoffDuration: try container.decodeDurationIfPresent(forKey: .minBackoffDuration)
                ?? defaults.minBackoffDuration,
            maxBackoffDuration: try container.decodeDurationIfPresent(forKey: .maxBackoffDuration)
                ?? defaults.maxBackoffDuration,
            maxDoublings: try container.decodeIfPresent(Int.self, forKey: .maxDoublings) ?? defaults.maxDoublings)
    }

    /// Writes a configuration.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(retryCount, forKey: .retryCount)
        try container.encodeDurationIfPresent(maxRetryDuration, forKey: .maxRetryDuration)
        try container.encodeDurationIfPresent(minBackoffDuration, forKey: .minBackoffDuration)
        try container.encodeDurationIfPresent(maxBackoffDuration, forKey: .maxBackoffDuration)
        try container.encode(maxDoublings, forKey: .maxDoublings)
    }
}

extension KeyedDecodingContainer {
    fileprivate func decodeBase64IfPresent(forKey key: Key) throws -> [UInt8]? {
        guard let text = try decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let data = Data(base64Encoded: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "'\(key.stringValue)' is base64; encode it with base64(1)")
        }
        return Array(data)
    }
}
