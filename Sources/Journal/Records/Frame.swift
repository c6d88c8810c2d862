/// Reading the frames that `RecordBlock` describes.
enum Frame {
    /// What stands at an offset.
    enum Reading {
        /// A sound record; `end` is where the next one begins.
        case record(payload: Range<Int>, end: Int)
        /// The bytes at hand end within it: it needs so many bytes from its start.
        case incomplete(bytes: Int)
        /// No record, or one that has changed. `end` is where it would end if its length were right.
        case bad(end: Int?)
    }

    static func checksum(length: UInt32, payload: UnsafeRawBufferPointer) -> UInt32 {
        let seed = withUnsafeBytes(of: length.littleEndian) { CRC32C.checksum($0) }
        return CRC32C.checksum(payload, seed: seed)
    }

    /// Examines the frame at `offset`, which should be that of record `sequence`, sealed with `key`; without a key the
    /// checksum is not looked at.
    @inline(__always)
    static func read(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, sequence: UInt64, key: RecordKey?
    ) -> Reading {
        guard offset + RecordBlock.headerBytes <= bytes.count else {
            return .incomplete(bytes: RecordBlock.headerBytes)
        }
        let length = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        guard length <= RecordWriter.maximumRecordBytes else { return .bad(end: nil) }
        let start = offset + RecordBlock.headerBytes
        let end = start + Int(length)
        guard end <= bytes.count else { return .incomplete(bytes: end - offset) }
        if let key, storedSeal(bytes, at: offset) != key.seal(checksum(bytes, at: offset, length: length), sequence) {
            return .bad(end: end)
        }
        return .record(payload: start..<end, end: end)
    }

    private static func storedSeal(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
    }

    /// Of the frame at `offset`, which must be within `bytes`.
    private static func checksum(_ bytes: UnsafeRawBufferPointer, at offset: Int, length: UInt32) -> UInt32 {
        let start = offset + RecordBlock.headerBytes
        return checksum(
            length: length, payload: UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(length)]))
    }

    /// Finds the next sound record at or after `offset`, when the one before could not be read: where it is and its
    /// number.
    ///
    /// A candidate must have a number from `sequence` to below `limit`, and be followed by the record after it. Where
    /// `bytes` reaches the file's end (`atEnd`) that end will do, too, for a number that is near: at most a thousand
    /// beyond those for which there is room in the bytes passed over. Gives up after checking 128 MiB, so that hostile
    /// bytes cannot hold it for long.
    static func resynchronise(
        _ bytes: UnsafeRawBufferPointer, from offset: Int, sequence: UInt64, limit: UInt64, key: RecordKey, atEnd: Bool
    ) -> (offset: Int, sequence: UInt64)? {
        var budget = 128 << 20
        var candidate = offset
        while candidate + RecordBlock.headerBytes <= bytes.count, budget > 0 {
            defer { candidate += 1 }
            let length = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: candidate, as: UInt32.self))
            let end = candidate + RecordBlock.headerBytes + Int(length)
            guard length <= RecordWriter.maximumRecordBytes, end <= bytes.count else { continue }
            budget -= Int(length) + 16
            let claimed = key.sequence(
                storedSeal(bytes, at: candidate), checksum(bytes, at: candidate, length: length))
            let ahead = UInt64(claimed &- UInt32(truncatingIfNeeded: sequence))
            guard ahead < 1 << 24, ahead < limit - min(limit, sequence) else { continue }
            let number = sequence + ahead
            // Under version 1 a changed bit in the checksum is a changed bit in the number.
            let isNear =
                key == .legacy
                ? ahead == 0 || number + 1 == limit : ahead < UInt64(candidate / RecordBlock.headerBytes + 1_000)
            switch read(bytes, at: end, sequence: number + 1, key: key) {
            case .record: return (candidate, number)
            case .incomplete where atEnd && end == bytes.count && isNear: return (candidate, number)
            case .incomplete, .bad: continue
            }
        }
        return nil
    }
}
