/// Who is connected, and who makes room for another: a value that decides and does nothing.
///
/// At the limit the connection goes that has waited longest without having asked anything, complete and readable; else
/// the one that has asked, has no request under way and has been so longest. Who is being served stays.
struct ConnectionTable: Sendable {
    enum Admission: Sendable, Hashable {
        /// There is a place.
        case free
        /// There is, once this one has gone.
        case evicting(Int)
        /// All are being served.
        case refused
    }

    private struct Entry: Sendable {
        /// Grows with time: of the connection, or of the end of its last request.
        var turn: Int
        var requests = 0
        var hasAsked = false
    }

    private let limit: Int
    private var entries: [Int: Entry] = [:]
    private var turns = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { entries.count }

    /// Somebody has connected. Who is evicted has no place any more.
    mutating func admit(_ connection: Int) -> Admission {
        var admission = Admission.free
        if entries.count >= limit {
            guard let victim else { return .refused }
            entries[victim] = nil
            admission = .evicting(victim)
        }
        entries[connection] = Entry(turn: nextTurn())
        return admission
    }

    /// A request of the connection is there: with HTTP/1.1 the whole of it, with gRPC a call's head.
    mutating func begin(_ connection: Int) {
        entries[connection]?.hasAsked = true
        entries[connection]?.requests += 1
    }

    /// A request has been answered, or its call has ended otherwise.
    mutating func end(_ connection: Int) {
        let turn = nextTurn()
        entries[connection]?.requests -= 1
        entries[connection]?.turn = turn
    }

    /// The connection has closed.
    mutating func remove(_ connection: Int) { entries[connection] = nil }

    private var victim: Int? {
        let silent = entries.filter { !$0.value.hasAsked }
        let candidates = silent.isEmpty ? entries.filter { $0.value.requests == 0 } : silent
        return candidates.min { $0.value.turn < $1.value.turn }?.key
    }

    private mutating func nextTurn() -> Int {
        turns += 1
        return turns
    }
}
