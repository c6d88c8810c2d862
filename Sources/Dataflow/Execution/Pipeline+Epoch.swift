import Columnar
import Logging
import Pipes
import Synchronization
import Time

extension Pipeline {
    /// At most this much goes through the steps as one chunk: it should stay in the cache between them.
    private static let chunkRows = 8192
    private static let chunkBytes = 4 << 20
    /// Pieces of files in a round: a round is long enough that its end, where workers wait for the last, is rare.
    private static let piecesPerRound = 16
    private static let piecesPerWorker = 4
    /// Not worth a task of its own.
    private static let minChunkRows = 64

    // MARK: Messages

    /// Pulls what is at hand and drives it through the steps, until there is nothing more or the epoch is full.
    func gather(_ epoch: inout Epoch) async throws {
        for create in plan.creates where exhaustedCreates.insert(create).inserted {
            epoch.hasStateChanges = true
            if case .create(let batch) = plan.nodes[create].work {
                counts[create].elementsOut += Int64(batch.count)
                changedCounts.insert(create)
                try await drive(chunks(of: batch, step: create), &epoch)
            }
        }
        let waiting = waitingReaders()
        var isMore = true
        while isMore, !isFull(epoch) {
            isMore =
                fileReaders.contains { !$0.isExhausted && !waiting.contains($0.step) }
                || rowReaders.contains { !$0.isExhausted }
            var entries: [Pass.Entry] = []
            for turn in readers.indices {
                if isFull(epoch) { break }
                // Every epoch begins with another source, so that a busy one does not starve the rest.
                let index = (turn + Int(self.epoch % UInt64(readers.count))) % readers.count
                if waiting.contains(readers[index].step) { continue }
                let limit = readers[index].pullLimit(
                    messages: settings.maxMessagesPerEpoch - epoch.messageCount,
                    bytes: settings.maxBytesPerEpoch - epoch.bytes)
                let source = readers[index].source
                let messages = try await persevere { try await source.pull(limit: limit) }
                if messages.isEmpty { continue }
                isMore = true
                let bytesBefore = epoch.bytes
                epoch.cover(messages, step: readers[index].step)
                readers[index].notePull(messages: messages.count, bytes: epoch.bytes - bytesBefore)
                uncommitted += messages.count
                let fresh = readers[index].deduplicate(messages, at: environment.clock.now)
                let step = readers[index].step
                if fresh.count < messages.count {
                    let duplicates = Int64(messages.count - fresh.count)
                    counts[step].elementsIn += duplicates
                    counts[step].duplicates += duplicates
                    changedCounts.insert(step)
                }
                entries += chunks(of: fresh, step: step)
            }
            try pieces(&entries, without: waiting, &epoch)
            for (step, batch) in try await scanRows(&epoch) { entries += chunks(of: batch, step: step) }
            if !entries.isEmpty { try await drive(entries, &epoch) }
        }
        try await settle()
    }

    /// A few pieces of files for every worker.
    private func pieces(_ entries: inout [Pass.Entry], without waiting: Set<Int>, _ epoch: inout Epoch) throws {
        for index in fileReaders.indices where !fileReaders[index].isExhausted {
            if waiting.contains(fileReaders[index].step) { continue }
            for _ in 0..<max(Self.piecesPerRound, workers * Self.piecesPerWorker) {
                if epoch.bytes >= settings.maxBytesPerEpoch { break }
                guard let piece = try fileReaders[index].next() else {
                    // Its end is news to those that wait for it.
                    epoch.hasStateChanges = true
                    break
                }
                epoch.cover(fileBytes: piece.count)
                entries.append(.piece(step: fileReaders[index].step, piece))
            }
        }
    }

    private func isFull(_ epoch: Epoch) -> Bool {
        stopRequested || drainRequested || epoch.messageCount >= settings.maxMessagesPerEpoch
            || epoch.bytes >= settings.maxBytesPerEpoch
            || environment.clock.now - epoch.began >= settings.epochInterval
    }

    private func chunks(of messages: [IncomingMessage], step: Int) -> [Pass.Entry] {
        if messages.isEmpty { return [] }
        let bytes = messages.reduce(0) { $0 + $1.data.count }
        let forCache = max(messages.count / Self.chunkRows, bytes / Self.chunkBytes) + 1
        let forWorkers = min(workers, messages.count / Self.minChunkRows)
        return ranges(messages.count, parts: max(forCache, forWorkers)).map { .messages(step: step, messages[$0]) }
    }

    func chunks(of batch: Batch, step: Int) -> [Pass.Entry] {
        let forWorkers = min(workers, batch.liveCount / Self.minChunkRows)
        return ranges(batch.liveCount, parts: max(batch.liveCount / Self.chunkRows + 1, forWorkers))
            .map { .rows(step: step, .main, batch.slice($0)) }
    }

    /// `count` things in about equal parts, none empty.
    private func ranges(_ count: Int, parts: Int) -> [Range<Int>] {
        let parts = min(max(parts, 1), count)
        return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
    }

    // MARK: Windows

    /// Looks at the sources, moves the watermarks on, and gives out the windows that they have passed.
    func closeWindows(_ epoch: inout Epoch, isDraining: Bool) async throws {
        for index in readers.indices {
            let observed = await observation(of: readers[index])
            readers[index].watermark.observe(
                now: observed.now, oldestUnacknowledged: observed.oldest, oldestPublishTime: observed.oldestPublishTime)
        }
        if plan.combines.isEmpty, plan.joins.isEmpty { return }
        let sources = isDraining ? plan.endOfTime : sourceWatermarks(of: readers)
        var outputs: [Timestamp] = []
        for node in plan.nodes {
            let step = node.step.id
            let input = plan.inputWatermark(of: node, outputs: outputs, sources: sources)
            if case .join = node.work {
                let inputs = node.step.inputs.map { outputs[$0.step] }
                try await advance(step, to: inputs, isDraining: isDraining, &epoch)
            }
            guard case .combine(let combine) = node.work else {
                outputs.append(hold(step).map { min(input, $0) } ?? input)
                continue
            }
            try await close(combine, step: step, at: input, &epoch)
            // A drain ends nothing for good: the next start begins with windows as open as they were.
            if !isDraining { watermarks[step] = max(watermarks[step] ?? .distantPast, input) }
            outputs.append(hold(step).map { min(input, $0) } ?? input)
        }
    }

    /// Key groups that close their windows side by side.
    private static let groupsPerClosing = 16

    /// Gives out what the watermark has passed, but no more than an epoch should hold: the rest stays open for the next.
    private func close(_ combine: CombineStep, step: Int, at watermark: Timestamp, _ epoch: inout Epoch) async throws {
        guard let groups = keyGroups[step] else { return }
        let bound = watermark >= .distantFuture ? Int64.max : watermark.micros
        let (workers, clock) = (workers, environment.clock)
        var waiting: [Batch] = []
        var waitingRows = 0
        for first in stride(from: 0, to: groups.count, by: Self.groupsPerClosing) {
            // As many panes as it takes: a pane is a part of what a key group closes.
            while !epoch.isFull(rows: settings.maxMessagesPerEpoch) {
                let due = groups[first..<min(first + Self.groupsPerClosing, groups.count)].filter {
                    $0.table.withLock { $0.earliestEnd.map { $0 <= bound } ?? false }
                }
                if due.isEmpty { break }
                let closings = await Workers.map(due, workers: due.count < 2 ? 1 : workers) { group in
                    Closing(group, at: bound, combine, clock)
                }
                for closing in closings {
                    counts[step].busy += closing.busy
                    if let problem = closing.problem { throw problem }
                    guard let batch = closing.batch else { continue }
                    epoch.hasStateChanges = true
                    if !closing.failures.isEmpty { rejectResults(batch, closing.failures, step: step, &epoch) }
                    let good = batch.withoutRows(closing.failures)
                    counts[step].elementsOut += Int64(good.liveCount)
                    changedCounts.insert(step)
                    waiting.append(good)
                    waitingRows += good.liveCount
                }
                if waitingRows >= Self.chunkRows {
                    try await drive(chunks(of: Batch.concatenating(waiting), step: step), &epoch)
                    (waiting, waitingRows) = ([], 0)
                }
            }
        }
        if waitingRows > 0 { try await drive(chunks(of: Batch.concatenating(waiting), step: step), &epoch) }
        try await settle()
    }

    /// A window without a result (a sum out of bounds): there is no element to show, so its row goes to the dead letters.
    private func rejectResults(_ batch: Batch, _ failures: RowFailures, step: Int, _ epoch: inout Epoch) {
        let positions = failures.reasons.keys.sorted()
        let reasons = positions.compactMap { failures.reasons[$0] }
        epoch.deadLetters += ErrorRows.deadLetters(
            of: batch.taking(positions), reasons: reasons, step: plan.nodes[step].step.name)
        counts[step].rejected += Int64(positions.count)
        lastError = reasons.last.map { "step '\(plan.nodes[step].step.name)': \($0)" }
    }

    // MARK: Looking at the sources

    /// The clock is read first: a message that is published after that has a later publish time.
    func observation(of reader: Reader) async -> (now: Timestamp, oldest: Timestamp?, oldestPublishTime: Timestamp?) {
        let now = environment.clock.now
        let oldest = await reader.source.oldestUnacknowledged(timestampAttribute: reader.read.timestampAttribute)
        if reader.read.timestampAttribute == nil || oldest == nil { return (now, oldest, oldest) }
        return (now, oldest, await reader.source.backlog().oldestPublishTime)
    }

    func sourceWatermarks(of readers: [Reader]) -> [Int: Timestamp] {
        var sources: [Int: Timestamp] = [:]
        for reader in readers { sources[reader.step] = reader.watermark.value }
        for reader in fileReaders { sources[reader.step] = reader.isExhausted ? .distantFuture : .distantPast }
        for reader in rowReaders { sources[reader.step] = reader.isExhausted ? .distantFuture : .distantPast }
        for create in plan.creates {
            sources[create] = exhaustedCreates.contains(create) ? .distantFuture : .distantPast
        }
        return sources
    }

    /// The earliest end of an open window, by `Combine` step.
    func earliestEnds() -> [Int: Int64] {
        keyGroups.compactMapValues { groups in groups.compactMap { $0.table.withLock(\.earliestEnd) }.min() }
    }

    /// The earliest event time that a `Combine` or a join may still give: its first window's last microsecond.
    func hold(_ step: Int) -> Timestamp? {
        let end =
            joins[step].map(\.earliestEnd)
            ?? keyGroups[step]?.compactMap { $0.table.withLock(\.earliestEnd) }.min()
        // The global window ends after the end of time: while it is open, what follows must not take that for reached.
        return end.map { Timestamp(micros: min($0, Timestamp.distantFuture.micros) - 1) }
    }
}
