import Columnar
import Synchronization
import Time

/// What passes have left: rows for keyed state and bytes for files, by step and in their order.
///
/// It is worked off beside the next passes, so that no worker waits for another between reading, folding and writing.
struct Unsettled: Sendable {
    var keyed: [Int: [KeyedBatch]] = [:]
    var files: [Int: [WriteFilesStep.Part]] = [:]

    var isEmpty: Bool { keyed.isEmpty && files.isEmpty }
}

/// A piece of work of one round; those of a round do not depend on each other.
enum Job: Sendable {
    /// Some key groups of a step take their parts of the batches, in the batches' order.
    case fold(step: Int, groups: [KeyGroup], numbers: [Int], [KeyedBatch])
    /// A file writer, by its position, takes what is for it.
    case write(Int, FileWriter, [WriteFilesStep.Part])
    /// A chunk goes through the steps.
    case pass(Pass, Pass.Entry)

    /// What came of it.
    enum Outcome: Sendable {
        case folded(step: Int, busy: Int64, problem: String?)
        case written(Int, FileWriter, problem: (any Error)?)
        case passed(Pass.Result)
        /// The pass can be tried again.
        case refused(any Error)
    }

    func done(_ clock: any WallClock) async -> Outcome {
        switch self {
        case .fold(let step, let groups, let numbers, let batches):
            let started = clock.now
            var problem: String?
            for number in numbers {
                groups[number].table.withLock { table in
                    for batch in batches { table.fold(batch, keyGroup: number) }
                    problem = problem ?? table.problem
                }
            }
            return .folded(step: step, busy: (clock.now - started).micros, problem: problem)
        case .write(let position, var writer, let parts):
            do {
                try writer.append(parts)
                return .written(position, writer, problem: nil)
            } catch {
                return .written(position, writer, problem: error)
            }
        case .pass(let pass, let entry):
            do {
                return .passed(try await pass.run(entry))
            } catch {
                return .refused(error)
            }
        }
    }
}

extension Pipeline {
    /// Not worth a task of its own.
    private static let minFoldedRows = 2048
    private static let foldsPerWorker = 4

    /// Drives chunks through the element-wise steps, and works off what the round before has left.
    func drive(_ entries: [Pass.Entry], _ epoch: inout Epoch) async throws {
        let pass = Pass(plan: plan, clock: environment.clock, watermarks: watermarks, joins: joinLookups)
        var jobs = settlingJobs() + entries.map { .pass(pass, $0) }
        var places = Array(-(jobs.count - entries.count)..<entries.count)
        var results = [Pass.Result?](repeating: nil, count: entries.count)
        let (workers, clock) = (workers, environment.clock)
        try await persevere {
            let outcomes = await Workers.map(jobs, workers: workers) { await $0.done(clock) }
            var refused: [Int] = []
            var refusal: (any Error)?
            for (index, outcome) in outcomes.enumerated() {
                switch outcome {
                case .passed(let result): results[places[index]] = result
                case .refused(let error):
                    refused.append(index)
                    refusal = error
                default: note(outcome)
                }
            }
            (jobs, places) = (refused.map { jobs[$0] }, refused.map { places[$0] })
            if let refusal { throw refusal }
        }
        if let fault { throw fault }
        let passed = results.compactMap { $0 }
        try take(passed, &epoch)
        try await takeJoined(passed, &epoch)
    }

    /// Works off what is left.
    func settle() async throws {
        let (jobs, workers, clock) = (settlingJobs(), workers, environment.clock)
        if jobs.isEmpty { return }
        for outcome in await Workers.map(jobs, workers: workers, { await $0.done(clock) }) { note(outcome) }
        if let fault { throw fault }
    }

    /// What is left as jobs. It counts as done.
    private func settlingJobs() -> [Job] {
        if unsettled.isEmpty { return [] }
        var jobs: [Job] = []
        for (index, writer) in fileWriters.enumerated() {
            if let parts = unsettled.files[writer.step] { jobs.append(.write(index, writer, parts)) }
        }
        for (step, batches) in unsettled.keyed.sorted(by: { $0.key < $1.key }) {
            guard let groups = keyGroups[step] else { continue }
            let rows = batches.reduce(0) { $0 + $1.rows.count }
            let shares = workers == 1 || rows < Self.minFoldedRows ? 1 : workers * Self.foldsPerWorker
            for share in 0..<shares {
                let numbers = Array(stride(from: share, to: groups.count, by: shares))
                jobs.append(.fold(step: step, groups: groups, numbers: numbers, batches))
            }
        }
        unsettled = Unsettled()
        return jobs
    }

    private func note(_ outcome: Job.Outcome) {
        switch outcome {
        case .folded(let step, let busy, let problem):
            counts[step].busy += busy
            if let problem, fault == nil { fault = PipelineError(.unavailable, problem) }
        case .written(let index, let writer, let problem):
            fileWriters[index] = writer
            if let problem, fault == nil { fault = problem }
        case .passed, .refused: break
        }
    }

    /// Takes in what passes have left, in their order.
    private func take(_ results: [Pass.Result], _ epoch: inout Epoch) throws {
        for result in results {
            if let failure = result.failure { throw failure }
            for (step, batch) in result.keyed { unsettled.keyed[step, default: []].append(batch) }
            for (step, parts) in result.files { unsettled.files[step, default: []] += parts }
            for step in counts.indices where result.counts[step] != StepCounts() {
                counts[step] += result.counts[step]
                changedCounts.insert(step)
            }
            epoch.rows += result.rows
            epoch.messages += result.messages
            epoch.deadLetters += result.deadLetters
            if let problem = result.problem { lastError = problem }
        }
        noteEventTimes(results)
    }

    private func noteEventTimes(_ results: [Pass.Result]) {
        for index in readers.indices {
            let step = readers[index].step
            guard let minimum = results.compactMap({ $0.minimumEventTimes[step] }).min() else { continue }
            readers[index].watermark.receive(Timestamp(micros: minimum), at: environment.clock.now)
        }
    }
}
