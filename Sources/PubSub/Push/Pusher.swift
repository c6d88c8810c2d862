import Pipes
import Synchronization
import Time

/// Sends a subscription's messages to its endpoint until it is cancelled.
struct Pusher: Sendable {
    let subscription: LiveSubscription
    let config: PushConfig
    let target: any HTTPTarget

    func run() async {
        let reader = SubscriptionReader(subscription)
        let clock = subscription.topic.clock
        var pace = PushPace()
        while !Task.isCancelled {
            do {
                try await reader.waitForMessages()
                let deadline = Duration.seconds(subscription.subscription.ackDeadlineSeconds)
                let messages = try reader.pull(limit: pace.window, byteLimit: 10_000_000, ackDeadline: deadline)
                if messages.isEmpty { continue }
                let (accepted, refused) = await send(messages, timeout: deadline)
                if !accepted.isEmpty { _ = try await subscription.acknowledge(accepted.map(\.sequence)) }
                if !refused.isEmpty {
                    subscription.fail(refused.map(\.sequence), leases: refused.map(\.lease))
                }
                let wait = pace.note(succeeded: accepted.count, failed: refused.count)
                if wait > .zero { try await clock.sleep(until: clock.now + wait) }
            } catch {
                if subscription.isGone || Task.isCancelled { return }
                // The disk fails: what is wrong stands in the topic's health; look again in a while.
                guard (try? await clock.sleep(until: clock.now + .seconds(1))) != nil else { return }
            }
        }
    }

    /// Sends messages side by side, those of one ordering key one after the other.
    private func send(_ messages: [ReceivedMessage], timeout: Duration) async -> (accepted: [AckID], refused: [AckID]) {
        var lanes: [[ReceivedMessage]] = []
        var laneOfKey: [String: Int] = [:]
        for message in messages {
            let key = message.message.orderingKey
            if subscription.subscription.enableMessageOrdering, !key.isEmpty, let lane = laneOfKey[key] {
                lanes[lane].append(message)
            } else {
                if !key.isEmpty { laneOfKey[key] = lanes.count }
                lanes.append([message])
            }
        }
        return await withTaskGroup(of: (accepted: [AckID], refused: [AckID]).self) { group in
            for lane in lanes {
                group.addTask {
                    var accepted: [AckID] = []
                    for message in lane {
                        guard await send(message, timeout: timeout) else { break }
                        accepted.append(message.ackID)
                    }
                    return (accepted, lane.dropFirst(accepted.count).map(\.ackID))
                }
            }
            var total: (accepted: [AckID], refused: [AckID]) = ([], [])
            for await lane in group {
                total.accepted += lane.accepted
                total.refused += lane.refused
            }
            return total
        }
    }

    /// Whether the endpoint took it: 102, 200, 201, 202 and 204 acknowledge (`google.pubsub.v1`, `PushConfig`).
    private func send(_ message: ReceivedMessage, timeout: Duration) async -> Bool {
        let attempt = subscription.subscription.deadLetterPolicy == nil ? nil : message.message.deliveryAttempt
        let request = PushRequest.make(
            message.message, to: config, subscription: subscription.name, attempt: attempt)
        do {
            let response = try await target.send(request, timeout: timeout)
            let isTaken = [102, 200, 201, 202, 204].contains(response.status)
            subscription.problem = isTaken ? nil : problem("\(config.pushEndpoint) answered \(response.status)")
            return isTaken
        } catch {
            let reason = "\(error)"
            subscription.problem = problem(
                reason.contains(config.pushEndpoint) ? reason : "\(config.pushEndpoint): \(reason)")
            return false
        }
    }

    private func problem(_ reason: String) -> String {
        "\(reason). Messages wait and are sent again, ever more slowly: see to the endpoint, or change pushConfig"
    }
}
