import Columnar
import TestSupport
import Testing
import Time

@Suite struct SerializedBatchTests {
    private func randomBatch(_ generator: inout SplitMix64) -> Batch {
        let schema = Schema(RandomColumns.fields(depth: 3, using: &generator))
        let count = [0, 1, 7, 64, 100].randomElement(using: &generator) ?? 0
        var batch = Batch(
            schema,
            rows: (0..<count).map { _ in schema.fields.map { RandomColumns.scalar($0.type, using: &generator) } })
        batch.eventTimes = (0..<count).map { _ in RandomColumns.int64(using: &generator) }
        if Bool.random(using: &generator) {
            let starts = (0..<count).map { _ in Int64.random(in: 0...9, using: &generator) * 60_000_000 }
            batch.windows = .intervals(starts: starts, ends: starts.map { $0 + 60_000_000 })
        }
        return batch.filtered(by: Bitmap((0..<count).map { _ in Int.random(in: 0..<4, using: &generator) > 0 }))
    }

    @Test(arguments: 0..<150) func batchesSurvive(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let batch = randomBatch(&generator)
        #expect(try Batch(serialized: batch.serialized()) == batch)
        for column in batch.columns {
            #expect(try Column(serialized: column.serialized()) == column)
            let part = column.slice(0..<column.count / 2)
            #expect(try Column(serialized: part.serialized()) == part)
        }
    }

    @Test(arguments: 0..<40) func damagedBytesThrow(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(5000 + seed))
        let bytes = randomBatch(&generator).serialized()
        for end in 0..<min(bytes.count, 200) {
            #expect(throws: SerializedFormatError.self) { try Batch(serialized: bytes[..<end]) }
        }
        #expect(throws: SerializedFormatError.self) { try Batch(serialized: bytes + [0]) }
        for _ in 0..<200 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                damaged[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            // Either an error or some other batch, of which every value can be looked at.
            if let batch = try? Batch(serialized: damaged) {
                #expect(batch.count > 1000 || batch.rows.count == batch.count)
            }
        }
    }

    @Test func garbageThrows() {
        var generator = SplitMix64(seed: 4)
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                [1, 0, 2, 7, 8, 0xFF, UInt8.random(in: 0...255, using: &generator)].randomElement(using: &generator)
                    ?? 0
            }
            for prefix in [[], [1 as UInt8]] {
                if let batch = try? Batch(serialized: prefix + bytes) {
                    #expect(batch.columns.allSatisfy { $0.count == batch.count })
                }
                _ = try? Column(serialized: prefix + bytes)
            }
        }
        // A type that nests without end, and a number of rows that no memory holds.
        #expect(throws: SerializedFormatError.self) {
            try Column(serialized: [1] + [UInt8](repeating: 7, count: 100_000))
        }
        #expect(throws: SerializedFormatError.self) {
            try Column(serialized: [1, 2, 0xFF, 0xFF, 0xFF, 0xFF, 7, 0, 0, 1])
        }
    }

    @Test func theVersionIsChecked() {
        #expect {
            try Batch(serialized: [9, 0, 0])
        } throws: {
            "\($0)"
                == "stored batch: format 9 is not known (this version reads 1) at byte 1; the state is damaged or another version's"
        }
    }

    @Test func theLayoutIsFixedForever() throws {
        var batch = Batch(
            Schema([Field("n", .int64), Field("s", .string, isNullable: false)]),
            rows: [[.int64(-1), .string("é")], [.null, .string("")]])
        batch.eventTimes = [1000, 1300]
        let bytes: [UInt8] = [
            1, 2, 1, 0x6E, 2, 1, 1, 0x73, 4, 0, 2, 0xD0, 0x0F, 2, 0, 0, 0x2C, 1, 0, 1, 1, 1, 1, 0, 1, 0, 0, 1, 2, 0,
            0xC3, 0xA9,
        ]
        #expect(try Batch(serialized: bytes) == batch)
        #expect(batch.serialized().count == bytes.count)
        #expect(batch.serialized() == bytes)
    }
}
