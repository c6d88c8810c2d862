/// The sessions of one key that have not been closed by the watermark.
///
/// Sessions are disjoint. Two that only touch stay apart: Beam merges windows that overlap, and `[a, b)` does not
/// overlap `[b, c)`.
struct OpenSessions: Sendable {
    struct Session: Sendable, Hashable {
        var window: Window
        /// Where the session's accumulators are.
        var slot: Int32
    }

    /// What an insertion did.
    struct Insertion: Sendable, Hashable {
        var session: Session
        /// Whether the session is new, with a slot that has not been used.
        var isNew: Bool
        /// Sessions that were merged into it and are gone, with their windows as they were.
        var absorbed: [Session]
        /// The session's window before, if it was there.
        var previous: Window?
    }

    /// Ascending.
    private(set) var sessions: [Session] = []

    var isEmpty: Bool { sessions.isEmpty }

    /// Adds an element's window; `newSlot` is asked for a slot when no session overlaps it.
    mutating func insert(_ window: Window, newSlot: () -> Int32) -> Insertion {
        // Disjoint and ascending by start: ascending by end too.
        let first = sessions.firstIndex { $0.window.end > window.start } ?? sessions.count
        var last = first
        var merged = window
        while last < sessions.count, sessions[last].window.start < merged.end {
            merged.start = min(merged.start, sessions[last].window.start)
            merged.end = max(merged.end, sessions[last].window.end)
            last += 1
        }
        if first == last {
            let session = Session(window: window, slot: newSlot())
            sessions.insert(session, at: first)
            return Insertion(session: session, isNew: true, absorbed: [], previous: nil)
        }
        let previous = sessions[first].window
        let absorbed = Array(sessions[first + 1..<last])
        let session = Session(window: merged, slot: sessions[first].slot)
        sessions.replaceSubrange(first..<last, with: CollectionOfOne(session))
        return Insertion(session: session, isNew: false, absorbed: absorbed, previous: previous)
    }

    /// Puts back a session that was stored.
    mutating func restore(_ session: Session) {
        let index = sessions.firstIndex { $0.window.start > session.window.start } ?? sessions.count
        sessions.insert(session, at: index)
    }

    mutating func remove(slot: Int32) {
        sessions.removeAll { $0.slot == slot }
    }
}
