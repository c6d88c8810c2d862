import Columnar
import Testing

@testable import Dataflow

/// Sums by key and window, folded through key groups as the engine does, with stores and restarts in between.
private struct Tables {
    var groups: [WindowTable]
    var store: [[UInt8]: [UInt8]] = [:]
    let sessions: Bool

    init(sessions: Bool) {
        self.sessions = sessions
        groups = (0..<KeyGroup.count).map { _ in Self.table(sessions) }
    }

    static func table(_ sessions: Bool) -> WindowTable {
        WindowTable(accumulators: [IntegerSumAccumulator(), CountAccumulator()], mergesSessions: sessions)
    }

    mutating func fold(_ rows: [(key: UInt8, window: Window, value: Int64)]) {
        var groups: [KeyedBatch.Group] = []
        var groupOfRow: [Int32] = []
        for row in rows {
            let index = groups.firstIndex { $0.key == StoredKey([row.key]) && $0.window == row.window }
            if index == nil { groups.append(KeyedBatch.Group(key: StoredKey([row.key]), window: row.window)) }
            groupOfRow.append(Int32(index ?? groups.count - 1))
        }
        let values = Column.int64(FixedColumn(values: rows.map(\.value)))
        let batch = KeyedBatch(values: [values, values], groups: groups, groupOfRow: groupOfRow)
        for number in self.groups.indices { self.groups[number].fold(batch, keyGroup: number) }
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
        groups = (0..<KeyGroup.count).map { _ in Self.table(sessions) }
        for (key, value) in store {
            try groups[KeyGroup.number(of: try WindowTable.key(ofStored: key))].restore(key: key, value: value)
        }
    }

    /// `key [start, end) sum count` of what closes.
    mutating func close(_ watermark: Int64) -> [String] {
        var result: [String] = []
        for number in groups.indices {
            guard let pane = groups[number].close(at: watermark) else { continue }
            for index in pane.keys.indices {
                result.append(
                    "\(pane.keys[index].bytes) \(pane.windows[index].start)..\(pane.windows[index].end) "
                        + "\(pane.results[0][index]) \(pane.results[1][index])")
            }
        }
        return result.sorted()
    }
}

@Suite struct WindowTableTests {
    @Test(arguments: [false, true], 0..<20)
    func storesAndRestartsChangeNothing(sessions: Bool, seed: Int) throws {
        var random = SeededRandom(UInt64(seed))
        var plain = Tables(sessions: sessions)
        var stored = Tables(sessions: sessions)
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
        #expect(stored.groups.allSatisfy { $0.count == 0 && $0.bytes == 0 })
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

    @Test func rowsOfLateOrRejectedGroupsTakeNoPart() {
        let groups = (0..<5).map { KeyedBatch.Group(key: StoredKey([UInt8($0)]), window: .global) }
        let values = Column.int64(FixedColumn(values: [1, 2, 3, 4, 5, 6]))
        let batch = KeyedBatch(values: [values], groups: groups, groupOfRow: [0, -1, 2, 2, -1, 4])
        #expect(batch.groups.count == 3)
        #expect(batch.rows.sorted() == [0, 2, 3, 5])
        #expect(batch.rowOffsets.last == 4 && batch.groupOffsets.last == 3)
        for (index, row) in batch.rows.enumerated() {
            let expected: [UInt8] = row == 0 ? [0] : row == 5 ? [4] : [2]
            #expect(batch.groups[Int(batch.groupOfRow[index])].key.bytes == expected)
        }
    }
}
