public import Dataflow
import Synchronization

/// What came of a test.
public struct PipelineTestResult: Sendable {
    /// What differs, expectation by expectation, in the order of the file.
    public var differences: [(expectation: PipelineTest.Expectation, failure: AssertionFailure)]
    /// Why it could not be carried out, or rejected rows: Beam fails on a row that fails.
    public var problem: String?

    /// Whether everything is as expected.
    public var isSuccess: Bool { differences.isEmpty && problem == nil }
}

extension PipelineTest {
    /// Runs the test on the engine: nothing is read or written but the sources that the test allows.
    ///
    /// - Parameters:
    ///   - environment: as `PipelineEnvironment.isolated(clock:)` makes it.
    ///   - workers: parallel tasks, which change no result.
    public func run(in environment: PipelineEnvironment, workers: Int = 1) async -> PipelineTestResult {
        let failures = FailureBox()
        var environment = environment
        environment.assertionFailed = { failures.add($0) }
        let pipeline: Pipeline
        do {
            pipeline = try Pipeline(
                graph: graph, environment: environment, settings: PipelineSettings(workers: workers))
            try await pipeline.start()
        } catch {
            return PipelineTestResult(differences: [], problem: String(describing: error))
        }
        await withTaskCancellationHandler {
            await pipeline.waitUntilEnd()
        } onCancel: {
            Task { await pipeline.stop() }
        }
        return PipelineTestResult(differences: differences(failures.all), problem: await problem(of: pipeline))
    }

    private func differences(
        _ failures: [AssertionFailure]
    ) -> [(expectation: PipelineTest.Expectation, failure: AssertionFailure)] {
        // A step may find its differences in several batches.
        var byStep: [String: AssertionFailure] = [:]
        for failure in failures {
            byStep[failure.step, default: AssertionFailure(step: failure.step, missing: [], surplus: [])]
                .append(failure)
        }
        return byStep.compactMap { step, failure in expectations[step].map { ($0, failure) } }
            .sorted { ($0.0.line, $0.0.column) < ($1.0.line, $1.0.column) }
            .map { (expectation: $0.0, failure: $0.1) }
    }

    private func problem(of pipeline: Pipeline) async -> String? {
        let metrics = await pipeline.metrics()
        switch metrics.state {
        case .drained: break
        case .failed(let message): return message
        case let state: return "the test was \(state.name)"
        }
        let rejected = zip(graph.steps, metrics.steps).first { !$0.handlesErrors && $1.rejected > 0 }
        guard let (step, figures) = rejected else { return nil }
        let reason = metrics.lastError.map { ": \($0)" } ?? ""
        return "'\(step.name)' rejected \(figures.rejected) row\(figures.rejected == 1 ? "" : "s")\(reason)"
    }
}

/// Gathers what the comparing steps find.
private final class FailureBox: Sendable {
    private let failures = Mutex<[AssertionFailure]>([])

    var all: [AssertionFailure] { failures.withLock { $0 } }

    func add(_ failure: AssertionFailure) { failures.withLock { $0.append(failure) } }
}

extension AssertionFailure {
    /// Takes in more of the same step.
    fileprivate mutating func append(_ other: AssertionFailure) {
        missing += other.missing
        surplus += other.surplus
    }
}
