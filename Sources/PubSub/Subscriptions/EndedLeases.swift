import DequeModule

/// The leases that were ended last by their holders: a client that did not hear the answer says it again, and must not
/// be told that it came too late. Bounded: who asks after 10,000 others have ended theirs is told so.
struct EndedLeases: Sendable {
    /// How a lease was ended.
    enum Ending: Sendable, Hashable {
        case acknowledged
        case givenBack
    }

    static let limit = 10_000

    private var endings: [AckID: Ending] = [:]
    /// In the order of their ends; some are forgotten meanwhile.
    private var order: Deque<AckID> = []

    /// How a lease was ended; nil: it was not, or that is forgotten.
    subscript(id: AckID) -> Ending? {
        get { endings[id] }
        set {
            guard let newValue else {
                endings[id] = nil
                return
            }
            if endings.updateValue(newValue, forKey: id) == nil { order.append(id) }
            while order.count > EndedLeases.limit { endings[order.removeFirst()] = nil }
        }
    }
}
