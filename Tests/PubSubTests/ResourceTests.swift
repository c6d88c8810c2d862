import Foundation
import Testing
import Time

@testable import PubSub

@Suite struct ResourceTests {
    @Test(arguments: [
        ("abc", "projects/p/topics/abc"),
        ("projects/other/topics/abc", "projects/other/topics/abc"),
        ("a-b_c.d~e+f%g1", "projects/p/topics/a-b_c.d~e+f%g1"),
    ]) func namesAreShortOrFull(text: String, full: String) throws {
        let name = try ResourceName(text, in: .topics, project: "p")
        #expect(name.description == full)
        try name.check()
    }

    @Test(arguments: [
        "", "ab", "1abc", "-abc", "goog-topic", "a/b", "a b c", "abc!", "ähm", "projects/p/topics/",
        "projects//topics/abc",
        "projects/p/subscriptions/abc", "projects/p/abc", String(repeating: "a", count: 256),
    ]) func badNamesAreRefusedInGooglesWords(text: String) {
        let error = #expect(throws: PubSubError.self) {
            try ResourceName(text, in: .topics, project: "p").check()
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.hasPrefix("Invalid resource name given (name=") == true)
        #expect(error?.message.contains("\(text)). Refer to https://cloud.google.com/pubsub/docs/") == true)
    }

    @Test func declarationsAreReadFromGooglesJSON() throws {
        let json = """
            {"name": "s", "topic": "t", "ackDeadlineSeconds": 30, "messageRetentionDuration": "1200s",
             "retainAckedMessages": true, "deadLetterPolicy": {"deadLetterTopic": "d", "maxDeliveryAttempts": 7},
             "retryPolicy": {"minimumBackoff": "1.5s", "maximumBackoff": "60s"}, "filter": "attributes:k",
             "enableMessageOrdering": true, "expirationPolicy": {"ttl": "86400s"}, "labels": {"a": "b"}}
            """
        let read = try JSONDecoder().decode(Subscription.self, from: Data(json.utf8))
        let expected = Subscription(
            name: "s", topic: "t", ackDeadlineSeconds: 30, messageRetentionDuration: .seconds(1200),
            retainAckedMessages: true, deadLetterPolicy: DeadLetterPolicy(deadLetterTopic: "d", maxDeliveryAttempts: 7),
            retryPolicy: RetryPolicy(minimumBackoff: .milliseconds(1500), maximumBackoff: .seconds(60)),
            filter: "attributes:k", enableMessageOrdering: true,
            expirationPolicy: ExpirationPolicy(ttl: .seconds(86_400)), labels: ["a": "b"])
        #expect(read == expected)
        #expect(try JSONDecoder().decode(Subscription.self, from: JSONEncoder().encode(read)) == read)
        let least = try JSONDecoder().decode(Subscription.self, from: Data(#"{"name":"s","topic":"t"}"#.utf8))
        #expect(least == Subscription(name: "s", topic: "t"))
        let topic = Topic(name: "t", labels: ["x": "y"], messageRetentionDuration: .seconds(600))
        #expect(try JSONDecoder().decode(Topic.self, from: JSONEncoder().encode(topic)) == topic)
    }

    private static func subscription(_ change: (inout Subscription) -> Void) -> Subscription {
        var subscription = Subscription(name: "sub", topic: "top")
        change(&subscription)
        return subscription
    }

    @Test(arguments: [
        (subscription { $0.ackDeadlineSeconds = 9 }, "ackDeadlineSeconds is 9; it must be between 10 and 600"),
        (subscription { $0.ackDeadlineSeconds = 601 }, "ackDeadlineSeconds is 601"),
        (subscription { $0.messageRetentionDuration = .seconds(599) }, "messageRetentionDuration is 599s; it must be"),
        (subscription { $0.messageRetentionDuration = .seconds(2_678_401) }, "messageRetentionDuration is 2678401s"),
        (
            subscription { $0.deadLetterPolicy = DeadLetterPolicy(deadLetterTopic: "ddd", maxDeliveryAttempts: 4) },
            "maxDeliveryAttempts is 4; it must be between 5 and 100"
        ),
        (
            subscription { $0.deadLetterPolicy = DeadLetterPolicy(deadLetterTopic: "ddd", maxDeliveryAttempts: 101) },
            "maxDeliveryAttempts is 101"
        ),
        (subscription { $0.retryPolicy = RetryPolicy(minimumBackoff: .seconds(601)) }, "minimumBackoff 601s"),
        (
            subscription { $0.retryPolicy = RetryPolicy(minimumBackoff: .seconds(9), maximumBackoff: .seconds(8)) },
            "the minimum not above the maximum"
        ),
        (
            subscription {
                $0.messageRetentionDuration = .seconds(600)
                $0.expirationPolicy = ExpirationPolicy(ttl: .seconds(86_399))
            }, "ttl is 86399s; it must be at least 86400s"
        ),
        (
            subscription { $0.expirationPolicy = ExpirationPolicy(ttl: .seconds(604_799)) },
            "not less than messageRetentionDuration, which is 604800s"
        ),
        (subscription { $0.filter = "nonsense" }, "Invalid filter at character 1"),
        (subscription { $0.labels = ["A": "b"] }, "label 'A': 'b' is not allowed"),
        (subscription { $0.name = "x" }, "Invalid resource name given (name=projects/p/subscriptions/x)"),
        (subscription { $0.topic = "a/b" }, "Invalid resource name given (name=a/b)"),
    ]) func badSubscriptionsAreRefused(subscription: Subscription, message: String) {
        let error = #expect(throws: PubSubError.self) { try subscription.checked(project: "p") }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func zeroStandsForGooglesDefaults() throws {
        let checked = try ResourceTests.subscription {
            $0.ackDeadlineSeconds = 0
            $0.deadLetterPolicy = DeadLetterPolicy(deadLetterTopic: "dead", maxDeliveryAttempts: 0)
        }.checked(project: "p")
        #expect(checked.ackDeadlineSeconds == 10)
        #expect(
            checked.deadLetterPolicy
                == DeadLetterPolicy(deadLetterTopic: "projects/p/topics/dead", maxDeliveryAttempts: 5))
        #expect(checked.name == "projects/p/subscriptions/sub")
        #expect(checked.topic == "projects/p/topics/top")
    }

    @Test func ackIDsAreReadBackAndOthersRefused() {
        for sequence in [0, 1, 77, .max] as [UInt64] {
            for lease in [0, 1, .max] as [UInt32] {
                let id = AckID(sequence: sequence, lease: lease)
                #expect(AckID(id.description) == id)
            }
        }
        let text = AckID(sequence: 123, lease: 4).description
        #expect(text.utf8.count == 32)
        for bad in ["", "x", String(text.dropLast()), text + "A", String(text.reversed()), "é" + text.dropFirst(2)] {
            #expect(AckID(bad) == nil)
        }
    }
}
