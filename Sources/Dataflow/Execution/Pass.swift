import Columnar
import Logging
import Pipes
import Time

/// One chunk's way through the pipeline: from where it enters, through every element-wise step that it reaches, up to
/// the steps that end a stage (`Combine`, the writing ones).
///
/// Neighbouring element-wise steps are fused: each works on the batch that the one before has just left in the cache.
/// A pass changes nothing but its result, so it can be run again after a failure, and several run side by side.
struct Pass: Sendable {
    /// Where a chunk enters.
    enum Entry: Sendable {
        /// Messages that a reading step has pulled.
        case messages(step: Int, ArraySlice<IncomingMessage>)
        /// Rows of a file.
        case piece(step: Int, FilePiece)
        /// Rows that leave a step.
        case rows(step: Int, Edge.Output, Batch)
    }

    /// What a pass leaves behind.
    struct Result: Sendable {
        var counts: [StepCounts]
        /// Rows for the `Combine` steps.
        var keyed: [(step: Int, batch: KeyedBatch)] = []
        /// Rows for the joins, and stored rows of theirs that have found partners.
        var joined: [(step: Int, side: Join.Side, rows: JoinRows)] = []
        var matched: [(step: Int, side: Join.Side, window: Window, rows: [Int32])] = []
        var rows: [TableRows] = []
        var messages: [(topic: String, message: OutgoingMessage)] = []
        var deadLetters: [OutgoingMessage] = []
        /// What is for files.
        var files: [(step: Int, parts: [WriteFilesStep.Part])] = []
        /// The smallest event time of the messages, by reading step.
        var minimumEventTimes: [Int: Int64] = [:]
        /// The last rejection, for people.
        var problem: String?
        /// What ends the pipeline: a file that cannot be read.
        var failure: (any Error)?

        init(steps: Int) { counts = [StepCounts](repeating: StepCounts(), count: steps) }
    }

    let plan: Plan
    let clock: any WallClock
    /// The input watermark of each `Combine`: what decides about lateness.
    let watermarks: [Int: Timestamp]
    let joins: [Int: JoinLookup]

    private struct Outputs {
        var main: [Batch] = []
        var errors: [Batch] = []
    }

    /// Throws when a step cannot be carried out now; nothing has happened then.
    func run(_ entry: Entry) async throws -> Result {
        var result = Result(steps: plan.nodes.count)
        var outputs = [Outputs](repeating: Outputs(), count: plan.nodes.count)
        let first: Int
        switch entry {
        case .messages(let step, let messages):
            first = step
            read(step, messages, &outputs[step], &result)
        case .piece(let step, let piece):
            first = step
            read(step, piece, &outputs[step], &result)
        case .rows(let step, let output, let batch):
            first = step
            if output == .main { outputs[step].main = [batch] } else { outputs[step].errors = [batch] }
        }
        for position in plan.nodes.indices.dropFirst(first + 1) {
            let node = plan.nodes[position]
            for (input, edge) in node.step.inputs.enumerated() {
                let batches = edge.output == .main ? outputs[edge.step].main : outputs[edge.step].errors
                for batch in batches where batch.liveCount > 0 {
                    try await process(batch, from: edge, input, node, &outputs[position], &result)
                }
            }
            for edge in node.step.inputs where plan.lastReader[edge.step] == position { outputs[edge.step] = Outputs() }
        }
        return result
    }

    private func read(
        _ position: Int, _ messages: ArraySlice<IncomingMessage>, _ outputs: inout Outputs, _ result: inout Result
    ) {
        let node = plan.nodes[position]
        guard case .read(let step) = node.work else { return }
        let started = clock.now
        let decoded = step.decode(messages)
        result.minimumEventTimes[position] = decoded.eventTimes.min()
        result.counts[position].elementsIn += Int64(messages.count)
        result.counts[position].elementsOut += Int64(decoded.batch.liveCount)
        result.counts[position].unreadableTimestamps += Int64(decoded.unreadableTimestamps)
        outputs.main = [decoded.batch]
        if !decoded.failures.isEmpty {
            let positions = decoded.failures.reasons.keys.sorted()
            let rejected = positions.map { messages[messages.startIndex + Int($0)] }
            let reasons = positions.compactMap { decoded.failures.reasons[$0] }
            if node.emitsErrors {
                outputs.errors = [
                    ErrorRows.batch(
                        of: rejected, eventTimes: positions.map { decoded.eventTimes[Int($0)] }, reasons: reasons,
                        schema: node.errorSchema)
                ]
            } else {
                result.deadLetters += ErrorRows.deadLetters(of: rejected, reasons: reasons, step: node.step.name)
            }
            note(reasons, node, &result)
        }
        result.counts[position].busy += (clock.now - started).micros
    }

    private func read(_ position: Int, _ piece: FilePiece, _ outputs: inout Outputs, _ result: inout Result) {
        let node = plan.nodes[position]
        guard case .readFiles(let step) = node.work else { return }
        let started = clock.now
        let (batch, rejected): (Batch, [(bytes: [UInt8], reason: String)])
        do {
            (batch, rejected) = try step.decode(piece)
        } catch {
            result.failure = error
            return
        }
        result.counts[position].elementsIn += Int64(batch.count + rejected.count)
        result.counts[position].elementsOut += Int64(batch.count)
        outputs.main = [batch]
        if !rejected.isEmpty {
            result.deadLetters += rejected.map { row in
                OutgoingMessage(
                    data: row.bytes, attributes: ErrorRows.attributes(step: node.step.name, reason: row.reason))
            }
            note(rejected.map(\.reason), node, &result)
        }
        result.counts[position].busy += (clock.now - started).micros
    }

    private func process(
        _ batch: Batch, from edge: Edge, _ input: Int, _ node: Plan.Node, _ outputs: inout Outputs,
        _ result: inout Result
    ) async throws {
        let started = clock.now
        let position = node.step.id
        var failures = RowFailures()
        var out = 0
        switch node.work {
        case .read, .readFiles, .readRows, .create: break
        case .element(let step):
            let output = try await step.process(batch, failures: &failures)
            out = output.liveCount
            if out > 0 { outputs.main.append(output) }
        case .combine(let step):
            let watermark = watermarks[position] ?? .distantPast
            let (keyed, late) = step.prepare(batch, watermark: watermark, failures: &failures)
            if let keyed { result.keyed.append((position, keyed)) }
            result.counts[position].late += Int64(late)
        case .join(let step):
            guard let side = Join.Side(rawValue: input), let lookup = joins[position] else { break }
            let outcome = step.process(batch, side: side, lookup, failures: &failures)
            outputs.main += outcome.output
            out = outcome.output.reduce(0) { $0 + $1.count }
            result.joined += outcome.waiting.map { (position, side, $0) }
            result.matched += outcome.matched.map { (position, side.other, $0.window, $0.rows) }
            result.counts[position].late += Int64(outcome.late)
        case .writeRows(let step):
            let accepted = step.accepted(batch, failures: &failures)
            out = accepted.count
            if out > 0 { result.rows.append(TableRows(table: step.table, batch: accepted)) }
        case .writeFiles(let step):
            let (parts, rows) = step.parts(batch, failures: &failures)
            out = rows
            if !parts.isEmpty { result.files.append((position, parts)) }
        case .writeMessages(let step):
            let failedStep = edge.output == .errors ? plan.nodes[edge.step].step.name : nil
            let messages = step.messages(batch, failedStep: failedStep, failures: &failures)
            out = messages.count
            result.messages += messages.map { (step.write.topic, $0) }
        }
        if !failures.isEmpty { reject(batch, failures, node, &outputs, &result) }
        result.counts[position].elementsIn += Int64(batch.liveCount)
        result.counts[position].elementsOut += Int64(out)
        result.counts[position].busy += (clock.now - started).micros
    }

    private func reject(
        _ batch: Batch, _ failures: RowFailures, _ node: Plan.Node, _ outputs: inout Outputs, _ result: inout Result
    ) {
        let positions = failures.reasons.keys.sorted()
        let reasons = positions.compactMap { failures.reasons[$0] }
        let live = batch.liveRows
        let rejected = batch.taking(positions.map { live[Int($0)] })
        if node.emitsErrors {
            let traces = failures.traces.isEmpty ? [] : positions.map { failures.traces[$0] ?? "" }
            outputs.errors.append(
                ErrorRows.batch(of: rejected, reasons: reasons, traces: traces, schema: node.errorSchema))
        } else {
            result.deadLetters += ErrorRows.deadLetters(of: rejected, reasons: reasons, step: node.step.name)
        }
        note(reasons, node, &result)
    }

    private func note(_ reasons: [String], _ node: Plan.Node, _ result: inout Result) {
        result.counts[node.step.id].rejected += Int64(reasons.count)
        if let reason = reasons.last { result.problem = "step '\(node.step.name)': \(reason)" }
    }
}
