import Foundation

/// One short run of Python that reads its input to the end and then answers.
struct PythonOneShot {
    let executable: String

    /// Blocks until it has ended. Throws with what it wrote on standard error when it fails.
    func run(_ arguments: [String], input: [UInt8]) throws(PythonError) -> [UInt8] {
        let child = try ChildProcess(executable, arguments)
        defer { child.end() }
        do {
            try child.write(input)
            child.endInput()
            return try child.readToEnd()
        } catch {
            throw PythonError(.worker, "\(executable) failed: \(child.complaint ?? error.description)")
        }
    }
}
