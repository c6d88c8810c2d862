import Foundation
import Pipes
import TestSupport
import Testing
import Time

@testable import Tasks

/// Plays whatever may happen to a queue, and checks after every step what must always hold.
private struct QueuePlay {
    var state: QueueState
    var now = time("2026-02-28T00:40:25Z")
    var random: SplitMix64
    /// What the service would have written.
    var records: [TaskRecord] = []
    /// Attempts that have begun, and are about to be written down.
    var late: [TaskRecord] = []

    /// By task: those that must be there, and when they are due; nil while an attempt is under way.
    var expected: [UInt64: Timestamp?] = [:]
    var pending: Set<UInt64> = []
    /// Attempts under way, also of tasks that were deleted.
    var flights: [UInt64: (task: UInt64, isForced: Bool, until: Timestamp)] = [:]
    var created = 0
    var succeeded = 0
    var dropped = 0
    var deleted = 0

    init(_ queue: Queue, seed: UInt64) {
        random = SplitMix64(seed: seed)
        state = QueueState(queue, at: now)
    }

    /// As the ledger gives it back.
    mutating func write(_ record: TaskRecord) {
        do {
            records.append(try JSONDecoder().decode(TaskRecord.self, from: JSONEncoder().encode(record)))
        } catch {
            Issue.record("\(record) does not come back: \(error)")
        }
    }

    mutating func catchUp() {
        records += late
        late = []
    }

    /// As the service does it: what is late is in the state already, and is written all the same.
    mutating func compact() {
        guard pending.isEmpty else { return }
        records = []
        for record in state.records(at: now) { write(record) }
        catchUp()
    }

    mutating func step() {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<5: create()
        case 5: if let id = pending.randomElement(using: &random) { admit(id, isDurable: Bool.random(using: &random)) }
        case 6..<12: if let flight = flights.keys.sorted().randomElement(using: &random) { end(flight) }
        case 12: pauseOrResume()
        case 13: if let id = expected.keys.sorted().randomElement(using: &random) { delete(id) }
        case 14: if Int.random(in: 0..<12, using: &random) == 0 { purge() }
        case 15: if let id = expected.keys.sorted().randomElement(using: &random) { runNow(id) }
        case 16: now = now + .milliseconds(Int.random(in: 0...400, using: &random))
        case 17: compact()
        default: if let wake = state.nextWake { now = max(now, wake) }
        }
        wake()
        check()
    }

    mutating func create() {
        let name = Bool.random(using: &random) ? "n\(Int.random(in: 0..<40, using: &random))" : nil
        let due = now + .milliseconds(Int.random(in: -500...3_000, using: &random))
        let isTaken = name.map { state.names[$0] != nil || state.remembered.contains($0, at: now) } ?? false
        let task = state.create(
            NewTask(
                name: name, request: HTTPRequest(url: "http://s/"), scheduleTime: due, dispatchDeadline: .seconds(15)),
            at: now)
        #expect((task == nil) == isTaken)
        guard let task else { return }
        #expect(expected[task.id] == nil, "an id came twice")
        pending.insert(task.id)
        expected[task.id] = .some(due)
        if Bool.random(using: &random) { admit(task.id, isDurable: true) }
    }

    mutating func admit(_ id: UInt64, isDurable: Bool) {
        pending.remove(id)
        guard isDurable else {
            state.withdraw(id)
            expected[id] = nil
            return
        }
        if let task = state.tasks[id] { write(.task(.init(task: task, due: task.scheduleTime))) }
        state.admit(id)
        created += 1
    }

    mutating func wake() {
        for overdue in state.overdue(at: now) {
            #expect((flights[overdue.flight]?.until).map { $0 <= now } == true)
            end(overdue.flight, .timedOut(after: overdue.deadline))
        }
        take(state.dispatchDue(at: now), isForced: false)
    }

    mutating func take(_ dispatches: [QueueState.Dispatch], isForced: Bool) {
        for dispatch in dispatches {
            let due = expected[dispatch.task.id]
            #expect(due != nil, "a task was dispatched that is not there")
            #expect(due != .some(nil), "a task has two attempts at once")
            if !isForced {
                #expect(due.flatMap { $0 }.map { $0 <= now } == true, "a task was dispatched before its time")
            }
            #expect(!pending.contains(dispatch.task.id), "a task was dispatched before it was durable")
            expected[dispatch.task.id] = .some(nil)
            flights[dispatch.flight] = (dispatch.task.id, isForced, now + dispatch.task.dispatchDeadline)
            write(.started(id: dispatch.task.id, at: now, change: state.nextChange()))
            if Bool.random(using: &random), let record = records.popLast() { late.append(record) }
        }
    }

    mutating func end(_ flight: UInt64, _ told: AttemptOutcome? = nil) {
        let outcome =
            told
            ?? [
                AttemptOutcome(kind: .succeeded, status: 200),
                AttemptOutcome(kind: .failed, status: 500, reason: "HTTP 500"),
                AttemptOutcome(kind: .failed, status: 503, reason: "HTTP 503", retryAfter: .milliseconds(700)),
                AttemptOutcome(kind: .failed, reason: "UNAVAILABLE"),
            ].randomElement(using: &random) ?? .abandoned
        guard let id = flights.removeValue(forKey: flight)?.task else { return }
        catchUp()
        switch state.attemptEnded(flight, outcome, at: now) {
        case nil: Issue.record("an attempt's end was not known")
        case .nothing: #expect(expected[id] == nil || expected[id] != .some(nil))
        case .succeeded(let task):
            #expect(outcome.kind == .succeeded && task.id == id)
            expected[id] = nil
            succeeded += 1
            write(.ended(id: id, at: now, end: .succeeded, reason: nil))
        case .retry(let task, let due):
            #expect(task.id == id && due > now && task.attempts < 4)
            expected[id] = .some(due)
            let change = state.nextChange()
            write(.failed(id: id, due: due, status: outcome.status, reason: outcome.reason, change: change))
            if Bool.random(using: &random), let record = records.popLast() { late.append(record) }
        case .dropped(let task):
            #expect(task.id == id && task.attempts >= 4)
            expected[id] = nil
            dropped += 1
            write(.ended(id: id, at: now, end: .dropped, reason: outcome.reason))
        }
        let again = state.attemptEnded(flight, .abandoned, at: now)
        #expect(again == nil)
    }

    mutating func pauseOrResume() {
        state.isPaused.toggle()
        write(.state(isPaused: state.isPaused, declared: state.queue.state))
    }

    mutating func delete(_ id: UInt64) {
        catchUp()
        let wasPending = pending.remove(id) != nil
        let (first, second) = (state.delete(id, at: now), state.delete(id, at: now))
        #expect(first?.id == id && second == nil)
        expected[id] = nil
        if !wasPending {
            deleted += 1
            write(.ended(id: id, at: now, end: .deleted, reason: nil))
        }
    }

    mutating func purge() {
        catchUp()
        deleted += expected.count - pending.count
        let count = state.purge(at: now)
        #expect(count == expected.count)
        write(.purged(at: now))
        expected = [:]
        pending = []
    }

    mutating func runNow(_ id: UInt64) {
        let mayRun = expected[id] != .some(nil) && !pending.contains(id)
        let dispatch = state.dispatchNow(id, at: now)
        #expect((dispatch != nil) == mayRun)
        take([dispatch].compactMap { $0 }, isForced: true)
    }

    func check() {
        #expect(Set(state.tasks.keys) == Set(expected.keys), "a task was lost or came back")
        #expect(state.inFlight == flights.count)
        #expect(flights.values.filter { !$0.isForced }.count <= state.queue.rateLimits.maxConcurrentDispatches)
        let waiting = expected.filter { $0.value != nil && !pending.contains($0.key) }
        #expect(state.calendar.count == waiting.count)
        for (id, due) in waiting { #expect(state.calendar.due(of: id) == due) }
        #expect(created == succeeded + dropped + deleted + expected.count - pending.count)
        #expect(state.totals.succeeded == succeeded && state.totals.dropped == dropped)
        let attempted = state.tasks.values.filter(\.isAttempted).count
        #expect(state.attemptedUnfinished == attempted)
        #expect(state.calendar.retryCount == state.tasks.values.filter { $0.isAttempted && $0.flight == nil }.count)
        if let wake = state.nextWake { #expect(wake > now, "it would be woken for ever") }
        for (name, id) in state.names { #expect(state.tasks[id]?.givenName == name) }
    }

    /// A restart must find what was written: every durable task, with its attempts, its names, its counts.
    func checkReplay(_ records: [TaskRecord], now: Timestamp) {
        var replayed = QueueState(state.queue, at: now)
        for record in records { replayed.replay(record) }
        let durable = state.tasks.filter { !pending.contains($0.key) }
        #expect(Set(replayed.tasks.keys) == Set(durable.keys))
        for (id, task) in durable {
            let copy = replayed.tasks[id]
            #expect(copy?.attempts == task.attempts && copy?.responses == task.responses && copy?.name == task.name)
            #expect(copy?.previousStatus == task.previousStatus && copy?.firstAttempt == task.firstAttempt)
            #expect(copy?.flight == nil && copy?.isPending == false)
            if let due = state.calendar.due(of: id) { #expect(replayed.calendar.due(of: id) == due) }
            #expect(replayed.calendar.due(of: id) != nil, "a task is there but never due")
        }
        #expect(replayed.attemptedUnfinished == durable.values.filter(\.isAttempted).count)
        #expect(replayed.isPaused == state.isPaused)
        let (a, b) = (replayed.totals, state.totals)
        #expect(
            a.succeeded == b.succeeded && a.dropped == b.dropped && a.retries == b.retries
                && a.dispatched == b.dispatched && a.changes == b.changes)
        for name in state.names.keys where state.names[name].map({ !pending.contains($0) }) == true {
            #expect(replayed.names[name] == state.names[name])
        }
    }
}

@Suite("A queue's decisions")
struct QueueStateTests {
    @Test("lose nothing, double nothing and keep to their limits, whatever happens", arguments: 0..<25)
    func invariants(seed: Int) {
        let queue = Queue(
            name: "q",
            rateLimits: RateLimits(
                maxDispatchesPerSecond: [500, 20, 3][seed % 3], maxConcurrentDispatches: [1, 3, 50][seed / 3 % 3]),
            retryConfig: QueueRetryConfig(maxAttempts: 4, minBackoff: .milliseconds(50), maxBackoff: .seconds(2)))
        var play = QueuePlay(queue, seed: UInt64(seed))
        for step in 0..<800 {
            play.step()
            if step % 100 == 99 {
                play.catchUp()
                play.checkReplay(play.records, now: play.now)
            }
        }
        #expect(play.succeeded > 0 && play.dropped + play.deleted > 0)
        // A compacted ledger says the same.
        for id in play.pending { play.admit(id, isDurable: true) }
        play.records = []
        for record in play.state.records(at: play.now) { play.write(record) }
        #expect(play.records.count <= play.state.recordCount)
        play.checkReplay(play.records, now: play.now)
        drain(&play)
    }

    /// Left alone, with targets that answer 200, the queue empties.
    private func drain(_ play: inout QueuePlay) {
        for id in play.pending { play.admit(id, isDurable: true) }
        play.state.isPaused = false
        play.wake()
        while let wake = play.state.nextWake {
            for flight in play.flights.keys.sorted() { play.end(flight, AttemptOutcome(kind: .succeeded, status: 200)) }
            play.now = max(play.now, min(wake, play.state.nextWake ?? wake))
            play.wake()
            play.check()
        }
        #expect(play.expected.isEmpty)
    }

    @Test("take a task's number as its name, and keep it apart from given names")
    func names() throws {
        let now = time("2026-02-28T00:40:25Z")
        var state = QueueState(Queue(name: "q"), at: now)
        let request = HTTPRequest(url: "http://s/")
        func create(_ name: String? = nil) -> QueuedTask? {
            state.create(NewTask(name: name, request: request), at: now)
        }
        let unnamed = try #require(create())
        #expect(unnamed.name == "1772239225000000" && state.find(unnamed.name) == unnamed.id)
        #expect(create(unnamed.name) == nil)
        let named = try #require(create("1772239225000002"))
        #expect(named.id == 1_772_239_225_000_001 && state.find("1772239225000002") == named.id)
        #expect(state.find("1772239225000001") == nil)
        #expect(create()?.name == "1772239225000003")
    }

    @Test("hold a hundred thousand future tasks")
    func many() {
        let start = time("2026-02-28T00:00:00Z")
        var state = QueueState(Queue(name: "q"), at: start)
        let request = HTTPRequest(url: "http://s/")
        for number in 0..<100_000 {
            // In a scrambled order over ten days.
            let due = start + .seconds(60 + number * 7_919 % 864_000)
            guard let task = state.create(NewTask(request: request, scheduleTime: due), at: start) else { continue }
            state.admit(task.id)
        }
        #expect(state.tasks.count == 100_000 && state.calendar.laterFirstCount == 100_000)
        let early = state.dispatchDue(at: start)
        #expect(early.isEmpty && state.nextWake == start + .seconds(60))
        let burst = state.dispatchDue(at: start + .seconds(86_400))
        #expect(burst.count == 100)
        let purged = state.purge(at: start)
        #expect(purged == 100_000 && state.nextWake == start + .seconds(86_400 + 600))
    }
}
