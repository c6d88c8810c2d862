import Control
import Foundation
import Testing

@testable import Host

/// A whole stack in a folder of its own: a job whose application publishes what the test laid out, a pipeline that
/// writes it to a table, and one that writes the dead letters to another.
@Suite struct StackHostTests {
    @Test(.timeLimit(.minutes(1))) func whatIsNoJSONBecomesADeadLetterWithItsReason() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        try await bench.run { host in
            #expect(await host.snapshot().isTriggered == false)
            bench.publishNext([#"{"name": "a", "amount": 1}"#, "{garbage", #"{"name": "b", "amount": 2}"#])
            #expect(await host.perform(.resumeJob(name: "tick")).text == "job tick is resumed and fires now")
            let done = await bench.snapshot(of: host) { $0.rows("events") == 2 && $0.rows("letters") == 1 }
            #expect(done.isTriggered)
            #expect(done.pipelines.first { $0.name == "store" }?.rejected == 1)
            #expect(done.topics.first { $0.name.hasSuffix("dead") }?.published == 1)
            #expect(await host.perform(.pauseJob(name: "tick")).text == "job tick is paused")
            #expect(await host.snapshot().isTriggered == false)
        }
        let letters = try bench.rows("SELECT payload, reason FROM d.letters")
        #expect(letters.count == 1)
        #expect(letters.first?.contains("{garbage") == true)
        #expect(letters.first?.contains("expected a key, found 'g' at byte 1") == true)
        #expect(try bench.rows("SELECT name, amount FROM d.events ORDER BY name") == ["a,1", "b,2"])
    }

    @Test(.timeLimit(.minutes(1))) func countsGoOnAfterARestart() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        try await bench.run { host in
            bench.publishNext([#"{"name": "a", "amount": 1}"#])
            _ = await host.perform(.resumeJob(name: "tick"))
            _ = await bench.snapshot(of: host) { $0.rows("events") == 1 }
            _ = await host.perform(.pauseJob(name: "tick"))
        }
        try await bench.run { host in
            let start = await host.snapshot()
            #expect(start.rows("events") == 1)
            #expect(start.isTriggered == false)
            bench.publishNext([#"{"name": "b", "amount": 2}"#])
            _ = await host.perform(.resumeJob(name: "tick"))
            _ = await bench.snapshot(of: host) { $0.rows("events") == 2 }
        }
        #expect(try bench.rows("SELECT name, amount FROM d.events ORDER BY name") == ["a,1", "b,2"])
        // It was not paused again: that too is remembered.
        try await bench.run { host in #expect(await host.snapshot().isTriggered) }
    }

    @Test(.timeLimit(.minutes(1))) func commandsShowInTheFigures() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        try await bench.run { host in
            #expect(await host.perform(.setWorkers(pipeline: "store", count: 3)).text == "pipeline store has 3 workers")
            _ = await bench.snapshot(of: host) { $0.pipelines.first { $0.name == "store" }?.workers == 3 }
            let scaled = await host.perform(.setInstances(service: "publisher", count: 2))
            #expect(scaled == .done("service publisher has 2 instances"))
            #expect(await host.snapshot().services.first?.instances == 2)
            #expect(await host.snapshot().services.first?.isManual == true)
            _ = await host.perform(.pauseQueue(name: "work"))
            #expect(await host.snapshot().queues.first?.isPaused == true)
            _ = await host.perform(.resumeQueue(name: "work"))
            #expect(await host.snapshot().queues.first?.isPaused == false)
            #expect(await host.perform(.purgeQueue(name: "work")) == .done("queue work: 0 tasks deleted"))

            _ = await host.perform(.pausePipeline(name: "store"))
            bench.publishNext([#"{"name": "a", "amount": 1}"#])
            _ = await host.perform(.resumeJob(name: "tick"))
            _ = await bench.snapshot(of: host) { $0.backlog("events-sub") == 1 && $0.backlog("spare-sub") == 1 }
            _ = await host.perform(.pauseJob(name: "tick"))
            #expect(await host.snapshot().rows("events") == 0)
            _ = await host.perform(.resumePipeline(name: "store"))
            _ = await bench.snapshot(of: host) { $0.rows("events") == 1 && $0.backlog("events-sub") == 0 }

            let purged = await host.perform(.purgeSubscription(name: "spare-sub"))
            #expect(purged == .done("subscription spare-sub: 1 message acknowledged unread"))
            #expect(await host.snapshot().backlog("spare-sub") == 0)
            let sought = await host.perform(.seekSubscription(name: "spare-sub", secondsBack: 3600))
            #expect(sought == .done("subscription spare-sub goes back 3600 s: 1 message waits again"))
            #expect(await host.snapshot().backlog("spare-sub") == 1)
            _ = await host.perform(.detachSubscription(name: "spare-sub"))
            #expect(await host.snapshot().backlog("spare-sub") == 0)
        }
    }

    @Test(.timeLimit(.minutes(1))) func whatCannotBeDoneIsRefusedWithAReason() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let commands: [(Command, String)] = [
            (.setWorkers(pipeline: "store", count: 0), "pipeline store has 1 to 8 workers, not 0"),
            (.setWorkers(pipeline: "stor", count: 1), "there is no pipeline 'stor'; did you mean 'store'?"),
            (.setInstances(service: "publisher", count: 9), "service publisher has 0 to 2 instances, not 9"),
            (
                .setInstances(service: "publish", count: 1),
                "there is no service 'publish'; did you mean 'publisher'?"
            ),
            (
                .seekSubscription(name: "spare-sub", secondsBack: 1e300),
                "a subscription goes back 0 to 2678400 s (31 days), not 1e+300 s"
            ),
            (
                .exportSnapshot(path: "/nowhere/x.json"),
                "/nowhere/x.json: No such file or directory; choose another file"
            ),
        ]
        try await bench.run { host in
            for (command, reason) in commands { #expect(await host.perform(command) == .refused(reason)) }
            for command in [Command.runJob(name: "x"), .pauseQueue(name: "x"), .detachSubscription(name: "x")] {
                guard case .refused = await host.perform(command) else {
                    Issue.record("\(command) was not refused")
                    continue
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func anExportHoldsWhatTheSnapshotHolds() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let file = bench.folder.appendingPathComponent("figures.json")
        try await bench.run { host in
            _ = await host.perform(.exportSnapshot(path: file.path))
        }
        let exported = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        #expect((exported?["tables"] as? [Any])?.count == 2)
        #expect((exported?["pipelines"] as? [Any])?.count == 2)
    }

    @Test(.timeLimit(.minutes(1))) func beforeAndAfterTheRunCommandsAreRefusedAndFiguresStay() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let host = bench.host()
        let early = await host.perform(.runJob(name: "tick"))
        #expect(early == .refused("streamtop is not running yet; try again in a moment"))
        #expect(await host.snapshot().tables.isEmpty)
        try await bench.run(host) { _ in }
        #expect(await host.perform(.runJob(name: "tick")) == .refused("streamtop stops"))
        #expect(await host.snapshot().tables.count == 2)
    }

    @Test(.timeLimit(.minutes(1))) func aServiceWithoutItsApplicationKeepsTheHostFromStarting() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let host = bench.host(handlers: [:])
        await #expect(throws: HostError.self) { try await host.run() }
    }

    @Test(.timeLimit(.minutes(1))) func aPortInUseEndsTheRun() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let other = try Bench()
        defer { other.remove() }
        try await bench.run(bench.host(listen: AdminServer.Address("127.0.0.1:0"))) { _ in
            let taken = try #require(bench.addresses.first { $0.hasPrefix("http://") })
            let address = try #require(AdminServer.Address(String(taken.dropFirst(7))))
            let second = other.host(listen: address)
            let error = await #expect(throws: HostError.self) { try await second.run() }
            #expect(error?.message == "cannot listen on \(address): Address already in use")
        }
    }
}

extension Snapshot {
    fileprivate func rows(_ table: String) -> Int64? { tables.first { $0.name == table }?.rows }

    fileprivate func backlog(_ subscription: String) -> Int? {
        subscriptions.first { $0.name.hasSuffix(subscription) }?.backlogMessages
    }
}
