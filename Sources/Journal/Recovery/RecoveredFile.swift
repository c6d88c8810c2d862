/// A file of records that was opened after whatever happened to it, with its torn tail cut off.
struct RecoveredFile {
    /// Whose it is; of no meaning when it was set aside.
    var header: FileHeader
    var scan: SegmentScan
    /// Bytes of header and sound records; 0: no file is left, because it was set aside.
    var size: Int
    var report: RecoveryReport

    /// What a file may be when its header does not say, or does not say enough.
    struct Expectation {
        /// Whom the file must belong to; nil takes every owner's.
        var owner: String?
        /// Of a file that has yet to get one.
        var fresh: FileHeader
        /// The headers that it may have had if its own has been damaged.
        var possible: [FileHeader]
    }

    static func open(
        _ path: String, firstSequence: UInt64, expecting: Expectation, calls: any DiskCalls
    ) throws(JournalError) -> RecoveredFile {
        // This process may have had another file open under that name.
        FilePool.shared.forget(path)
        let file = try OpenFile(path, calls: calls)
        let size = try file.size()
        let header: FileHeader
        switch try FileHeader.read(file, size: size) {
        case .unfinished:
            let header = expecting.fresh
            try file.truncate(to: 0)
            try file.write(header)
            return RecoveredFile(
                header: header, scan: SegmentScan(firstSequence: firstSequence, header: header),
                size: header.byteCount, report: RecoveryReport(truncatedBytes: size))
        case .sound(let found):
            guard found.isLegacy || found.fits(expecting.owner) else {
                return try setAside(path, as: .foreign, firstSequence: firstSequence, fresh: expecting.fresh)
            }
            header = found
            // The process died over the second copy.
            if size < header.byteCount { try file.write(header) }
        case .unreadable:
            let found = try identify(file, size: size, firstSequence: firstSequence, among: expecting.possible)
            guard let found else {
                return try setAside(path, as: .damaged, firstSequence: firstSequence, fresh: expecting.fresh)
            }
            header = found
        }
        let scan = try SegmentScan.walk(file, size: size, header: header, firstSequence: firstSequence)
        let torn = max(size - scan.endOffset, 0)
        if torn > 0 { try file.truncate(to: scan.endOffset) }
        FilePool.shared.insert(file)
        return RecoveredFile(
            header: header, scan: scan, size: scan.endOffset,
            report: RecoveryReport(truncatedBytes: torn, damage: scan.damage))
    }

    /// Which of the headers `possible` a file had that has lost its own: the one with whose identity its first record
    /// verifies, or else some later one. The latter does not count for version 1, whose records verify anywhere.
    static func identify(
        _ file: OpenFile, size: Int, firstSequence: UInt64, limit: UInt64 = .max, among possible: [FileHeader]
    ) throws(JournalError) -> FileHeader? {
        for header in possible {
            let isFirst = try SegmentScan.hasRecord(
                file, at: header.byteCount, size: size, sequence: firstSequence, key: header.key)
            if isFirst { return header }
        }
        for header in possible where !header.isLegacy && size > header.byteCount {
            let next = try SegmentScan.findNext(
                file, after: header.byteCount, size: size, sequence: firstSequence, limit: limit, key: header.key)
            if next != nil { return header }
        }
        return nil
    }

    // MARK: Setting aside

    /// Why a file is none of ours.
    enum Strangeness: String {
        /// Nothing in it can be read.
        case damaged
        /// It is sound, and another's.
        case foreign
    }

    /// Renames a file, so that it is neither read nor overwritten; returns its new path.
    static func setAside(_ path: String, as strangeness: Strangeness) throws(JournalError) -> String {
        FilePool.shared.forget(path)
        var number = 1
        while Folder.exists("\(path).\(strangeness)-\(number)") { number += 1 }
        let aside = "\(path).\(strangeness)-\(number)"
        try Folder.move(path, to: aside)
        return aside
    }

    private static func setAside(
        _ path: String, as strangeness: Strangeness, firstSequence: UInt64, fresh: FileHeader
    ) throws(JournalError) -> RecoveredFile {
        let aside = try setAside(path, as: strangeness)
        return RecoveredFile(
            header: fresh, scan: SegmentScan(firstSequence: firstSequence, header: fresh), size: 0,
            report: RecoveryReport(setAside: [aside]))
    }
}
