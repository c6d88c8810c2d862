public import BeamYAML
import CPython
public import Dataflow

extension CompileEnvironment {
    /// For a file that stands for itself: it may run code in CPython, and nothing is known of tables and topics.
    public static var alone: CompileEnvironment { CompileEnvironment(python: PythonSourceChecker()) }
}

extension PipelineEnvironment {
    /// The same with CPython in worker processes, which end when nobody holds the environment any more.
    public func withPython() -> PipelineEnvironment {
        var environment = self
        environment.python = PythonPool(clock: clock)
        return environment
    }
}
