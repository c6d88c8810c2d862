import BeamYAML
import Yams

extension Diagnostic {
    /// A diagnostic at a place that the YAML parser gave; the file's start when there is none.
    init(file: String, at mark: Mark?, _ message: String) {
        self.init(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1, message: message)
    }
}
