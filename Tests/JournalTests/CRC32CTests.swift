import Testing

@testable import Journal

@Suite struct CRC32CTests {
    private func checksum(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { CRC32C.checksum($0, seed: seed) }
    }

    // RFC 3720, appendix B.4, and the customary check value.
    @Test(
        arguments: [
            ([], 0),
            (Array("123456789".utf8), 0xE306_9283),
            ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
            ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
            (Array(0..<32), 0x46DD_794E),
            (Array((0..<32).reversed()), 0x113F_DB5C),
        ] as [([UInt8], UInt32)])
    func knownChecksums(bytes: [UInt8], expected: UInt32) {
        #expect(checksum(bytes) == expected)
    }

    @Test func aChecksumCanBeTakenInPieces() {
        let bytes = (0..<100).map { UInt8($0 * 7 % 251) }
        for cut in 0...bytes.count {
            #expect(checksum(Array(bytes[cut...]), seed: checksum(Array(bytes[..<cut]))) == checksum(bytes))
        }
    }
}
