import Logging
public import Time

extension PipelineEnvironment {
    /// An environment without an outside, for tests of pipelines: nothing is kept, and nothing is logged.
    public static func isolated(clock: any WallClock) -> PipelineEnvironment {
        PipelineEnvironment(
            clock: clock, source: { _ in throw PipelineError(.unavailable, "a test has no broker") },
            sink: MemoryRowSink(), logger: Logger(label: "streamtop.test") { _ in SwiftLogNoOpLogHandler() })
    }
}
