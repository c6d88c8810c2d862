import Columnar
import Testing
import Time

@testable import Dataflow

@Suite struct FilePipelineTests {
    private let folder: TemporaryFolder
    private let schema = Schema([Field("n", .int64), Field("s", .string)])

    init() throws { folder = try TemporaryFolder() }

    private func graph(_ format: ReadFiles.Format = .csv(CSVDialect()), windowed: Bool = false) -> Graph {
        var builder = GraphBuilder()
        let read = builder.add(
            "Read", .readFiles(ReadFiles(pattern: "\(folder.path)/in*", format: format)), schema: schema)
        var edge = Edge(step: read)
        if windowed {
            edge = Edge(
                step: builder.add("Times", .assignTimestamps(field("n", in: schema)), from: [edge], schema: schema))
            edge = Edge(
                step: builder.add(
                    "Windows", .window(.fixed(size: 10_000_000, offset: 0)), from: [edge], schema: schema))
        }
        builder.add(
            "Write",
            .writeFiles(WriteFiles(path: "\(folder.path)/out", format: .csv(CSVDialect()), isWindowed: windowed)),
            from: [edge])
        return builder.graph
    }

    private func run(_ graph: Graph, _ bench: Bench, _ settings: PipelineSettings = PipelineSettings()) async throws
        -> Pipeline
    {
        let pipeline = try bench.pipeline(graph, settings)
        try await pipeline.start()
        await pipeline.waitUntilEnd()
        return pipeline
    }

    /// Rows with line breaks in quotes, over several pieces and files.
    private func writeInput(rows: Int) throws -> String {
        var expected = "n,s\n"
        for (file, half) in [0..<rows / 2, rows / 2..<rows].enumerated() {
            var text = "n,s\n"
            for row in half { text += "\(row),\"a\(row)\nb,\"\n" }
            try folder.write(text, to: "in\(file).csv")
            expected += text.dropFirst(4)
        }
        return expected
    }

    @Test(arguments: [1, 2, 8]) func workersChangeNothing(_ workers: Int) async throws {
        let expected = try writeInput(rows: 60_000)
        let settings = PipelineSettings(workers: workers, maxBytesPerEpoch: 300_000)
        let pipeline = try await run(graph(), Bench(), settings)
        #expect(await pipeline.state == .drained)
        #expect(folder.text("out-00000-of-00001") == expected)
        let progress = await pipeline.fileProgress
        #expect(progress.bytesRead == progress.totalBytes && progress.totalBytes > 1_000_000)
        // A round of many workers is an epoch by itself.
        #expect(await pipeline.metrics().epochs > (workers == 1 ? 2 : 0))
    }

    @Test func everyCrashLeavesTheSameFileAndNoHalfOne() async throws {
        let expected = try writeInput(rows: 30_000)
        var points = 0
        while true {
            let bench = Bench()
            bench.crash.restart(dyingAt: points + 1)
            let settings = PipelineSettings(workers: 2, maxBytesPerEpoch: 200_000)
            let graph = graph()
            let first = try bench.pipeline(graph, settings)
            let started: Void? = try? await first.start()
            if started != nil {
                await bench.settle(first)
                await first.stop()
            }
            let crashed = bench.crash.isDead
            if crashed, let text = folder.text("out-00000-of-00001") { #expect(text == expected) }
            bench.crash.restart(dyingAt: nil)
            // A write that was under way when the power went.
            if let partial = folder.text("out-00000-of-00001.partial") {
                try folder.write(partial + "9,half", to: "out-00000-of-00001.partial")
            }
            _ = try await run(graph, bench, settings)
            #expect(folder.text("out-00000-of-00001") == expected, "crash at point \(points)")
            #expect(!folder.names.contains { $0.hasSuffix(".partial") })
            if !crashed { break }
            points += 1
        }
        #expect(points > 3)
    }

    @Test func everyWindowHasAFileWithItsHeader() async throws {
        try folder.write("n,s\n1,a\n12,b\n2,c\n", to: "in.csv")
        _ = try await run(graph(windowed: true), Bench())
        #expect(
            folder.names == [
                "in.csv", "out-1970-01-01T00:00:00-1970-01-01T00:00:10-00000-of-00001",
                "out-1970-01-01T00:00:10-1970-01-01T00:00:20-00000-of-00001",
            ])
        #expect(folder.text(folder.names[1]) == "n,s\n1,a\n2,c\n")
        #expect(folder.text(folder.names[2]) == "n,s\n12,b\n")
    }

    @Test func rowsThatDoNotFitAreRejectedWithTheirPlace() async throws {
        try folder.write("n,s\n1,a\nx,b\n3,c\n", to: "in.csv")
        let bench = Bench()
        let pipeline = try await run(graph(), bench)
        #expect(folder.text("out-00000-of-00001") == "n,s\n1,a\n3,c\n")
        let reason = "\(folder.path)/in.csv at byte 8: column 'n': expected integer, found 'x'"
        #expect(await pipeline.metrics().lastError == "step 'Read': \(reason)")
        #expect(await pipeline.metrics().steps[0].rejected == 1)
    }

    @Test func withoutRowsThereIsNoFile() async throws {
        try folder.write("n,s\n", to: "in.csv")
        _ = try await run(graph(), Bench())
        #expect(folder.names == ["in.csv"])
    }

    @Test func withoutInputItSaysSo() async throws {
        await #expect(throws: PipelineError(.unavailable, "no file matches '\(folder.path)/in*'")) {
            try await run(graph(), Bench())
        }
    }

    @Test func columnsAreFoundByTheHeaderOfEachFile() async throws {
        try folder.write("n,s\n1,a\n", to: "in1.csv")
        try folder.write("\u{FEFF}s,x,n\r\nb,0,2\r\nc,0,3", to: "in2.csv")
        _ = try await run(graph(), Bench())
        #expect(folder.text("out-00000-of-00001") == "n,s\n1,a\n2,b\n3,c\n")
    }

    @Test func aFailureOfTheDiskEndsThePipeline() async throws {
        try folder.write("n,s\n1,a\n", to: "in.csv")
        var graph = graph()
        graph.steps[1].operation = .writeFiles(
            WriteFiles(path: "\(folder.path)/in.csv/out", format: .json, isWindowed: false))
        let pipeline = try await run(graph, Bench())
        let message = "cannot open '\(folder.path)/in.csv/out-00000-of-00001.partial': Not a directory"
        #expect(await pipeline.state == .failed(message: message))
    }
}
