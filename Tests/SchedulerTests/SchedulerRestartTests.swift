import Foundation
import Journal
import Pipes
import PipesTestSupport
import TestSupport
import Testing
import Time

@testable import Scheduler

@Suite("After a restart the scheduler", .timeLimit(.minutes(1)))
struct SchedulerRestartTests {
    @Test("remembers who was paused, what ran last, and the counts")
    func remembers() async throws {
        try await withFolder { folder in
            let clock = ManualClock(now: time("2026-02-28T00:40:25Z"))
            try await life(folder, clock, [job(state: .paused), job("other")]) { service, _ in
                try await service.resume("tick")
                try await service.pause("other")
                await service.play(clock, until: time("2026-02-28T00:42:10Z"))
            }
            try await life(folder, clock, [job(state: .paused), job("other")]) { service, target in
                let metrics = await service.metrics
                #expect(metrics.map(\.job.state) == [.enabled, .paused])
                #expect(metrics[0].attempts == 2 && metrics[0].lastResult == "OK")
                #expect(metrics[0].lastRun == time("2026-02-28T00:42:00Z"))
                await service.play(clock, until: time("2026-02-28T00:43:00Z"))
                await eventually { target.times == ["43:00"] }
            }
        }
    }

    @Test("follows a declaration that has changed")
    func declaration() async throws {
        try await withFolder { folder in
            let clock = ManualClock(now: time("2026-02-28T00:40:25Z"))
            try await life(folder, clock, [job(state: .paused)]) { service, _ in try await service.resume("tick") }
            try await life(folder, clock, [job(state: .enabled)]) { service, _ in
                #expect(await service.metrics.first?.job.state == .enabled)
                try await service.pause("tick")
            }
            try await life(folder, clock, [job(state: .enabled)]) { service, _ in
                #expect(await service.metrics.first?.job.state == .paused)
            }
            try await life(folder, clock, [job(state: .paused)]) { service, _ in
                #expect(await service.metrics.first?.job.state == .paused)
            }
        }
    }

    @Test("does not make up for what it missed")
    func missed() async throws {
        try await withFolder { folder in
            var clock = ManualClock(now: time("2026-02-28T00:40:25Z"))
            try await life(folder, clock, [job()]) { [clock] service, _ in
                await service.play(clock, until: time("2026-02-28T00:41:00Z"))
                await eventually { await service.metrics.first?.lastSucceeded == true }
            }
            clock = ManualClock(now: time("2026-02-28T00:49:30Z"))
            try await life(folder, clock, [job()]) { [clock] service, target in
                await service.play(clock, until: time("2026-02-28T00:51:10Z"))
                #expect(target.times == ["50:00", "51:00"])
            }
        }
    }

    @Test("does not fire a time again, though the clock was set back")
    func clockSetBack() async throws {
        try await withFolder { folder in
            var clock = ManualClock(now: time("2026-02-28T00:40:25Z"))
            try await life(folder, clock, [job()]) { [clock] service, _ in
                await service.play(clock, until: time("2026-02-28T00:42:10Z"))
            }
            clock = ManualClock(now: time("2026-02-28T00:40:25Z"))
            try await life(folder, clock, [job()]) { [clock] service, target in
                await service.play(clock, until: time("2026-02-28T00:44:10Z"))
                #expect(target.times == ["43:00", "44:00"])
            }
        }
    }

    @Test("is not silenced by a firing that a wrong clock made far ahead")
    func wrongClock() async throws {
        try await withFolder { folder in
            var clock = ManualClock(now: time("2036-02-28T00:40:25Z"))
            try await life(folder, clock, [job()]) { [clock] service, _ in
                await service.play(clock, until: time("2036-02-28T00:41:10Z"))
            }
            clock = ManualClock(now: time("2026-02-28T00:40:25Z"))
            try await life(folder, clock, [job()]) { [clock] service, target in
                await service.play(clock, until: time("2026-02-28T00:41:10Z"))
                #expect(target.times == ["41:00"])
            }
        }
    }

    @Test("does not fire again what a crash cut short, and says so")
    func crash() async throws {
        try await withFolder { folder in
            let crashed = folder + "/crashed"
            let clock = ManualClock(now: time("2026-02-28T00:40:25Z"))
            let target = FakeTarget(clock: clock) { _, _ in
                // What is on disk while the attempt is under way is what a crash leaves.
                try FileManager.default.createDirectory(atPath: crashed, withIntermediateDirectories: true)
                try FileManager.default.copyItem(atPath: folder + "/jobs.ledger", toPath: crashed + "/jobs.ledger")
                return HTTPResponse(status: 200)
            }
            let ledger = try Ledger<JobRecord>(path: folder + "/jobs.ledger")
            let service = try SchedulerService(jobs: [job()], http: target, clock: clock, ledger: ledger)
            await running(service) {
                await service.play(clock, until: time("2026-02-28T00:41:00Z"))
                await eventually { await service.metrics.first?.lastSucceeded == true }
            }
            try await life(crashed, ManualClock(now: time("2026-02-28T00:40:30Z")), [job()]) { service, _ in
                let metrics = try #require(await service.metrics.first)
                #expect(metrics.lastResult == "ABORTED: the program ended during the attempt")
                #expect(metrics.nextRun == time("2026-02-28T00:42:00Z"))
                #expect(metrics.attempts == 1 && metrics.failures == 1)
            }
        }
    }

    @Test("has kept its ledger small")
    func compaction() async throws {
        try await withFolder { folder in
            let clock = ManualClock(now: time("2026-02-28T00:40:25Z"))
            try await life(folder, clock, [job(), job("other")]) { service, _ in
                for _ in 0..<1_200 {
                    try await service.runNow("tick")
                    await eventually { await !service.hasWorkInFlight }
                }
            }
            let ledger = try Ledger<JobRecord>(path: folder + "/jobs.ledger")
            #expect(ledger.recordCount < 1_700)
            try await life(folder, clock, [job(), job("other")]) { service, _ in
                #expect(await service.metrics.first?.attempts == 1_200)
            }
        }
    }

    /// One life of the service, from the ledger in the folder to a clean end.
    private func life(
        _ folder: String, _ clock: ManualClock, _ jobs: [Job],
        _ body: (SchedulerService, FakeTarget) async throws -> Void
    ) async throws {
        let ledger = try Ledger<JobRecord>(path: folder + "/jobs.ledger", durability: .written)
        let target = FakeTarget(clock: clock)
        let service = try SchedulerService(jobs: jobs, http: target, clock: clock, ledger: ledger)
        try await running(service) { try await body(service, target) }
        try await ledger.close()
    }
}
