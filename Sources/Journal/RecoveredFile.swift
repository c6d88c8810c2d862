/// A file of records that was opened after whatever happened to it, with its torn tail cut off.
struct RecoveredFile {
    var scan: SegmentScan
    /// Bytes of header and sound records; 0: no file is left, because it was set aside.
    var size: Int
    var report: RecoveryReport

    static func open(_ path: String, firstSequence: UInt64, calls: any DiskCalls) throws(JournalError) -> RecoveredFile
    {
        // This process may have had another file open under that name.
        FilePool.shared.forget(path)
        let file = try OpenFile(path, calls: calls)
        let size = try file.size()
        let empty = SegmentScan(
            endSequence: firstSequence, endOffset: SegmentScan.magic.count,
            index: SparseIndex(firstSequence: firstSequence))
        switch try SegmentScan.hasMagic(file, size: size) {
        case nil:
            // The process died while it created the file.
            try file.truncate(to: 0)
            try file.writeMagic()
            return RecoveredFile(
                scan: empty, size: SegmentScan.magic.count, report: RecoveryReport(truncatedBytes: size))
        case false?:
            // Not one of ours, or its first bytes are damaged: if records follow, keep them.
            if let first = try SegmentScan.findNext(
                file, after: 0, size: size, sequence: firstSequence &- 1, limit: .max),
                first.sequence == firstSequence, first.offset == SegmentScan.magic.count
            {
                break
            }
            let aside = try setAside(path)
            return RecoveredFile(scan: empty, size: 0, report: RecoveryReport(setAside: [aside]))
        case true?:
            break
        }
        let scan = try SegmentScan.walk(file, size: size, firstSequence: firstSequence)
        let torn = size - scan.endOffset
        if torn > 0 { try file.truncate(to: scan.endOffset) }
        FilePool.shared.insert(file)
        return RecoveredFile(
            scan: scan, size: scan.endOffset, report: RecoveryReport(truncatedBytes: torn, damage: scan.damage))
    }

    private static func setAside(_ path: String) throws(JournalError) -> String {
        var number = 1
        while Folder.exists("\(path).damaged-\(number)") { number += 1 }
        let aside = "\(path).damaged-\(number)"
        try Folder.move(path, to: aside)
        return aside
    }
}
