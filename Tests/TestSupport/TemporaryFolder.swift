import Foundation

/// Runs `body` with the path of a folder that is not there yet and is removed after it.
public func withFolder(
    isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "streamtop-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}
