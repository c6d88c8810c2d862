import Foundation
import Testing

@testable import Host

@Suite struct DataFolderLockTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    @Test func aSecondInstanceIsToldTheFirstOnesPid() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = try DataFolderLock(folder: folder)
        #expect {
            try DataFolderLock(folder: folder)
        } throws: { error in
            (error as? HostError)?.code == .dataFolderInUse && "\(error)".contains("pid \(getpid())")
        }
        withExtendedLifetime(first) {}
    }

    @Test func theFolderIsFreeAgainAfterwards() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            let first = try DataFolderLock(folder: folder)
            withExtendedLifetime(first) {}
        }
        _ = try DataFolderLock(folder: folder)
    }

    @Test func aNewFolderIsForItsUserAloneAndOneThatIsThereStaysAsItIs() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let shared = folder.appendingPathComponent("shared")
        for (url, expected) in [(folder.appendingPathComponent("new"), 0o700), (shared, 0o755)] {
            if url == shared {
                try FileManager.default.createDirectory(
                    at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
            }
            _ = try DataFolderLock(folder: url)
            let permissions = try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
            #expect(permissions == expected)
        }
    }

    @Test func aFolderThatCannotBeMadeIsExplained() {
        #expect {
            try DataFolderLock(folder: URL(fileURLWithPath: "/proc/streamtop"))
        } throws: { "\($0)".contains("/proc/streamtop") && "\($0)".contains("--data DIR") }
    }
}
