/// What stands before the records of a file: whose they are.
///
/// Every journal and every log has an identity, a number drawn at its creation. It stands in the header of each of its
/// files, and each record is sealed with it (`RecordKey`): a file that belongs elsewhere is known by its header, and a
/// record that belongs elsewhere, be it inside a message, does not verify.
///
/// The header is a magic of eight bytes, the last but one of them the version, and twice the same sixteen: the identity
/// (8), a tag of the owner (4), and the CRC-32C of magic, identity and tag (4); numbers are little-endian. One sound
/// copy is enough, and the magic may have changed. In version 1 there was nothing but the magic.
struct FileHeader: Sendable, Hashable {
    /// Never 0; 0 in files of version 1.
    let identity: UInt64
    /// A tag of the owner's name; 0: nobody in particular.
    let owner: UInt32

    /// How long it is in the file, which is where the first record begins, bytes.
    var byteCount: Int { isLegacy ? FileHeader.legacyMagic.count : FileHeader.byteCount }

    /// Of version 1: the records carry a checksum and their number, nothing else.
    var isLegacy: Bool { identity == 0 }

    var key: RecordKey { RecordKey(identity: identity) }

    /// Of version 1.
    static let legacy = FileHeader(identity: 0, owner: 0)
    /// Bytes, of the present version.
    static let byteCount = magic.count + 2 * copyBytes
    static let magic: [UInt8] = Array("stjrnl".utf8) + [2, 10]
    static let legacyMagic: [UInt8] = Array("stjrnl".utf8) + [1, 10]
    private static let copyBytes = 16

    private init(identity: UInt64, owner: UInt32) {
        self.identity = identity
        self.owner = owner
    }

    /// A header for a new journal or log of `owner`.
    static func drawn(owner: String?, using random: inout some RandomNumberGenerator) -> FileHeader {
        FileHeader(identity: max(random.next(), 1), owner: tag(of: owner))
    }

    /// What a header says of an owner of that name; nil is nobody in particular.
    static func tag(of owner: String?) -> UInt32 {
        guard let owner else { return 0 }
        let checksum = Array(owner.utf8).withUnsafeBytes { CRC32C.checksum($0) }
        return checksum == 0 ? 1 : checksum
    }

    /// Whether a file with this header may be that of `owner`; nil takes every file.
    func fits(_ owner: String?) -> Bool { owner == nil || self.owner == FileHeader.tag(of: owner) }

    // MARK: In the file

    /// The bytes of a header of the present version.
    var bytes: [UInt8] {
        var copy: [UInt8] = []
        for shift in stride(from: 0, to: 64, by: 8) { copy.append(UInt8(truncatingIfNeeded: identity >> shift)) }
        for shift in stride(from: 0, to: 32, by: 8) { copy.append(UInt8(truncatingIfNeeded: owner >> shift)) }
        let checksum = FileHeader.checksum(copy)
        for shift in stride(from: 0, to: 32, by: 8) { copy.append(UInt8(truncatingIfNeeded: checksum >> shift)) }
        return FileHeader.magic + copy + copy
    }

    private static func checksum(_ identityAndOwner: [UInt8]) -> UInt32 {
        let seed = magic.withUnsafeBytes { CRC32C.checksum($0) }
        return identityAndOwner.withUnsafeBytes { CRC32C.checksum($0, seed: seed) }
    }

    /// What the start of a file says.
    enum Reading: Hashable {
        case sound(FileHeader)
        /// The process died while it created the file: there is nothing in it yet.
        case unfinished
        /// Neither copy is sound: damaged, or no file of ours.
        case unreadable
    }

    /// Reads the header of a file of `size` bytes.
    static func read(_ file: OpenFile, size: Int) throws(JournalError) -> Reading {
        let scratch = ScratchBuffer(capacity: byteCount)
        let count = try file.read(into: scratch.memory, at: 0)
        return read(Array(scratch.memory[..<min(count, byteCount)]), size: size)
    }

    /// Reads the header from a file's first bytes.
    static func read(_ start: [UInt8], size: Int) -> Reading {
        for place in [magic.count, magic.count + copyBytes] where start.count >= place + copyBytes {
            let copy = start[place..<place + copyBytes]
            let numbers = copy.prefix(12)
            let identity = numbers.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let owner = numbers.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let stored = copy.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if identity != 0, stored == checksum(Array(numbers)) {
                return .sound(FileHeader(identity: identity, owner: owner))
            }
        }
        if start.starts(with: legacyMagic) { return .sound(.legacy) }
        // File systems may keep a file's new length and not its bytes.
        let isBlank = start.allSatisfy { $0 == 0 }
        if size < legacyMagic.count || (size <= byteCount && (isBlank || magic.starts(with: start.prefix(8)))) {
            return .unfinished
        }
        return .unreadable
    }
}

/// What a journal's identity makes of a record's checksum and number: a multiplication and an addition, the same two
/// for all records of a journal.
///
/// To another identity, what this one has sealed is a number as good as random, and those of two neighbours are
/// unrelated: the odds that a record of another journal is taken for the one that should stand there are one in 2³².
struct RecordKey: Sendable, Hashable {
    private let factor: UInt32
    private let summand: UInt32
    private let inverse: UInt32

    /// Identity 0, of files of version 1, changes nothing.
    init(identity: UInt64) {
        let factor = UInt32(truncatingIfNeeded: identity >> 32) | 1
        // Newton's iteration: every step doubles the low bits that are right, of which an odd number has three itself.
        var inverse = factor
        for _ in 0..<4 { inverse = inverse &* (2 &- factor &* inverse) }
        self.factor = factor
        self.inverse = inverse
        summand = UInt32(truncatingIfNeeded: identity)
    }

    /// Of files of version 1.
    static let legacy = RecordKey(identity: 0)

    /// What stands in the file for a record with that checksum and number.
    @inline(__always)
    func seal(_ checksum: UInt32, _ sequence: UInt64) -> UInt32 {
        (checksum ^ UInt32(truncatingIfNeeded: sequence)) &* factor &+ summand
    }

    /// The low half of the number that a record with that checksum claims.
    @inline(__always)
    func sequence(_ sealed: UInt32, _ checksum: UInt32) -> UInt32 {
        ((sealed &- summand) &* inverse) ^ checksum
    }
}
