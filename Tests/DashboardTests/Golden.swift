import Foundation
import Testing

/// Compares text with the file `Goldens/<name>.txt` beside this one; `STREAMTOP_RECORD=1` writes the file instead.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/\(name).txt")
    if ProcessInfo.processInfo.environment["STREAMTOP_RECORD"] == "1" {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((text + "\n").utf8).write(to: file)
        return
    }
    guard let data = FileManager.default.contents(atPath: file.path) else {
        Issue.record("\(file.path) is missing; record it with STREAMTOP_RECORD=1", sourceLocation: sourceLocation)
        return
    }
    let expected = String(decoding: data, as: UTF8.self).dropLast()
    guard text != expected else { return }
    Issue.record(
        """
        the screen differs from Goldens/\(name).txt (- expected, + drawn; STREAMTOP_RECORD=1 accepts it)
        \(difference(String(expected), text))
        """,
        sourceLocation: sourceLocation)
}

/// The lines that differ, with their numbers.
private func difference(_ expected: String, _ drawn: String) -> String {
    let (old, new) = (
        expected.split(separator: "\n", omittingEmptySubsequences: false),
        drawn.split(separator: "\n", omittingEmptySubsequences: false)
    )
    var lines: [String] = []
    for index in 0..<max(old.count, new.count) {
        let (one, other) = (index < old.count ? old[index] : nil, index < new.count ? new[index] : nil)
        guard one != other else { continue }
        if let one { lines.append("\(index + 1) - \(one)") }
        if let other { lines.append("\(index + 1) + \(other)") }
    }
    return lines.joined(separator: "\n")
}
