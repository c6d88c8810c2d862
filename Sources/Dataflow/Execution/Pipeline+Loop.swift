import Logging
import Pipes
import Synchronization
import Time

/// Thrown through an epoch that is given up because the pipeline was asked to stop.
private struct Halt: Error {}

extension Pipeline {
    /// Epoch after epoch, until asked to stop, drained, or at the end of all sources.
    func run() async {
        do {
            while !stopRequested {
                var epoch = Epoch(began: environment.clock.now)
                let isDraining = drainRequested
                try await closeWindows(&epoch, isDraining: isDraining)
                if !isDraining, !isPaused { try await gather(&epoch) }
                if !epoch.isEmpty {
                    try await commit(&epoch)
                } else if isDraining || isInputUsedUp {
                    if isInputUsedUp { try await finishFiles() }
                    phase = .drained
                    return
                } else {
                    try await rest()
                }
            }
            phase = .stopped
        } catch is Halt {
            phase = .stopped
        } catch {
            // What the outside does is tried again, so this is the pipeline's own: state that it can't read.
            phase = .failed(String(describing: error))
            lastError = String(describing: error)
            environment.logger.critical("pipeline '\(name)' failed: \(error)")
        }
        uncommitted = 0
        retryReason = nil
    }

    /// Whether all sources have ended and given everything.
    private var isInputUsedUp: Bool {
        plan.reads.isEmpty && exhaustedCreates.count == plan.creates.count && fileReaders.allSatisfy(\.isExhausted)
            && rowReaders.allSatisfy(\.isExhausted)
    }

    /// Rests until there may be work: a message, a window that can close, a command.
    private func rest() async throws {
        let now = environment.clock.now
        let watermarks = Dictionary(uniqueKeysWithValues: readers.map { ($0.step, $0.watermark) })
        let deadline = plan.nextClosing(earliestEnds: earliestEnds(), sources: watermarks, now: now)
        let sources = isPaused ? [] : readers.map(\.source)
        try await persevere { try await self.wait(until: deadline, for: sources, isIdle: true) }
    }

    /// Does `body` until it succeeds, with growing pauses on the clock. Gives up only when asked to stop.
    func persevere<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        let backoff = RetryBackoff(
            minimum: settings.minRetryDelay, maximum: settings.maxRetryDelay, maxDoublings: 30)
        var attempt = 0
        while true {
            do {
                let answer = try await body()
                if attempt > 0 {
                    environment.logger.notice("pipeline '\(name)' works again after \(attempt) retries")
                    retryReason = nil
                }
                return answer
            } catch is Halt {
                throw Halt()
            } catch let failure as AssertionFailure {
                // Another attempt finds the same.
                throw failure
            } catch {
                attempt += 1
                let reason = String(describing: error)
                if retryReason != reason { environment.logger.error("pipeline '\(name)' retries: \(reason)") }
                retryReason = reason
                lastError = reason
                if stopRequested { throw Halt() }
                let deadline = environment.clock.now + backoff.delay(beforeRetry: attempt)
                try? await wait(until: deadline, for: [], isIdle: false)
                if stopRequested { throw Halt() }
            }
        }
    }

    private func wait(until deadline: Timestamp?, for sources: [any MessageSource], isIdle: Bool) async throws {
        isAsleep.store(false, ordering: .releasing)
        rest = Rest(deadline: deadline, isIdle: isIdle)
        defer { rest = nil }
        let clock = environment.clock
        let bell = bell
        try await withThrowingTaskGroup(of: Void.self) { group in
            for source in sources { group.addTask { try await source.waitForMessages() } }
            if let deadline {
                group.addTask {
                    self.isAsleep.store(true, ordering: .releasing)
                    try await clock.sleep(until: deadline)
                }
            }
            group.addTask { try await bell.wait() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
