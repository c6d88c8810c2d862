import Testing

@testable import Journal

@Suite struct FileHeaderTests {
    private func bytes(hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
    }

    /// Draws one number.
    private struct Always: RandomNumberGenerator {
        let number: UInt64
        func next() -> UInt64 { number }
    }

    /// Files that exist must be readable for ever: these bytes were computed by another program.
    @Test func theFormatsOnDiskAreWhatTheyWere() throws {
        #expect(
            RecordFiles.old([Array("abc".utf8), []])
                == bytes(hex: "73746a726e6c010a" + "03000000f9831455616263" + "00000000c54b6748"))
        let header =
            "73746a726e6c020a" + "efcdab8967452301" + "77887aac" + "c244d49d" + "efcdab8967452301" + "77887aac"
            + "c244d49d"
        let read = try #require(RecordFiles.header(of: bytes(hex: header)))
        #expect(read.identity == 0x0123_4567_89AB_CDEF)
        #expect(read.fits("1-orders"))
        #expect(!read.fits("2-orders"))
        #expect(read.fits(nil))
        #expect(read.bytes == bytes(hex: header))
        #expect(
            RecordFiles.records([Array("abc".utf8)], from: 1, key: read.key) == bytes(hex: "030000001e048a50616263"))
    }

    @Test func anIdentityIsNeverNothing() {
        var random = Always(number: 0)
        #expect(FileHeader.drawn(owner: nil, using: &random).identity != 0)
        var other = Always(number: .max)
        #expect(FileHeader.drawn(owner: nil, using: &other).identity != 0)
    }

    @Test func oneSoundCopyIsEnoughWhateverElseHasChanged() throws {
        var random = SplitMix(seed: 5)
        let header = FileHeader.drawn(owner: "1-orders", using: &random)
        for offset in 0..<FileHeader.byteCount {
            for bit in 0..<8 {
                var changed = header.bytes
                changed[offset] ^= 1 << UInt8(bit)
                #expect(FileHeader.read(changed, size: 1_000) == .sound(header), "offset \(offset), bit \(bit)")
            }
        }
        let zeros = [UInt8](repeating: 0, count: 24)
        #expect(FileHeader.read(zeros + header.bytes[24...], size: 1_000) == .sound(header))
        #expect(FileHeader.read(header.bytes.prefix(8) + zeros, size: 1_000) == .unreadable)
        #expect(FileHeader.read([UInt8](repeating: 0, count: 40), size: 1_000) == .unreadable)
        #expect(FileHeader.read([UInt8](repeating: 0, count: 40), size: 40) == .unfinished)
    }

    @Test func aKeyTellsTheNumberOfWhatItSealed() {
        var random = SplitMix(seed: 3)
        for _ in 0..<1_000 {
            let key = RecordKey(identity: random.next())
            let (checksum, sequence) = (UInt32(truncatingIfNeeded: random.next()), random.next())
            let sealed = key.seal(checksum, sequence)
            #expect(key.sequence(sealed, checksum) == UInt32(truncatingIfNeeded: sequence))
        }
        #expect(RecordKey.legacy.seal(0xF0F0, 1 << 40 + 0x0F) == 0xF0FF)
    }

    /// Even of records of one payload, whose checksums are all the same: what lets a stretch of another journal's
    /// records be taken for this one's is that two neighbours fit each other.
    @Test func toAnotherKeyNeighboursAreStrangers() {
        var random = SplitMix(seed: 4)
        for _ in 0..<10_000 {
            let (one, other) = (RecordKey(identity: random.next()), RecordKey(identity: random.next()))
            let (checksum, sequence) = (UInt32(truncatingIfNeeded: random.next()), random.next() >> 8)
            let first = other.sequence(one.seal(checksum, sequence), checksum)
            let second = other.sequence(one.seal(checksum, sequence + 1), checksum)
            #expect(second != first &+ 1)
        }
    }
}
