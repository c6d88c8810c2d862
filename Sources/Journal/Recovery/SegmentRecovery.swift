/// What stands in a journal's folder when it is opened: which segments are the journal's, and what its identity is.
struct SegmentRecovery {
    var table = SegmentTable()
    var report = RecoveryReport()
    /// Of the segments that begin from now on.
    var header: FileHeader

    private struct File {
        let firstSequence: UInt64
        let path: String
        let size: Int
        let reading: FileHeader.Reading
    }

    /// Examines every segment's header, and the records of the newest; sets aside what is another journal's.
    ///
    /// - Parameters:
    ///   - owner: whose journal it is; nil: whatever the segments say.
    ///   - fresh: the header of a journal that has none yet.
    init(folder: String, owner: String?, fresh: FileHeader, calls: any DiskCalls) throws(JournalError) {
        header = fresh
        guard Folder.exists(folder) else { return }
        let files = try SegmentRecovery.files(in: folder, calls: calls)
        let known = SegmentRecovery.identity(of: files, owner: owner)
        header = known ?? fresh
        var ours: [File] = []
        // Segments of version 1 stand before the others: behind one of those they have come from elsewhere.
        var mayBeLegacy = true
        for file in files {
            switch file.reading {
            case .sound(let found) where found.isLegacy ? mayBeLegacy : found == known:
                ours.append(file)
                if !found.isLegacy { mayBeLegacy = false }
            case .unfinished, .unreadable: ours.append(file)
            case .sound: report.setAside.append(try RecoveredFile.setAside(file.path, as: .foreign))
            }
        }
        guard let newest = ours.last else {
            // Nobody knows better up to which number messages have been: none is to be given twice.
            if let last = files.last { table.nextSequence = last.firstSequence }
            return
        }
        for (index, file) in ours.dropLast().enumerated() {
            let header = try headerOfOlder(file, before: ours[(index + 1)...], calls: calls)
            table.segments.append(
                SegmentTable.Segment(firstSequence: file.firstSequence, header: header, size: file.size, index: nil))
        }
        let expectation = RecoveredFile.Expectation(owner: owner, fresh: header, possible: possible)
        let opened = try RecoveredFile.open(
            newest.path, firstSequence: newest.firstSequence, expecting: expectation, calls: calls)
        table.nextSequence = opened.scan.endSequence
        // A file of version 1 takes no more; without records, the next segment takes its place.
        if opened.size > 0, !opened.header.isLegacy || opened.scan.endSequence > newest.firstSequence {
            table.segments.append(
                SegmentTable.Segment(
                    firstSequence: newest.firstSequence, header: opened.header, size: opened.size,
                    index: opened.scan.index))
            table.isLastActive = !opened.header.isLegacy
        }
        table.note(opened.report.damage)
        report.truncatedBytes = opened.report.truncatedBytes
        report.damage = opened.report.damage
        report.setAside += opened.report.setAside
    }

    /// The headers that a segment may have had which comes next and has lost its own.
    private var possible: [FileHeader] {
        table.segments.last.map { !$0.header.isLegacy } ?? false ? [header] : [header, .legacy]
    }

    private func headerOfOlder(
        _ file: File, before later: ArraySlice<File>, calls: any DiskCalls
    ) throws(JournalError) -> FileHeader {
        if case .sound(let header) = file.reading { return header }
        // Before one of version 1 there are none but of version 1.
        if later.contains(where: { $0.reading == .sound(.legacy) }) { return .legacy }
        let found = try RecoveredFile.identify(
            try OpenFile(file.path, calls: calls), size: file.size, firstSequence: file.firstSequence,
            limit: later.first?.firstSequence ?? .max, among: possible)
        // What it holds is found to be lost when it is read.
        return found ?? header
    }

    /// The segments in `folder`, ascending.
    private static func files(in folder: String, calls: any DiskCalls) throws(JournalError) -> [File] {
        let firsts = try Folder(path: folder).names().compactMap { name -> UInt64? in
            // Numbers beyond 2⁶² nobody reaches by appending.
            guard let first = UInt64(name.prefix(20)), (1...1 << 62).contains(first),
                name == SegmentStore.name(ofSegment: first)
            else { return nil }
            return first
        }.sorted()
        var files: [File] = []
        for first in firsts {
            let path = "\(folder)/\(SegmentStore.name(ofSegment: first))"
            // A journal of this process may have had the file open before it was replaced.
            FilePool.shared.forget(path)
            let file = try OpenFile(path, calls: calls)
            let size = try file.size()
            files.append(
                File(firstSequence: first, path: path, size: size, reading: try FileHeader.read(file, size: size)))
        }
        return files
    }

    /// The journal's identity: the one that most segments of its owner have, and among equals the one of the oldest.
    private static func identity(of files: [File], owner: String?) -> FileHeader? {
        var counts: [(header: FileHeader, segments: Int)] = []
        for file in files {
            guard case .sound(let header) = file.reading, !header.isLegacy, header.fits(owner) else { continue }
            if let index = counts.firstIndex(where: { $0.header == header }) {
                counts[index].segments += 1
            } else {
                counts.append((header, 1))
            }
        }
        let most = counts.map(\.segments).max()
        return counts.first { $0.segments == most }?.header
    }
}
