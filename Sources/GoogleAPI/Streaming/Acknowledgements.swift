import PubSub
import Time

/// Acknowledges, extends and gives back, by whatever call it comes: the broker is told, and the streams that hold it.
struct Acknowledgements: Sendable {
    let broker: Broker
    let streams: OpenStreams
    let clock: any WallClock

    /// What became of ids that a client sent.
    struct Outcome: Sendable, Hashable {
        var accepted: [String] = []
        /// Malformed, or under exactly-once delivery of a lease that has ended.
        var invalid: [String] = []
        /// Under exactly-once delivery: an earlier message of their ordering key comes first.
        var unordered: [String] = []
    }

    /// Acknowledges; throws what keeps the broker from it.
    func acknowledge(_ texts: [String], of subscription: String) async throws -> Outcome {
        let parsed = Parsed(texts)
        guard !parsed.ids.isEmpty else { return Outcome(accepted: [], invalid: parsed.malformed) }
        let report = try await broker.acknowledge(parsed.ids, subscription: subscription)
        if report.unordered.isEmpty {
            streams.settle(parsed.ids, of: subscription)
        } else {
            let held = Set(report.unordered)
            streams.settle(parsed.ids.filter { !held.contains($0) }, of: subscription)
        }
        return parsed.outcome(report)
    }

    /// Sets deadlines to so many seconds from now; 0 gives the messages back.
    func modify(_ texts: [String], seconds: Int, of subscription: String) throws -> Outcome {
        let parsed = Parsed(texts)
        guard !parsed.ids.isEmpty else { return Outcome(accepted: [], invalid: parsed.malformed) }
        let report = try broker.modifyAckDeadline(parsed.ids, seconds: seconds, subscription: subscription)
        if seconds == 0 {
            streams.settle(parsed.ids, of: subscription)
        } else {
            streams.extend(parsed.ids, of: subscription, until: clock.now + .seconds(seconds))
        }
        return parsed.outcome(report)
    }

    /// Ids as text and as the broker knows them.
    private struct Parsed {
        var ids: [AckID] = []
        var texts: [String] = []
        var malformed: [String] = []

        init(_ texts: [String]) {
            ids.reserveCapacity(texts.count)
            for text in texts {
                if let id = AckID(text) {
                    ids.append(id)
                    self.texts.append(text)
                } else {
                    malformed.append(text)
                }
            }
        }

        func outcome(_ report: AckReport) -> Outcome {
            guard report != AckReport() else { return Outcome(accepted: texts, invalid: malformed) }
            let (stale, early) = (Set(report.invalid), Set(report.unordered))
            var outcome = Outcome(accepted: [], invalid: malformed)
            for (id, text) in zip(ids, texts) {
                if stale.contains(id) {
                    outcome.invalid.append(text)
                } else if early.contains(id) {
                    outcome.unordered.append(text)
                } else {
                    outcome.accepted.append(text)
                }
            }
            return outcome
        }
    }
}
