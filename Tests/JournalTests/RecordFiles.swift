@testable import Journal

/// Files of records as they were written by other hands: in the old format, or under another identity.
enum RecordFiles {
    /// A file in the format before journals had identities.
    static func old(_ payloads: [[UInt8]], from sequence: UInt64 = 1) -> [UInt8] {
        FileHeader.legacyMagic + records(payloads, from: sequence, key: .legacy)
    }

    /// Records alone, as a journal of that key writes them.
    static func records(_ payloads: [[UInt8]], from sequence: UInt64, key: RecordKey) -> [UInt8] {
        let block = RecordBlock(firstSequence: sequence, key: key)
        for payload in payloads {
            block.append(capacity: payload.count) { room in
                room.copyBytes(from: payload)
                return payload.count
            }
        }
        return [UInt8](block.bytes)
    }

    /// The header of a file, which must be sound.
    static func header(of bytes: [UInt8]) -> FileHeader? {
        guard case .sound(let header) = FileHeader.read(Array(bytes.prefix(FileHeader.byteCount)), size: bytes.count)
        else { return nil }
        return header
    }
}
