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

    @Test func aFolderThatCannotBeMadeIsExplained() {
        #expect {
            try DataFolderLock(folder: URL(fileURLWithPath: "/proc/streamtop"))
        } throws: { "\($0)".contains("/proc/streamtop") && "\($0)".contains("--data DIR") }
    }
}
