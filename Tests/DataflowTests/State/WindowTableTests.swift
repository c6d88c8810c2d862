import Columnar
import TestSupport
import Testing

@testable import Dataflow

/// Sums by key and window, folded through key groups as the engine does, with stores and restarts in between.
private struct Tables {
    var groups: [WindowTable]
    var store: [[UInt8]: [UInt8]] = [:]
    let sessions: Bool
    /// Bytes of a key group that stay in memory.
    let share: Int
    var file = SpillFile(folder: "/tmp")

    init(sessions: Bool, share: Int = .max) {
        self.sessions = sessions
        self.share = share
        groups = []
        groups = tables
    }

    private var tables: [WindowTable] {
        (0..<KeyGroup.count).map { _ in
            WindowTable(
                accumulators: [IntegerSumAccumulator(), CountAccumulator()], mergesSessions: sessions,
                spill: WindowTable.Spill(share: share, rowsBetweenChecks: 1, file: file))
        }
    }

    mutating func fold(_ rows: [(key: UInt8, window: Window, value: Int64)]) {
        let values = Column.int64(FixedColumn(values: rows.map(\.value)))
        let batch = KeyedBatch(
            values: [values, values], keys: BytesColumn(rows.map { [$0.key] }),
            windows: .intervals(starts: rows.map(\.window.start), ends: rows.map(\.window.end)))
        for number in groups.indices { groups[number].fold(batch, keyGroup: number) }
    }

    /// Stores what has changed; says how many entries that were.
    @discardableResult
    mutating func commit() -> Int {
        var count = 0
        for number in groups.indices {
            for (key, value) in groups[number].takeChanges() {
                store[key] = value
                count += 1
            }
        }
        return count
    }

    mutating func restart() throws {
        file = SpillFile(folder: "/tmp")
        groups = tables
        var stored: [Int: [(name: WindowTable.StoredName, key: [UInt8], value: [UInt8])]] = [:]
        for (key, value) in store {
            let name = try WindowTable.StoredName(decoding: key)
            stored[name.keyGroup, default: []].append((name, key, value))
        }
        for (number, parts) in stored { try groups[number].restore(parts) }
    }

    /// `key [start, end) sum count` of what closes.
    mutating func close(_ watermark: Int64) -> [String] {
        var result: [String] = []
        for number in groups.indices {
            while let pane = groups[number].close(at: watermark) {
                for index in 0..<pane.keys.count {
                    result.append(
                        "\(Array(pane.keys[index])) \(pane.windows[index].start)..\(pane.windows[index].end) "
                            + "\(pane.results[0][index]) \(pane.results[1][index])")
                }
            }
        }
        return result.sorted()
    }
}

@Suite struct WindowTableTests {
    @Test(arguments: [Int.max, 400, 0], 0..<20)
    func storesRestartsAndFilesChangeNothing(share: Int, seed: Int) throws {
        try check(sessions: false, share: share, seed: seed)
    }

    @Test(arguments: 0..<20)
    func storesAndRestartsChangeNoSession(seed: Int) throws {
        try check(sessions: true, share: .max, seed: seed)
    }

    private func check(sessions: Bool, share: Int, seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        var plain = Tables(sessions: sessions)
        var stored = Tables(sessions: sessions, share: share)
        var isInFile = false
        var all: [(key: UInt8, window: Window, value: Int64)] = []
        var watermark: Int64 = 0
        var results: [String] = []
        for _ in 0..<25 {
            let rows = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                let time = watermark + Int64.random(in: 0..<60, using: &random)
                let window =
                    sessions
                    ? Window(start: time, end: time + 9) : Window(start: time / 10 * 10, end: time / 10 * 10 + 10)
                return (
                    key: UInt8.random(in: 0..<5, using: &random), window: window,
                    value: Int64.random(in: -9..<10, using: &random)
                )
            }.filter { $0.window.end > watermark }
            all += rows
            let cut = Int.random(in: 0...rows.count, using: &random)
            plain.fold(rows)
            stored.fold(Array(rows[..<cut]))
            if Bool.random(using: &random) { stored.commit() }
            stored.fold(Array(rows[cut...]))
            stored.commit()
            isInFile = isInFile || stored.file.bytes > 0
            if Int.random(in: 0..<3, using: &random) == 0 { try stored.restart() }
            watermark += Int64.random(in: 0..<15, using: &random)
            let closed = plain.close(watermark)
            let same = stored.close(watermark)
            #expect(same == closed)
            results += closed
        }
        results += plain.close(.max)
        #expect(results.sorted() == naive(all, sessions: sessions))
        _ = stored.close(.max)
        stored.commit()
        #expect(stored.store.isEmpty, "closed windows leave nothing behind")
        #expect(stored.groups.allSatisfy { $0.count == 0 && $0.bytes == 0 && $0.problem == nil })
        #expect(isInFile == (share < .max) && stored.file.bytes == 0)
    }

    private func naive(_ rows: [(key: UInt8, window: Window, value: Int64)], sessions: Bool) -> [String] {
        var result: [String] = []
        for (key, rows) in Dictionary(grouping: rows, by: \.key) {
            var windows: [Window] = []
            for window in Set(rows.map(\.window)).sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
                if sessions, let last = windows.last, last.end > window.start {
                    windows[windows.count - 1].end = max(last.end, window.end)
                } else {
                    windows.append(window)
                }
            }
            for window in windows {
                let inside = rows.filter { window.start <= $0.window.start && $0.window.end <= window.end }
                let sum = inside.reduce(0) { $0 + $1.value }
                result.append(
                    "\([key]) \(window.start)..\(window.end) \(Scalar.int64(sum)) \(Scalar.int64(Int64(inside.count)))")
            }
        }
        return result.sorted()
    }

    @Test func onlyChangedEntriesAreStored() {
        var tables = Tables(sessions: false)
        let window = Window(start: 0, end: 10)
        tables.fold([(1, window, 1), (2, window, 1)])
        let first = tables.commit()
        tables.fold([(2, window, 1)])
        let second = tables.commit()
        let third = tables.commit()
        #expect([first, second, third] == [2, 1, 0])
    }

    @Test func whatOpensAndClosesBetweenCommitsIsNeverStored() {
        var tables = Tables(sessions: true)
        tables.fold([(1, Window(start: 0, end: 10), 1), (1, Window(start: 5, end: 15), 1)])
        let closed = tables.close(15)
        #expect(closed.count == 1)
        tables.commit()
        #expect(tables.store.isEmpty)
    }

    @Test func sessionsBeyondTheBoundAreAProblemThatNamesStepBytesAndSetting() throws {
        var table = WindowTable(
            accumulators: [CountAccumulator()], mergesSessions: true,
            spill: WindowTable.Spill(step: "Sum", share: 100, bound: 500, rowsBetweenChecks: 1))
        var rows = 0
        while table.problem == nil, rows < 100 {
            let start = Int64(rows) * 100
            let batch = KeyedBatch(
                values: [.null(count: 1)], keys: BytesColumn([[1]]),
                windows: .intervals(starts: [start], ends: [start + 10]))
            for number in 0..<KeyGroup.count { table.fold(batch, keyGroup: number) }
            rows += 1
        }
        let problem = try #require(table.problem)
        #expect(rows > 2)
        #expect(problem.hasPrefix("step 'Sum': open sessions take "))
        #expect(problem.contains("maxMemoryBytes allows (\(500 * KeyGroup.count))"))
    }

    @Test func rowsThatAreLeftOutTakeNoPart() {
        let values = Column.int64(FixedColumn(values: [1, 2, 3, 4, 5, 6]))
        let keys: [[UInt8]] = [[0], [1], [2], [2], [3], [4]]
        let batch = KeyedBatch(values: [values], keys: BytesColumn(keys), windows: .global) { $0 == 1 || $0 == 4 }
        #expect(batch.rows.sorted() == [0, 2, 3, 5])
        for number in 0..<KeyGroup.count {
            for row in batch.rows(ofKeyGroup: number) {
                #expect(KeyGroup.number(of: StoredKey(keys[Int(row)]).word) == number)
            }
        }
    }

    @Test(arguments: 0..<10) func anIndexFindsWhatIsThereAndNothingElse(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var index = SlotIndex()
        // Few different hashes, so that searches run into each other.
        let hashes = (0..<200).map { _ in UInt64.random(in: 0..<40, using: &random) &* 0x0101_0101_0000_0001 }
        var present: Set<Int32> = []
        for _ in 0..<2000 {
            let slot = Int32.random(in: 0..<200, using: &random)
            if present.remove(slot) != nil {
                index.remove(slot, hash: hashes[Int(slot)]) { hashes[Int($0)] }
            } else {
                present.insert(slot)
                index.insert(slot, hash: hashes[Int(slot)]) { hashes[Int($0)] }
            }
            let probe = Int32.random(in: 0..<200, using: &random)
            let found = index.find(hashes[Int(probe)]) { $0 == probe }
            #expect(found == (present.contains(probe) ? probe : nil))
            #expect(index.count == present.count)
        }
    }
}
