import Foundation

/// A file that `providers:` includes.
enum ProviderFile {
    /// Its text, and the name that people know it by. A relative path starts at the folder of the file that includes it.
    static func read(_ path: String, from file: String) -> Result<(text: String, file: String), FileProblem> {
        var name = path
        if let scheme = path.range(of: "://") {
            guard path[..<scheme.lowerBound] == "file" else {
                return .failure(
                    FileProblem(description: "it is not on this machine; download it, and include the copy"))
            }
            name = String(path[scheme.upperBound...])
        } else if !path.hasPrefix("/") {
            let folder = (file as NSString).deletingLastPathComponent
            name = folder.isEmpty ? path : (folder as NSString).appendingPathComponent(path)
        }
        guard let data = FileManager.default.contents(atPath: name) else {
            return .failure(FileProblem(description: "there is no such file"))
        }
        return .success((String(decoding: data, as: UTF8.self), name))
    }
}
