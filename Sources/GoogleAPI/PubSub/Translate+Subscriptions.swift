import Foundation
import Pipes
import PubSub
import SwiftProtobuf
import Time

extension PubSub.Subscription {
    /// What a client declares. Throws when it asks for something that this broker does not do.
    init(_ wire: PBSubscription) throws {
        try Unsupported.check(wire)
        if wire.hasDeadLetterPolicy { try FullName.check(wire.deadLetterPolicy.deadLetterTopic, in: .topics) }
        self.init(
            name: wire.name, topic: wire.topic, ackDeadlineSeconds: Int(wire.ackDeadlineSeconds),
            messageRetentionDuration: wire.hasMessageRetentionDuration
                ? Swift.Duration(wire: wire.messageRetentionDuration) : PubSub.Subscription.defaultRetention,
            retainAckedMessages: wire.retainAckedMessages,
            deadLetterPolicy: wire.hasDeadLetterPolicy ? DeadLetterPolicy(wire.deadLetterPolicy) : nil,
            retryPolicy: wire.hasRetryPolicy ? RetryPolicy(wire.retryPolicy) : nil, filter: wire.filter,
            enableMessageOrdering: wire.enableMessageOrdering,
            enableExactlyOnceDelivery: wire.enableExactlyOnceDelivery,
            pushConfig: wire.hasPushConfig ? PushConfig(wire.pushConfig) : nil,
            expirationPolicy: wire.hasExpirationPolicy ? ExpirationPolicy(wire.expirationPolicy) : nil,
            labels: wire.labels)
    }
}

extension PBSubscription {
    /// What clients are told of a subscription; `topic` is its topic, where there is one.
    init(_ subscription: PubSub.Subscription, topic: PubSub.Topic?) {
        self.init()
        name = subscription.name
        self.topic = subscription.topic
        ackDeadlineSeconds = Int32(subscription.ackDeadlineSeconds)
        messageRetentionDuration = Google_Protobuf_Duration(wire: subscription.messageRetentionDuration)
        retainAckedMessages = subscription.retainAckedMessages
        if let policy = subscription.deadLetterPolicy {
            deadLetterPolicy.deadLetterTopic = policy.deadLetterTopic
            deadLetterPolicy.maxDeliveryAttempts = Int32(policy.maxDeliveryAttempts)
        }
        if let policy = subscription.retryPolicy {
            retryPolicy.minimumBackoff = Google_Protobuf_Duration(wire: policy.minimumBackoff)
            retryPolicy.maximumBackoff = Google_Protobuf_Duration(wire: policy.maximumBackoff)
        }
        filter = subscription.filter
        enableMessageOrdering = subscription.enableMessageOrdering
        enableExactlyOnceDelivery = subscription.enableExactlyOnceDelivery
        pushConfig = subscription.pushConfig.map { PBPushConfig($0) } ?? PBPushConfig()
        expirationPolicy = PBExpirationPolicy()
        let policy = subscription.expirationPolicy ?? ExpirationPolicy(ttl: .seconds(31 * 86_400))
        if let ttl = policy.ttl { expirationPolicy.ttl = Google_Protobuf_Duration(wire: ttl) }
        labels = subscription.labels
        detached = subscription.detached
        if let retention = topic?.messageRetentionDuration {
            topicMessageRetentionDuration = Google_Protobuf_Duration(wire: retention)
        }
        state = .active
    }
}

extension DeadLetterPolicy {
    init(_ wire: PBDeadLetterPolicy) {
        self.init(deadLetterTopic: wire.deadLetterTopic, maxDeliveryAttempts: Int(wire.maxDeliveryAttempts))
    }
}

extension RetryPolicy {
    init(_ wire: PBRetryPolicy) {
        self.init()
        if wire.hasMinimumBackoff { minimumBackoff = Swift.Duration(wire: wire.minimumBackoff) }
        if wire.hasMaximumBackoff { maximumBackoff = Swift.Duration(wire: wire.maximumBackoff) }
    }
}

extension ExpirationPolicy {
    init(_ wire: PBExpirationPolicy) { self.init(ttl: wire.hasTtl ? Swift.Duration(wire: wire.ttl) : nil) }
}

extension PushConfig {
    /// Nil without an endpoint: then messages wait to be pulled.
    init?(_ wire: PBPushConfig) {
        guard !wire.pushEndpoint.isEmpty else { return nil }
        self.init(pushEndpoint: wire.pushEndpoint, attributes: wire.attributes)
        if case .oidcToken(let token)? = wire.authenticationMethod {
            oidcToken = OIDCToken(serviceAccountEmail: token.serviceAccountEmail, audience: token.audience)
        }
        if case .noWrapper(let wrapper)? = wire.wrapper { noWrapper = NoWrapper(writeMetadata: wrapper.writeMetadata) }
    }
}

extension PBPushConfig {
    init(_ config: PushConfig) {
        self.init()
        pushEndpoint = config.pushEndpoint
        attributes = config.attributes
        if let token = config.oidcToken {
            oidcToken.serviceAccountEmail = token.serviceAccountEmail ?? ""
            oidcToken.audience = token.audience ?? ""
        }
        if let unwrapped = config.noWrapper { noWrapper.writeMetadata = unwrapped.writeMetadata }
    }
}

extension PBSnapshot {
    init(_ snapshot: SubscriptionSnapshot) {
        self.init()
        name = snapshot.name
        topic = snapshot.topic
        expireTime = Google_Protobuf_Timestamp(snapshot.expireTime)
        labels = snapshot.labels
    }
}

extension PBReceivedMessage {
    init(_ received: PubSub.ReceivedMessage, countsAttempts: Bool) {
        self.init()
        ackID = received.ackID.description
        message.data = Data(received.message.data)
        message.attributes = received.message.attributes
        message.messageID = String(received.message.sequence)
        message.publishTime = Google_Protobuf_Timestamp(received.message.publishTime)
        message.orderingKey = received.message.orderingKey
        if countsAttempts { deliveryAttempt = Int32(received.message.deliveryAttempt) }
    }
}
