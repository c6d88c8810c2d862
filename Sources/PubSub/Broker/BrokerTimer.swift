import HeapModule
import Synchronization
import Time

/// Something that wants to be told when a time has come.
protocol TimerTarget: AnyObject, Sendable {
    /// The time has come, or somewhat more.
    func timeHasCome()
}

/// One sleeping task for all deadlines of a broker.
final class BrokerTimer: Sendable {
    private struct Entry: Comparable, Sendable {
        var time: Timestamp
        let target: Target

        static func < (a: Entry, b: Entry) -> Bool { a.time < b.time }

        static func == (a: Entry, b: Entry) -> Bool { a.time == b.time }
    }

    /// Does not keep alive what has been deleted meanwhile.
    private final class Target: Sendable {
        private struct Box { weak var target: (any TimerTarget)? }

        private let box: Mutex<Box>

        init(_ target: any TimerTarget) { box = Mutex(Box(target: target)) }

        var value: (any TimerTarget)? { box.withLock { $0.target } }
    }

    private struct State {
        var entries = Heap<Entry>()
        var alarm = Alarm()
        var isStopped = false
    }

    private let clock: any WallClock
    private let state = Mutex(State())

    init(clock: any WallClock) { self.clock = clock }

    /// Calls `target` at `time`.
    func schedule(_ target: any TimerTarget, at time: Timestamp) {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.entries.insert(Entry(time: time, target: Target(target)))
            setAlarm(&state)
        }
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.alarm.cancel()
            state.entries = Heap()
        }
    }

    private func setAlarm(_ state: inout State) {
        state.alarm.set(to: state.entries.min?.time, on: clock) { [weak self] in self?.ring() }
    }

    private func ring() {
        let now = clock.now
        let due = state.withLock { state -> [Target] in
            guard !state.isStopped else { return [] }
            var due: [Target] = []
            while let entry = state.entries.min, entry.time <= now {
                due.append(entry.target)
                state.entries.removeMin()
            }
            state.alarm.hasRung()
            setAlarm(&state)
            return due
        }
        for target in due { target.value?.timeHasCome() }
    }
}
