import DequeModule
import Time

/// Names of tasks that have ended: for an hour no other task may have them, so that whoever creates a task twice, because it
/// did not learn that the first time worked, does not run it twice.
struct RememberedNames {
    /// How long after the end a name is remembered.
    static let span = Duration.seconds(3600)

    private(set) var expiries: [String: Timestamp] = [:]
    /// In the order of remembering, which is that of expiry as long as the clock is not set back.
    private var order: Deque<String> = []

    mutating func remember(_ name: String, until expiry: Timestamp) {
        if expiries.updateValue(expiry, forKey: name) == nil { order.append(name) }
    }

    func contains(_ name: String, at now: Timestamp) -> Bool { expiries[name].map { $0 > now } ?? false }

    /// Forgets what has expired. One name that expires late may hold up those behind it, no longer than its own hour.
    mutating func forget(at now: Timestamp) {
        while let name = order.first, let expiry = expiries[name], expiry <= now {
            order.removeFirst()
            expiries[name] = nil
        }
    }
}
