import Pipes
import TestSupport
import Testing
import Time

@testable import Scheduler

@Suite("A job's decisions")
struct JobMachineTests {
    @Test("keep to one attempt at a time and fire no time twice, whatever happens", arguments: 0..<30)
    func invariants(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let retry = JobRetryConfig(
            retryCount: Int.random(in: 0...5, using: &random),
            maxRetryDuration: .seconds(Int.random(in: 0...100, using: &random)), minBackoffDuration: .seconds(3))
        var machine = try JobMachine(job(state: seed % 2 == 0 ? .enabled : .paused, retry: retry))
        var now = time("2026-02-28T00:40:25Z")
        machine.start(at: now)
        var underWay: JobAttempt?
        var fired: [Timestamp] = []
        var byHand: Set<Timestamp> = []
        var lastID: UInt64 = 0

        func take(_ actions: [JobAction]) {
            for action in actions {
                switch action {
                case .attempt(let attempt):
                    #expect(underWay == nil, "two attempts at once")
                    #expect(attempt.id > lastID)
                    #expect(attempt.begunAt == now)
                    lastID = attempt.id
                    underWay = attempt
                    if fired.last != attempt.scheduleTime { fired.append(attempt.scheduleTime) }
                case .abandon(let id):
                    #expect(underWay?.id == id)
                    underWay = nil
                case .remember: break
                }
            }
        }

        for _ in 0..<600 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0: take(machine.pause())
            case 1...2: take(machine.resume(at: now))
            case 3:
                let wasUnderWay = underWay != nil
                let actions = machine.runNow(at: now)
                #expect((actions == nil) == wasUnderWay)
                byHand.insert(now)
                take(actions ?? [])
            case 4...7:
                guard let attempt = underWay else { continue }
                underWay = nil
                let isOK = Bool.random(using: &random)
                take(
                    machine.attemptEnded(id: attempt.id, with: isOK ? .ok : JobStatus(code: 14, message: "no"), at: now)
                )
                // What ended before is ignored.
                #expect(machine.attemptEnded(id: attempt.id, with: .ok, at: now).isEmpty)
            case 8: now = now + .seconds(Int.random(in: 0..<200, using: &random))
            default: if let next = machine.nextWake { now = max(now, next) }
            }
            if let due = machine.nextWake, due <= now { take(machine.wake(at: now)) }
            #expect(machine.isAttempting == (underWay != nil))
            if let next = machine.nextWake { #expect(next > now, "it would be woken for ever") }
            #expect(!machine.isPaused || machine.nextRun == nil)
            if let next = machine.nextRun, underWay == nil { #expect(next > now && next - now <= .seconds(60)) }
        }
        let scheduled = fired.filter { !byHand.contains($0) }
        #expect(scheduled == Array(Set(scheduled)).sorted(), "a scheduled time fired twice or out of order")
        #expect(machine.attempts == lastID)
        #expect(lastID > 20)
    }

    @Test(
        "retry as both limits allow",
        arguments: [
            // count, duration s, failures, age s, allowed
            (0, 0, 1, 0, false), (2, 0, 1, 0, true), (2, 0, 2, 9_999, true), (2, 0, 3, 0, false), (0, 60, 5, 59, true),
            (0, 60, 5, 60, false), (2, 60, 3, 59, true), (2, 60, 2, 61, true), (2, 60, 3, 61, false),
        ])
    func limits(count: Int, duration: Int, failures: Int, age: Int, allowed: Bool) {
        let config = JobRetryConfig(retryCount: count, maxRetryDuration: .seconds(duration))
        #expect(config.allowsRetry(afterFailures: failures, age: .seconds(age)) == allowed)
    }

    @Test("drop a waiting retry when the job is paused, and make it at once when it is run by hand")
    func waitingRetry() throws {
        let now = time("2026-02-28T00:40:25Z")
        var machine = try JobMachine(job(retry: JobRetryConfig(retryCount: 5)))
        machine.start(at: now)
        #expect(machine.runNow(at: now)?.count == 1)
        _ = machine.attemptEnded(id: 1, with: JobStatus(code: 14, message: "no"), at: now)
        #expect(machine.nextWake == now + .seconds(5))
        #expect(
            machine.runNow(at: now + .seconds(1)) == [
                .attempt(JobAttempt(id: 2, scheduleTime: now, begunAt: now + .seconds(1)))
            ])
        _ = machine.attemptEnded(id: 2, with: JobStatus(code: 14, message: "no"), at: now + .seconds(2))
        #expect(machine.nextWake == now + .seconds(12))
        _ = machine.pause()
        #expect(machine.nextWake == nil)
    }
}
