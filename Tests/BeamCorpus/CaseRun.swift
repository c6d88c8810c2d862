import BeamYAML
import CPython
import Columnar
import Dataflow
import Foundation
import Jinja
import Logging
import Pipes
import Synchronization
import Time

/// Runs a case on the engine, in a folder of its own.
struct CaseRun {
    private let given: Case
    private let folder: URL
    private let world: CaseWorld

    /// Makes the folder that stands for the one a person works in.
    init(_ given: Case) throws {
        self.given = given
        world = try CaseWorld(given)
        folder = FileManager.default.temporaryDirectory.appending(path: "streamtop-corpus-\(given.name)-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Compiles and runs the file to its end with so many workers, which change no result.
    func outcome(workers: Int) async throws -> Outcome {
        defer { try? FileManager.default.removeItem(at: folder) }
        // A process has one working folder, and tests run side by side: relative paths are made absolute instead.
        let text = try String(contentsOf: given.file, encoding: .utf8)
            .replacing(": data/", with: ": \(Case.folder.path)/data/")
            .replacing(": out/", with: ": \(folder.path)/out/")
        var environment = CompileEnvironment(tables: world.schemas, python: PythonSourceChecker())
        if let json = try given.header("jinja"), case .map(let entries) = try TemplateValue(json: json) {
            environment.templates = TemplateSettings(variables: entries)
        }
        let compiler = PipelineCompiler(environment: environment)
        if case .tests = try given.expected() { return await verdicts(compiler, text, workers) }
        let compilation = compiler.compile(text: text, file: given.file.path, name: given.name)
        guard var graph = compilation.graph else {
            return .refused(compilation.errors.map(\.description).joined(separator: "\n"))
        }
        let captured = capture(&graph)
        let sink = CapturingSink()
        let topics = CaseTopics()
        do {
            let problem = try await run(graph, sink, topics, workers)
            if let problem { return .refused(problem) }
        } catch {
            return .refused("\(error)")
        }
        var outputs = sink.tables.merging(topics.tables) { $1 }
        for name in captured { outputs[name] = outputs.removeValue(forKey: "out.\(name)") ?? [] }
        return .rows(outputs, files: try files())
    }

    /// Runs the tests of the file.
    private func verdicts(_ compiler: PipelineCompiler, _ text: String, _ workers: Int) async -> Outcome {
        let compilation = compiler.compileTests(text: text, file: given.file.path, name: given.name)
        guard compilation.diagnostics.isEmpty else {
            return .refused(compilation.diagnostics.map(\.description).joined(separator: "\n"))
        }
        var verdicts: [String: String] = [:]
        for test in compilation.tests {
            let result = await test.run(in: .isolated(clock: SystemClock()), workers: workers)
            verdicts[test.name] = result.isSuccess ? "passed" : "failed"
        }
        return .tests(verdicts)
    }

    /// Adds a step that collects the rows of every step that is called `out` or `out …`.
    private func capture(_ graph: inout Graph) -> [String] {
        var names: [String] = []
        for step in graph.steps {
            let name = step.name.split(separator: "/").last.map(String.init) ?? step.name
            guard name == "out" || name.hasPrefix("out "), !step.schema.fields.isEmpty else { continue }
            names.append(name)
            graph.steps.append(
                Step(
                    id: graph.steps.count, name: "capture \(name)", transform: "WriteToBigQuery",
                    operation: .writeRows(
                        WriteRows(table: "out.\(name)", createsTable: true, writeDisposition: .append)),
                    inputs: [Edge(step: step.id)], schema: Schema()))
        }
        return names
    }

    /// Runs it; the problem when it failed or rejected rows that nobody takes.
    private func run(
        _ graph: Graph, _ sink: CapturingSink, _ topics: CaseTopics, _ workers: Int
    ) async throws -> String? {
        let python = PythonPool(clock: SystemClock())
        let subscription = CaseSubscription(world.messages)
        let warehouse = CaseWarehouse(tables: world.tables)
        var environment = PipelineEnvironment(
            clock: SystemClock(), source: { _ in subscription }, publisher: topics, sink: sink, lookup: warehouse,
            python: python, logger: Logger(label: "corpus") { _ in SwiftLogNoOpLogHandler() })
        environment.rows = warehouse
        let pipeline = try Pipeline(
            graph: graph, environment: environment,
            settings: PipelineSettings(workers: workers, epochInterval: .seconds(10)))
        try await pipeline.start()
        if !world.messages.isEmpty {
            Task {
                await pipeline.waitUntilEnd()
                subscription.giveUp()
            }
            await subscription.waitUntilAcknowledged()
            if case .running = await pipeline.state { try await pipeline.drain() }
        }
        await pipeline.waitUntilEnd()
        await python.close()
        let metrics = await pipeline.metrics()
        if case .failed(let message) = metrics.state { return message }
        let lost = zip(graph.steps, metrics.steps).filter { !$0.0.handlesErrors }.reduce(0) { $0 + $1.1.rejected }
        return lost == 0 ? nil : "\(lost) rows rejected: \(metrics.lastError ?? "")"
    }

    /// The lines of what was written below `out/`, sorted.
    private func files() throws -> [String: [String]] {
        let names = FileManager.default.enumerator(atPath: folder.appending(path: "out").path)
        var files: [String: [String]] = [:]
        for case let name as String in names ?? FileManager.DirectoryEnumerator() {
            let url = folder.appending(path: "out/\(name)")
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { continue }
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            if lines.last == "" { lines.removeLast() }
            // By Unicode scalars, as Python sorts.
            files["out/\(name)"] = lines.map(String.init).sorted {
                $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
            }
        }
        return files
    }
}

/// Keeps what is written to it.
private final class CapturingSink: RowSink {
    private let state = Mutex<(tables: [String: [RecordedValue]], last: CommittedEpoch?)>(([:], nil))

    var keepsEpochs: Bool { false }

    /// The rows by `dataset.table`.
    var tables: [String: [RecordedValue]] { state.withLock { $0.tables } }

    func prepare(_ table: TableName, for schema: Schema, creating: Bool) async throws {}

    func truncate(_ table: TableName) async throws {}

    func commit(_ epoch: EpochCommit) async throws {
        state.withLock { state in
            for rows in epoch.rows {
                let fields = rows.batch.schema.fields
                state.tables[rows.table.description, default: []] += rows.batch.rows.map {
                    .row(RecordedValue.members(fields, $0))
                }
            }
            state.last = CommittedEpoch(epoch: epoch.epoch, positions: [:], state: [:])
        }
    }

    func lastEpoch(of pipeline: String) async throws -> CommittedEpoch? { state.withLock { $0.last } }
}
