import ArgumentParser
import BeamYAML
import Dataflow
import Foundation
import Host
import Time

/// `streamtop pipeline test`: runs the tests of a pipeline file, each in memory on the engine.
struct PipelineTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the tests of a pipeline file: its 'tests:' block, or a file with one.",
        discussion: """
            The block is Apache Beam's: mock_outputs, mock_inputs, expected_outputs, expected_inputs, allowed_sources. \
            Rows that are missing are shown with -, those that nobody expected with +.

            Exit code 0: every test is as expected; 1: some are not; 2: the tests cannot be run.
            """)

    @Argument(help: ArgumentHelp("A Beam YAML file.", valueName: "file"))
    var file: String

    @OptionGroup var pipelineFile: PipelineFileOptions

    @Option(help: ArgumentHelp("A file with the tests, in place of the pipeline's own.", valueName: "file"))
    var testSuite: String?

    func run() async throws {
        let tests = try compile()
        var failed = 0
        for test in tests {
            let result = await test.run(in: .isolated(clock: SystemClock()).withPython())
            if !result.isSuccess { failed += 1 }
            print(Self.report(test, result), terminator: "")
        }
        print(
            "\(tests.count) test\(tests.count == 1 ? "" : "s"), "
                + (failed == 0 ? "all as expected" : "\(failed) failed"))
        if failed > 0 { throw ExitCode(1) }
    }

    private func compile() throws -> [PipelineTest] {
        let url = URL(fileURLWithPath: file)
        var environment = CompileEnvironment.alone
        environment.templates = try pipelineFile.templates()
        let compiled = PipelineCompiler(environment: environment).compileTests(
            text: try text(of: url), file: url.relativePath, name: url.deletingPathExtension().lastPathComponent,
            suite: try testSuite.map { suite in
                let url = URL(fileURLWithPath: suite)
                return (text: try text(of: url), file: url.relativePath)
            })
        for diagnostic in compiled.diagnostics { PipelineFileProblems.say("\(diagnostic)") }
        if !compiled.diagnostics.isEmpty { throw ExitCode(2) }
        if compiled.tests.isEmpty {
            PipelineFileProblems.say(
                "\(testSuite ?? file) has no tests; write a 'tests:' block, or name a file that has one with --test-suite"
            )
            throw ExitCode(2)
        }
        return compiled.tests
    }

    private func text(of url: URL) throws -> String {
        guard let data = try? Data(contentsOf: url) else {
            PipelineFileProblems.say("the file \(url.relativePath) cannot be read")
            throw ExitCode(2)
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// A line for a test, and below it what differs and where that is expected.
    private static func report(_ test: PipelineTest, _ result: PipelineTestResult) -> String {
        var text = "\(result.isSuccess ? "ok    " : "FAILED")  \(test.name)  (\(test.file):\(test.line))\n"
        for (expected, failure) in result.differences {
            text += "  \(test.file):\(expected.line):\(expected.column): what '\(expected.name)' "
            text += expected.isInput ? "reads is not as expected\n" : "gives is not as expected\n"
            for line in failure.lines { text += "    \(line)\n" }
        }
        if let problem = result.problem { text += "  \(test.file):\(test.line): \(problem)\n" }
        return text
    }
}
