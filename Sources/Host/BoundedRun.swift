public import BeamYAML
import CPython
public import Columnar
public import Dataflow
public import Foundation
public import Logging
import Pipes
public import Time
import Warehouse

/// A pipeline file that stands for itself, without a workspace: compiled, and run to the end of its input.
///
/// It reads and writes files, and the tables of a warehouse when it is given a data folder. With one, what is committed
/// outlasts a crash, and the next run with the same folder goes on from there; without one a run begins anew.
public struct BoundedRun: Sendable {
    /// What came of a run.
    public struct Summary: Sendable {
        /// The figures at the end, by step.
        public var steps: [StepMetrics]
        /// What was read of files.
        public var files: FileProgress
        /// Why the last rejected row was rejected.
        public var lastProblem: String?
        /// Rows that some step rejected and no error output took.
        public var rejected: Int64
    }

    /// What a run may keep in memory, and what it has to know beforehand.
    public struct Limits: Sendable {
        /// Bytes of a step's open windows beyond which they go to a file; nil: the engine's own measure.
        public var stateBytes: Int?
        /// Bytes of a step's sessions and waiting rows beyond which the run fails; nil: the engine's own measure.
        public var memoryBytes: Int?

        /// Limits; without arguments the engine's own.
        public init(stateBytes: Int? = nil, memoryBytes: Int? = nil) {
            self.stateBytes = stateBytes
            self.memoryBytes = memoryBytes
        }
    }

    /// What is to be run.
    public let graph: Graph
    /// What may surprise.
    public let warnings: [Diagnostic]
    private let clock: any WallClock
    private let logger: Logger

    /// The tables of the warehouse in a data folder, for a file that reads them. Throws `HostError` when somebody else has
    /// the folder, and `WarehouseError` when the warehouse cannot be read.
    public static func tables(
        in dataFolder: URL, clock: any WallClock, logger: Logger
    ) async throws -> [String: Schema] {
        let lock = try DataFolderLock(folder: dataFolder)
        defer { withExtendedLifetime(lock) {} }
        let warehouse = try WarehouseStore(folder: dataFolder.path, clock: clock, logger: logger)
        var tables: [String: Schema] = [:]
        for table in warehouse.metrics.tables {
            tables["\(table.name)"] = try await warehouse.schema(of: table.name)
        }
        try await warehouse.close()
        return tables
    }

    /// Reads and compiles a file, with what its templates are given and the tables that it may read. Throws
    /// `PipelineErrors`, or `HostError` when it cannot be read.
    public init(
        _ url: URL, templates: TemplateSettings? = nil, tables: [String: Schema] = [:], clock: any WallClock,
        logger: Logger
    ) throws {
        guard let data = try? Data(contentsOf: url) else {
            throw HostError(.workspace, "the file \(url.relativePath) cannot be read")
        }
        var environment = CompileEnvironment.alone
        environment.templates = templates ?? TemplateSettings(clock: clock)
        environment.tables = tables
        let compiled = try PipelineCompiler(environment: environment).compile(
            text: String(decoding: data, as: UTF8.self), file: url.relativePath,
            name: url.deletingPathExtension().lastPathComponent
        ).get()
        graph = compiled.graph
        warnings = compiled.warnings
        self.clock = clock
        self.logger = logger
    }

    /// Runs until the input has ended.
    ///
    /// - Parameters:
    ///   - workers: parallel tasks.
    ///   - dataFolder: where the warehouse and the positions live; nil: nothing is kept.
    ///   - limits: what it may keep in memory.
    ///   - progress: called about once a second.
    ///
    /// Throws `HostError` when the pipeline needs what there is not, or fails; `CancellationError` when it is cancelled,
    /// after the epoch under way.
    public func run(
        workers: Int, dataFolder: URL?, limits: Limits = Limits(),
        progress: @escaping @Sendable (FileProgress) -> Void
    ) async throws -> Summary {
        try checkBounded()
        let lock = try dataFolder.map { try DataFolderLock(folder: $0) }
        defer { withExtendedLifetime(lock) {} }
        let warehouse = try dataFolder.map { folder in
            try WarehouseStore(folder: folder.path, clock: clock, logger: logger)
        }
        do {
            // Nobody waits for a commit: an epoch is as long as its memory allows.
            var settings = PipelineSettings(workers: workers, epochInterval: .seconds(10))
            settings.maxStateBytes = limits.stateBytes ?? settings.maxStateBytes
            settings.maxMemoryBytes = limits.memoryBytes ?? settings.maxMemoryBytes
            settings.spillFolder = dataFolder?.path ?? settings.spillFolder
            let summary = try await run(settings, warehouse, progress)
            try await warehouse?.close()
            return summary
        } catch {
            try? await warehouse?.close()
            throw error
        }
    }

    private func run(
        _ settings: PipelineSettings, _ warehouse: WarehouseStore?,
        _ progress: @escaping @Sendable (FileProgress) -> Void
    ) async throws -> Summary {
        let python = PythonPool(clock: clock)
        var environment = PipelineEnvironment(
            clock: clock,
            source: { throw PipelineError(.unavailable, "there is no broker to read '\($0.subscription ?? "")' from") },
            sink: warehouse ?? MemoryRowSink() as any RowSink, lookup: warehouse, python: python, logger: logger)
        environment.rows = warehouse
        let pipeline = try Pipeline(graph: graph, environment: environment, settings: settings)
        do {
            try await pipeline.start()
        } catch {
            await python.close()
            throw error
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while (try? await Task.sleep(for: .seconds(1))) != nil { progress(await pipeline.fileProgress) }
                await pipeline.stop()
            }
            await pipeline.waitUntilEnd()
            group.cancelAll()
        }
        await python.close()
        let metrics = await pipeline.metrics()
        switch metrics.state {
        case .failed(let message): throw HostError(.workspace, "pipeline '\(graph.name)' failed: \(message)")
        case .stopped where Task.isCancelled: throw CancellationError()
        default: break
        }
        let lost = zip(graph.steps, metrics.steps).filter { !$0.0.handlesErrors }
        return Summary(
            steps: metrics.steps, files: await pipeline.fileProgress, lastProblem: metrics.lastError,
            rejected: lost.reduce(0) { $0 + $1.1.rejected })
    }

    /// What never ends is a workspace's business.
    private func checkBounded() throws {
        for step in graph.steps {
            switch step.operation {
            case .readMessages, .writeMessages:
                throw HostError(
                    .workspace, "step '\(step.name)': \(step.transform) needs a broker, and this pipeline runs alone",
                    remedy: "name the file in a workspace, and run that with `streamtop run`")
            default: break
            }
        }
    }
}
