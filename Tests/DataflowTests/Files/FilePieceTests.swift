import TestSupport
import Testing

@testable import Dataflow

@Suite struct FilePieceTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: 0..<30) func everyLineIsInThePieceInWhichItBegins(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        var text = ""
        for line in 0..<Int.random(in: 1..<60, using: &random) {
            // Some longer than pieces, some longer than what is read behind one.
            let length = [0, 1, 7, 30, line == 5 ? 40_000 : 90].randomElement(using: &random) ?? 0
            text += String(repeating: "\(line % 10)", count: length) + "\n"
        }
        if Bool.random(using: &random) { text.removeLast() }
        try folder.write(text, to: "lines")
        let handle = try FileCalls.Handle("\(folder.path)/lines", FileCalls.reading)
        let size = Int64(text.utf8.count)
        for pieceBytes in [1, 2, 3, 10, 64, 1000] as [Int64] {
            var read: [UInt8] = []
            for offset in stride(from: 0, to: size, by: Int(pieceBytes)) {
                let count = Int(min(pieceBytes, size - offset))
                let rows = try FilePiece(
                    file: handle, offset: offset, count: count, size: size, bytes: nil, columnNames: []
                ).rows()
                if rows.bytes.isEmpty { continue }
                #expect(rows.offset == Int64(read.count))
                #expect((offset..<offset + Int64(count)).contains(rows.offset))
                #expect(rows.bytes.last == 0x0A || rows.offset + Int64(rows.bytes.count) == size)
                read += rows.bytes
            }
            #expect(read == Array(text.utf8), "pieces of \(pieceBytes) bytes")
        }
    }

    @Test func aFileThatBecameShorterIsAnError() throws {
        try folder.write("{}\n", to: "short")
        let handle = try FileCalls.Handle("\(folder.path)/short", FileCalls.reading)
        let piece = FilePiece(file: handle, offset: 0, count: 100, size: 100, bytes: nil, columnNames: [])
        #expect(throws: PipelineError.self) { try piece.rows() }
    }
}
