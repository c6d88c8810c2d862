import Foundation

/// The four recorded polls beside the repository (../shared/data/mta-ace), where they are there.
enum Recordings {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let folder = root.deletingLastPathComponent().appending(path: "shared/data/mta-ace")
    static let stations = root.appending(path: "sample-data/subway/stations.csv")

    static let isPresent: Bool = {
        let isPresent = FileManager.default.fileExists(atPath: folder.appending(path: "poll1.pb").path)
        if !isPresent { print("\(folder.path) is not there: the tests on real recordings are skipped") }
        return isPresent
    }()

    static func poll(_ number: Int) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: "poll\(number).pb")))
    }

    /// The ids in the first column of a CSV file.
    static func ids(in file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
            .compactMap { $0.split(separator: ",").first.map(String.init) }
    }
}
