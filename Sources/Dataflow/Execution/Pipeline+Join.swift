import Columnar
import Time

extension Plan {
    /// The sources of steps that a step's rows come from.
    private func allSources(of step: Int) -> Set<Int> {
        Set((reads + fileReads + rowReads).filter { isUpstream($0, of: step) })
    }

    private func isUpstream(_ source: Int, of step: Int) -> Bool {
        source == step || nodes[step].step.inputs.contains { isUpstream(source, of: $0.step) }
    }

    /// For every reading step those whose rows it meets in a join, and that it does not itself feed on that side.
    ///
    /// What ends first is read first: then nothing of the rest need be kept.
    func makeRivals() -> [Int: Set<Int>] {
        var rivals: [Int: Set<Int>] = [:]
        for join in joins {
            let inputs = nodes[join].step.inputs
            let (left, right) = (allSources(of: inputs[0].step), allSources(of: inputs[1].step))
            for a in left.subtracting(right) {
                for b in right.subtracting(left) {
                    rivals[a, default: []].insert(b)
                    rivals[b, default: []].insert(a)
                }
            }
        }
        return rivals
    }
}

extension Pipeline {
    // MARK: Reading

    /// The reading steps that wait until smaller inputs of a join have been read: files for tables and smaller files,
    /// messages, which have no end, for all of these.
    func waitingReaders() -> Set<Int> {
        if plan.rivals.isEmpty { return [] }
        var sizes: [Int: Int64] = [:]
        for reader in fileReaders { sizes[reader.step] = reader.totalBytes }
        // How much a query gives is not known; it is seldom much.
        for reader in rowReaders { sizes[reader.step] = 0 }
        let reading =
            fileReaders.filter { !$0.isExhausted }.map(\.step) + rowReaders.filter { !$0.isExhausted }.map(\.step)
        return Set(
            plan.rivals.keys.filter { step in
                reading.contains { rival in
                    guard plan.rivals[step]?.contains(rival) == true, let size = sizes[rival] else { return false }
                    return sizes[step].map { (size, rival) < ($0, step) } ?? true
                }
            })
    }

    // MARK: Rows

    /// What passes may know of the joins.
    var joinLookups: [Int: JoinLookup] { joins.mapValues(\.lookup) }

    /// Takes in what passes have left for joins, in their order, and drives on what comes of it.
    func takeJoined(_ results: [Pass.Result], _ epoch: inout Epoch) async throws {
        var output: [Int: [Batch]] = [:]
        for result in results {
            for (step, side, window, rows) in result.matched { joins[step]?.note(matched: rows, window, side) }
            for (step, side, rows) in result.joined {
                let started = environment.clock.now
                output[step, default: []] += joins[step]?.take(rows, side) ?? []
                counts[step].busy += (environment.clock.now - started).micros
                epoch.hasStateChanges = true
            }
        }
        if output.isEmpty { return }
        for step in output.keys.sorted() {
            try checkSize(step)
            try await drive(output[step] ?? [], step: step, &epoch)
        }
    }

    /// Rows cannot leave memory: any of them may meet the next one that comes.
    private func checkSize(_ step: Int) throws {
        guard let bytes = joins[step]?.bytes, bytes > settings.maxMemoryBytes else { return }
        throw PipelineError(
            .outOfMemory,
            "step '\(plan.nodes[step].step.name)' keeps \(bytes >> 20) MiB of rows, more than maxMemoryBytes "
                + "(\(settings.maxMemoryBytes >> 20) MiB); any of them may meet the next row that comes, so none can "
                + "leave memory. Join in shorter windows, drop fields before it, or raise maxMemoryBytes")
    }

    private func drive(_ batches: [Batch], step: Int, _ epoch: inout Epoch) async throws {
        let batch = Batch.concatenating(batches)
        if batch.count == 0 { return }
        counts[step].elementsOut += Int64(batch.count)
        changedCounts.insert(step)
        try await drive(chunks(of: batch, step: step), &epoch)
    }

    // MARK: Watermarks

    /// The earliest end of a window that waits for an input of a join.
    func joinEnds() -> [(join: Int, input: Int, end: Int64)] {
        var ends: [(join: Int, input: Int, end: Int64)] = []
        for step in plan.joins {
            for side in Join.Side.allCases {
                guard let end = joins[step]?.earliestEnd(waitingFor: side) else { continue }
                ends.append((step, plan.nodes[step].step.inputs[side.rawValue].step, end))
            }
        }
        return ends
    }

    /// Moves a join's watermarks on, and drives on the rows that find no partner any more.
    func advance(_ step: Int, to watermarks: [Timestamp], isDraining: Bool, _ epoch: inout Epoch) async throws {
        guard let before = joins[step]?.count else { return }
        let bounds = watermarks.map { $0 >= .distantFuture ? Int64.max : $0.micros }
        let output = joins[step]?.advance(to: bounds, isFinal: isDraining) ?? []
        if joins[step]?.count != before { epoch.hasStateChanges = true }
        if output.isEmpty { return }
        try await drive(output, step: step, &epoch)
        try await settle()
    }
}
