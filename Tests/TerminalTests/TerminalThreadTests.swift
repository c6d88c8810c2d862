import Foundation
import Testing

@testable import Terminal

@Suite(.timeLimit(.minutes(1))) struct TerminalThreadTests {
    /// An actor on a thread of its own, as the terminal is.
    actor Owner {
        nonisolated let executor = TerminalThread()
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
        private var threads: Set<ObjectIdentifier> = []
        private(set) var count = 0

        deinit { executor.stop() }

        func step() { count += 1; threads.insert(ObjectIdentifier(Thread.current)) }
        var threadCount: Int { threads.count }

        nonisolated func watch(_ descriptor: Int32, _ report: @escaping @Sendable (Int) -> Void) {
            executor.watch(descriptor) { [weak self] events in
                guard events & Int16(POLLIN) != 0, let self else { return }
                // Traps unless the thread counts as the actor's own.
                self.assumeIsolated { owner in
                    owner.step()
                    report(owner.count)
                }
                self.executor.watch(nil, onWake: nil)
            }
        }
    }

    @Test func everyJobRunsOnTheOneThread() async {
        let owner = Owner()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 { group.addTask { await owner.step() } }
        }
        #expect(await owner.count == 200)
        #expect(await owner.threadCount == 1)
    }

    @Test func inputWakesTheThreadInTheActorsIsolation() async throws {
        let owner = Owner()
        await owner.step()
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let (reports, reporter) = AsyncStream.makeStream(of: Int.self)
        owner.watch(ends[0]) { reporter.yield($0) }
        var byte: UInt8 = 1
        #expect(write(ends[1], &byte, 1) == 1)
        var iterator = reports.makeAsyncIterator()
        #expect(await iterator.next() == 2)
        #expect(await owner.threadCount == 1)
    }
}
