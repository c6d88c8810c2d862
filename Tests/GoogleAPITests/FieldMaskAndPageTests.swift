import SwiftProtobuf
import Testing

@testable import GoogleAPI

@Suite struct FieldMaskAndPageTests {
    private func mask(_ paths: [String]) throws -> Set<String> {
        var mask = Google_Protobuf_FieldMask()
        mask.paths = paths
        return try UpdateMask(
            mask, of: "UpdateTopicRequest", resource: "t", allowed: ["labels", "retry_policy"], fixed: ["name"],
            partial: ["retry_policy.minimum_backoff"]
        ).fields
    }

    @Test func masksNameFieldsThatMayChange() throws {
        #expect(try mask(["labels"]) == ["labels"])
        #expect(try mask(["labels", "retry_policy.minimum_backoff"]) == ["labels", "retry_policy"])
    }

    @Test(arguments: [
        ([], "non-empty"), (["name"], "not mutable"), (["nonsense"], "no field 'nonsense'"),
        (["retry_policy.nonsense"], "no field 'retry_policy.nonsense'"), (["labels.a"], "no field 'labels.a'"),
    ])
    func otherMasksAreRefused(paths: [String], words: String) {
        let error = #expect(throws: APIError.self) { try mask(paths) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(words) == true)
    }

    @Test func aPartOfAFieldLeavesItsOtherParts() throws {
        let parts = PartialUpdates.subscription
        var current = PBSubscription()
        current.pushConfig.pushEndpoint = "https://example.com/"
        current.retryPolicy.minimumBackoff.seconds = 5
        current.retryPolicy.maximumBackoff.seconds = 50
        var wanted = PBSubscription()
        wanted.pushConfig.noWrapper.writeMetadata = true
        wanted.retryPolicy.minimumBackoff.seconds = 7
        func complete(_ paths: [String]) throws -> PBSubscription {
            var wire = Google_Protobuf_FieldMask()
            wire.paths = paths
            let mask = try UpdateMask(
                wire, of: "UpdateSubscriptionRequest", resource: "s", allowed: ["retry_policy", "push_config"],
                fixed: [], partial: parts.paths)
            return parts.complete(wanted, by: mask, from: current)
        }
        let completed = try complete(["push_config.no_wrapper", "retry_policy.minimum_backoff"])
        #expect(completed.pushConfig.pushEndpoint == "https://example.com/")
        #expect(completed.pushConfig.noWrapper.writeMetadata)
        #expect(completed.retryPolicy.minimumBackoff.seconds == 7)
        #expect(completed.retryPolicy.maximumBackoff.seconds == 50)
        #expect(try complete(["push_config", "push_config.no_wrapper"]) == wanted)
    }

    @Test func pagesGoThroughAListThatChanges() throws {
        var names = ["a", "b", "c", "d", "e"]
        let first = try Page(of: names, size: 2, token: "", name: \.self)
        #expect(first.elements == ["a", "b"])
        names.removeAll { $0 == "b" }
        names.insert("aa", at: 1)
        let second = try Page(of: names, size: 2, token: first.nextToken, name: \.self)
        #expect(second.elements == ["c", "d"])
        let last = try Page(of: names, size: 2, token: second.nextToken, name: \.self)
        #expect(last.elements == ["e"])
        #expect(last.nextToken.isEmpty)
    }

    @Test func badPagesAreRefused() {
        #expect(throws: APIError.self) { try Page(of: ["a"], size: -1, token: "", name: \.self) }
        #expect(throws: APIError.self) { try Page(of: ["a"], size: 1, token: "%%%", name: \.self) }
        #expect(throws: Never.self) { try Page(of: ["a"], size: 1, token: "YQ==", name: \.self) }
    }
}
