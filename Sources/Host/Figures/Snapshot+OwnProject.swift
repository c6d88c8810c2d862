import Control

extension Snapshot {
    /// Topics and subscriptions of the host's own project, which have short names, before those of others.
    mutating func putOwnProjectFirst() {
        topics = topics.filter { !$0.name.contains("/") } + topics.filter { $0.name.contains("/") }
        subscriptions =
            subscriptions.filter { !$0.name.contains("/") } + subscriptions.filter { $0.name.contains("/") }
    }
}
