import Columnar
import TestSupport
import Testing
import Time

@Suite struct ColumnKernelTests {
    @Test(arguments: 0..<60) func takeFilterSliceAndConcatenateAgreeWithRows(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        let type = RandomColumns.type(using: &generator)
        let count = [0, 1, 63, 64, 65, 200].randomElement(using: &generator) ?? 0
        let nulls = Bool.random(using: &generator) ? 0.3 : 0
        let scalars = RandomColumns.scalars(type, count: count, nulls: nulls, using: &generator)
        let column = Column(type, scalars)
        #expect(column.scalars == scalars)

        let indices = (0..<100).map { _ in
            count == 0 ? Int32(-1) : Int32.random(in: -1..<Int32(count), using: &generator)
        }
        let taken = column.take(indices)
        #expect(taken.type == type)
        #expect(taken.scalars == indices.map { $0 < 0 ? Scalar.null : scalars[Int($0)] })

        let bits = (0..<count).map { _ in Bool.random(using: &generator) }
        let filtered = column.filter(Bitmap(bits))
        #expect(filtered.scalars == zip(scalars, bits).filter(\.1).map(\.0))

        let start = Int.random(in: 0...count, using: &generator)
        let end = Int.random(in: start...count, using: &generator)
        #expect(column.slice(start..<end).scalars == Array(scalars[start..<end]))
        #expect(column.slice(start..<end).type == type)

        let joined = Column.concatenating([column.slice(0..<start), taken, .null(count: 2), column.slice(start..<end)])
        #expect(joined.type == type)
        var expected = Array(scalars[0..<start])
        expected += taken.scalars
        expected += [.null, .null]
        expected += scalars[start..<end]
        #expect(joined.scalars == expected)

        #expect(column == column.slice(0..<count))
        #expect(Column.concatenating([column.slice(0..<start), column.slice(start..<count)]) == column)
        #expect(count == 0 || column.take(Array(repeating: 0, count: count - 1)) != column)
    }

    @Test func listsOfUnknownElementsJoinListsOfKnownOnes() {
        let unknown = Column(.list(.null), [.list([]), .null, .list([.null])])
        let known = Column(.list(.int64), [.list([.int64(1)])])
        let joined = Column.concatenating([unknown, known])
        #expect(joined.type == .list(.int64))
        #expect(joined.scalars == [.list([]), .null, .list([.null]), .list([.int64(1)])])
    }

    @Test func nullsHaveTheTypeAndNoValues() {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<40 {
            let type = RandomColumns.type(depth: 3, using: &generator)
            let column = Column.nulls(type, count: 3)
            #expect(column.type == type)
            #expect(column.scalars == [.null, .null, .null])
            #expect(column == Column(type, [.null, .null, .null]))
        }
    }

    @Test func repeatingGivesTheValueInEveryRow() {
        #expect(
            Column.repeating(.string("x"), .string, count: 3)
                == Column(.string, [.string("x"), .string("x"), .string("x")]))
        #expect(Column.repeating(.null, .int64, count: 2) == .nulls(.int64, count: 2))
        #expect(Column.repeating(.int64(1), .int64, count: 0).count == 0)
    }

    @Test func equalityIgnoresWhatANullHides() {
        let mask = Bitmap([true, false])
        let one = Column.int64(FixedColumn(values: [1, 2], validity: mask))
        let other = Column.int64(FixedColumn(values: [1, 3], validity: mask))
        #expect(one == other)
        #expect(one != Column.int64(FixedColumn(values: [1, 2])))
        #expect(
            Column.int64(FixedColumn(values: [1])) == Column.int64(FixedColumn(values: [1], validity: Bitmap([true]))))
        #expect(Column.int64(FixedColumn(values: [1])) != Column.timestamp(FixedColumn(values: [1])))
        #expect(Column.float64(FixedColumn(values: [.nan])) == Column.float64(FixedColumn(values: [.nan])))
    }
}

@Suite struct BitmapTests {
    @Test(arguments: [0, 1, 63, 64, 65, 128, 1000]) func operationsAgreeWithBooleans(count: Int) {
        var generator = SplitMix64(seed: UInt64(count))
        let left = (0..<count).map { _ in Bool.random(using: &generator) }
        let right = (0..<count).map { _ in Bool.random(using: &generator) }
        let (a, b) = (Bitmap(left), Bitmap(right))
        #expect(Bitmap(count: count) { left[$0] } == a)
        #expect(a.intersection(b) == Bitmap(zip(left, right).map { $0 && $1 }))
        #expect(a.union(b) == Bitmap(zip(left, right).map { $0 || $1 }))
        #expect(a.subtracting(b) == Bitmap(zip(left, right).map { $0 && !$1 }))
        #expect(a.inverted() == Bitmap(left.map { !$0 }))
        #expect(a.population == left.filter { $0 }.count)
        #expect(a.setIndices == left.indices.filter { left[$0] }.map(Int32.init))
        #expect(a.isAllSet == left.allSatisfy { $0 })
        #expect(a.isAllClear == !left.contains(true))
        for _ in 0..<20 {
            let start = Int.random(in: 0...count, using: &generator)
            let end = Int.random(in: start...count, using: &generator)
            #expect(a.slice(start..<end) == Bitmap(left[start..<end]))
        }
    }

    @Test func repeatedBitsHaveAClearTail() {
        #expect(Bitmap(repeating: true, count: 70).isAllSet)
        #expect(Bitmap(repeating: true, count: 70) == Bitmap([Bool](repeating: true, count: 70)))
        #expect(Bitmap(words: [.max, .max, .max], count: 65) == Bitmap(repeating: true, count: 65))
        #expect(Bitmap(words: [1], count: 65).setIndices == [0])
    }
}

@Suite struct BatchKernelTests {
    private let schema = Schema([Field("id", .int64), Field("name", .string)])

    private func batch(_ ids: ClosedRange<Int64>) -> Batch {
        var batch = Batch(schema, rows: ids.map { [.int64($0), .string("n\($0)")] })
        batch.eventTimes = ids.map { $0 * 10 }
        return batch
    }

    @Test func filteringRefinesTheSelection() {
        let even = batch(0...9).filtered(by: Bitmap((0...9).map { $0 % 2 == 0 }))
        #expect(even.selection == [0, 2, 4, 6, 8])
        let some = even.filtered(by: Bitmap([false, true, true, false, true]))
        #expect(some.selection == [2, 4, 8])
        #expect(some.compacted().eventTimes == [20, 40, 80])
        #expect(some.withoutRows([1]).selection == [2, 8])
        var failures = RowFailures()
        failures.report(0, "no")
        #expect(some.withoutRows(failures).selection == [4, 8])
        #expect(some.withoutRows(RowFailures()) == some)
    }

    @Test func concatenatingKeepsLiveRowsOnly() {
        let left = batch(0...3).filtered(by: Bitmap([false, true, false, true]))
        let joined = Batch.concatenating([left, batch(7...8)])
        #expect(joined.rows == [1, 3, 7, 8].map { [.int64($0), .string("n\($0)")] })
        #expect(joined.eventTimes == [10, 30, 70, 80])
        #expect(joined.windows == .global)
        #expect(joined.schema == schema)
        #expect(Batch.concatenating([]).count == 0)
    }

    @Test func globalWindowsBecomeTheWidestIntervals() {
        var windowed = batch(1...2)
        windowed.windows = .intervals(starts: [0, 5], ends: [5, 10])
        let joined = Batch.concatenating([windowed.filtered(by: Bitmap([false, true])), batch(3...3)])
        #expect(
            joined.windows
                == .intervals(
                    starts: [5, Timestamp.distantPast.micros], ends: [10, Timestamp.distantFuture.micros]))
    }

    @Test func slicesSpeakOfLiveRows() {
        let odd = batch(0...9).filtered(by: Bitmap((0...9).map { $0 % 2 == 1 }))
        #expect(odd.slice(1..<3).rows == [3, 5].map { [.int64($0), .string("n\($0)")] })
        #expect(batch(0...9).slice(4..<6).eventTimes == [40, 50])
    }
}
