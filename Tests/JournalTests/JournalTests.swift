import Testing

@testable import Journal

/// All records from `sequence` on, with their numbers.
func readAll(_ journal: Journal, from sequence: UInt64 = 1, chunk: Int = .max) throws -> [(UInt64, [UInt8])] {
    var cursor = JournalCursor(sequence)
    var records: [(UInt64, [UInt8])] = []
    while try journal.read(&cursor, limit: chunk, { records.append(($0, [UInt8]($1))) }) > 0 {}
    return records
}

func payloads(_ journal: Journal) throws -> [[UInt8]] { try readAll(journal).map(\.1) }

/// A cache in which nothing fits: every read comes from the disk.
func noCache() -> RecordCache { RecordCache(capacity: 0) }

@Suite struct JournalTests {
    private let folder = TemporaryFolder()

    private func record(_ number: Int, bytes: Int = 20) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
    }

    @Test func recordsAreNumberedFromOneAndReadBack() async throws {
        let journal = try Journal(folder: folder.file("j"))
        #expect(journal.firstSequence == 1)
        #expect(journal.nextSequence == 1)
        #expect(try await journal.append(record(1)) == 1)
        #expect(try await journal.append([record(2), [], record(4)]) == 2..<5)
        #expect(try await journal.append([[UInt8]]()) == 5..<5)
        #expect(journal.nextSequence == 5)
        let records = try readAll(journal)
        #expect(records.map(\.0) == [1, 2, 3, 4])
        #expect(records.map(\.1) == [record(1), record(2), [], record(4)])
        #expect(try journal.record(3) == [])
        #expect(try journal.record(5) == nil)
    }

    @Test(arguments: [Durability.synced, .written], [300, 64 << 20])
    func aReopenedJournalIsTheSame(durability: Durability, segmentBytes: Int) async throws {
        let all = (0..<100).map { record($0, bytes: $0 * 37 % 90) }
        let journal = try Journal(folder: folder.path, durability: durability, segmentBytes: segmentBytes)
        for index in stride(from: 0, to: 100, by: 4) { try await journal.append(Array(all[index..<index + 4])) }
        #expect(journal.segmentStarts.count == (segmentBytes == 300 ? 14 : 1))
        let reopened = try Journal(
            folder: folder.path, durability: durability, segmentBytes: segmentBytes, cache: noCache())
        #expect(reopened.recovery.isClean)
        #expect(reopened.nextSequence == 101)
        #expect(reopened.segmentStarts == journal.segmentStarts)
        #expect(reopened.byteCount == journal.byteCount)
        #expect(try payloads(reopened) == all)
        #expect(try await reopened.append([7]) == 101)
        #expect(try payloads(reopened) == all + [[7]])
    }

    @Test(arguments: [1, 3, 7, 1000], [0, 64 << 20])
    func aCursorGoesOnWhereItStopped(chunk: Int, cache: Int) async throws {
        let journal = try Journal(folder: folder.path, segmentBytes: 500, cache: RecordCache(capacity: cache))
        let all = (0..<200).map { record($0, bytes: $0 % 50) }
        for index in stride(from: 0, to: 200, by: 10) { try await journal.append(Array(all[index..<index + 10])) }
        let records = try readAll(journal, chunk: chunk)
        #expect(records.map(\.0) == Array(1...200))
        #expect(records.map(\.1) == all)
        for start in [2, 57, 199, 200] as [UInt64] {
            #expect(try readAll(journal, from: start, chunk: chunk).map(\.0) == Array(start...200))
        }
    }

    @Test func aCursorAtTheEndSeesWhatIsAppendedNext() async throws {
        let journal = try Journal(folder: folder.path, segmentBytes: 100, cache: noCache())
        var cursor = JournalCursor(1)
        for index in 0..<40 {
            try await journal.append(record(index))
            var seen: [[UInt8]] = []
            #expect(try journal.read(&cursor) { seen.append([UInt8]($1)) } == 1)
            #expect(seen == [record(index)])
            #expect(try journal.read(&cursor) { _, _ in } == 0)
        }
    }

    @Test func readingObeysItsLimits() async throws {
        let journal = try Journal(folder: folder.path)
        try await journal.append((0..<10).map { _ in [UInt8](repeating: 1, count: 100) })
        var cursor = JournalCursor(3)
        #expect(try journal.read(&cursor, below: 5) { _, _ in } == 2)
        #expect(cursor.sequence == 5)
        #expect(try journal.read(&cursor, limit: 2) { _, _ in } == 2)
        #expect(try journal.read(&cursor, byteLimit: 150) { _, _ in } == 2)
        #expect(cursor.sequence == 9)
    }

    @Test func recordsLargerThanAnyBufferSurvive() async throws {
        let large = record(1, bytes: 3 << 20)
        let journal = try Journal(folder: folder.path, cache: noCache())
        try await journal.append([record(0), large, record(2)])
        #expect(try payloads(journal) == [record(0), large, record(2)])
        #expect(try payloads(try Journal(folder: folder.path, cache: noCache())) == [record(0), large, record(2)])
    }

    @Test func everyRecordOfAManySegmentedJournalIsFound() async throws {
        let journal = try Journal(folder: folder.path, segmentBytes: 200_000)
        for batch in 0..<30 {
            try await journal.append((0..<200).map { record(batch * 200 + $0, bytes: 40 + $0 % 160) })
        }
        let reopened = try Journal(folder: folder.path, segmentBytes: 200_000, cache: noCache())
        for sequence in stride(from: 1, through: 6000, by: 37) as StrideThrough<UInt64> {
            let number = Int(sequence - 1)
            let expected = record(number, bytes: 40 + number % 200 % 160)
            #expect(try journal.record(sequence) == expected)
            #expect(try reopened.record(sequence) == expected)
        }
    }

    @Test func payloadBytesAreCountedForAnyRange() async throws {
        let sizes = (0..<300).map { $0 * 53 % 400 }
        let journal = try Journal(folder: folder.path, segmentBytes: 9_000)
        for index in stride(from: 0, to: 300, by: 5) {
            try await journal.append(sizes[index..<index + 5].map { [UInt8](repeating: 9, count: $0) })
        }
        let reopened = try Journal(folder: folder.path, segmentBytes: 9_000, cache: noCache())
        for lower in stride(from: 0, through: 300, by: 13) {
            for upper in stride(from: lower, through: 300, by: 29) {
                let expected = sizes[lower..<upper].reduce(0, +)
                #expect(try journal.payloadBytes(in: UInt64(lower + 1)..<UInt64(upper + 1)) == expected)
                #expect(try reopened.payloadBytes(in: UInt64(lower + 1)..<UInt64(upper + 1)) == expected)
            }
        }
        #expect(journal.extent.appendedBytes == sizes.reduce(0, +))
    }

    @Test func segmentsBelowANumberAreDeletedAndTheNewestStays() async throws {
        let journal = try Journal(folder: folder.path, segmentBytes: 100)
        for index in 0..<50 { try await journal.append(record(index)) }
        let starts = journal.segmentStarts
        #expect(starts.count > 5)
        let before = journal.byteCount
        let freed = try journal.removeSegments(below: starts[3] + 1)
        #expect(journal.firstSequence == starts[3])
        #expect(journal.byteCount == before - freed)
        #expect(folder.names.count == starts.count - 3)
        #expect(try readAll(journal, from: 1).map(\.0) == Array(starts[3]...50))
        #expect(try journal.record(1) == nil)
        try journal.removeSegments(below: 1_000)
        #expect(journal.segmentStarts == [try #require(starts.last)])
        let reopened = try Journal(folder: folder.path, segmentBytes: 100)
        #expect(reopened.firstSequence == starts.last)
        #expect(reopened.nextSequence == 51)
    }

    @Test func concurrentAppendsAreAllThereAndEachInOnePiece() async throws {
        let journal = try Journal(folder: folder.path, segmentBytes: 5_000)
        let ranges = try await withThrowingTaskGroup(of: [(Range<UInt64>, Int)].self) { group in
            for task in 0..<16 {
                group.addTask { [self] in
                    var ranges: [(Range<UInt64>, Int)] = []
                    for index in 0..<25 {
                        let number = task * 1000 + index
                        let batch = (0..<1 + index % 4).map { record(number + $0, bytes: 24) }
                        ranges.append((try await journal.append(batch), number))
                    }
                    return ranges
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for tasks in ranges {
            #expect(zip(tasks, tasks.dropFirst()).allSatisfy { $0.0.upperBound <= $1.0.lowerBound })
        }
        let all = try payloads(try Journal(folder: folder.path, segmentBytes: 5_000, cache: noCache()))
        #expect(all.count == ranges.joined().reduce(0) { $0 + $1.0.count })
        #expect(Set(ranges.joined().flatMap { Array($0.0) }).count == all.count)
        for (range, number) in ranges.joined() {
            for (index, sequence) in range.enumerated() {
                #expect(all[Int(sequence) - 1] == record(number + index, bytes: 24))
            }
        }
    }

    @Test func aRecordThatIsTooLongIsRefusedAndNothingElse() async throws {
        let journal = try Journal(folder: folder.path)
        try await journal.append([1])
        let error = await #expect(throws: JournalError.self) {
            try await journal.append { writer in
                writer.append([2])
                writer.append(capacity: RecordWriter.maximumRecordBytes + 1) { _ in 0 }
            }
        }
        #expect(error?.code == .tooLarge)
        #expect(try await journal.append([3]) == 2)
        #expect(try payloads(journal) == [[1], [3]])
    }

    @Test func aClosedJournalCanBeReadButNotAppendedTo() async throws {
        let journal = try Journal(folder: folder.path, durability: .written)
        try await journal.append([1])
        try await journal.close()
        #expect(try payloads(journal) == [[1]])
        let error = await #expect(throws: JournalError.self) { try await journal.append([2]) }
        #expect(error?.code == .closed)
    }

    @Test func theCacheStaysWithinItsCapacityOverAllJournals() async throws {
        let cache = RecordCache(capacity: 10_000)
        let journals = try (0..<5).map { try Journal(folder: folder.file("\($0)"), durability: .written, cache: cache) }
        for round in 0..<60 {
            for journal in journals { try await journal.append(record(round, bytes: 200)) }
            #expect(cache.byteCount <= 10_000)
        }
        for journal in journals {
            #expect(try payloads(journal) == (0..<60).map { record($0, bytes: 200) })
            try await journal.close()
        }
    }
}
