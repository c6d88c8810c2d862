import Foundation
import Synchronization

/// The Python that runs a pipeline's code: `python3` on the path.
public struct PythonInstallation: Sendable, Hashable {
    /// The oldest version that the worker's program is written for.
    public static let oldest = [3, 8]

    /// The interpreter itself, behind links and version switchers; a virtual environment's own.
    public let executable: String
    /// Major, minor, micro.
    public let version: [Int]

    private static let found = Mutex<[String: PythonInstallation]>([:])

    /// Looks for `python3` in the folders of `path`, by default those of `PATH`. Blocks for some 20 ms the first time. Throws when there is none, or
    /// an older one than `oldest`.
    public static func find(
        path given: String? = nil
    ) throws(PythonError) -> Self {
        let path = given ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
        if let known = found.withLock({ $0[path] }) { return known }
        let candidates = path.split(separator: ":").map { "\($0)/python3" }
        guard let program = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw PythonError(
                .noInterpreter, "there is no python3 on the PATH, and this code needs it",
                remedy:
                    "install Python 3.8 or newer ('apt install python3'), or write the code as a compiled expression")
        }
        let installation = try ask(program)
        guard !installation.version.lexicographicallyPrecedes(oldest) else {
            let version = installation.version.map(String.init).joined(separator: ".")
            throw PythonError(
                .noInterpreter, "\(program) is Python \(version), and pipelines need 3.8 or newer",
                remedy: "put a newer python3 before it on the PATH")
        }
        found.withLock { $0[path] = installation }
        return installation
    }

    private static func ask(_ program: String) throws(PythonError) -> PythonInstallation {
        let source = "import sys; sys.stdout.write(sys.executable + '\\n' + ' '.join(map(str, sys.version_info[:3])))"
        do {
            let output = try PythonOneShot(executable: program).run(["-I", "-S", "-c", source], input: [])
            let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
            let version = (lines.last ?? "").split(separator: " ").compactMap { Int($0) }
            guard lines.count == 2, version.count == 3 else {
                throw PythonError(.noInterpreter, "\(program) does not answer as Python does")
            }
            // A virtual environment is one by the name that its interpreter is called by.
            return PythonInstallation(executable: String(lines[0]), version: version)
        } catch let error as PythonError {
            throw error
        } catch {
            throw PythonError(.noInterpreter, "\(program) cannot be run: \(error)")
        }
    }
}
