import Columnar
import TestSupport
import Testing
import Time

/// What a key sees of a value: one zero, one NaN.
private func canonical(_ scalar: Scalar) -> Scalar {
    switch scalar {
    case .float64(let value): value == 0 ? .float64(0) : value.isNaN ? .string("nan") : scalar
    case .list(let elements): .list(elements.map(canonical))
    case .structure(let members): .structure(members.map(canonical))
    default: scalar
    }
}

private struct RandomKeys {
    var types: [DataType]
    var rows: [[Scalar]]

    init(seed: Int, count: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        let width = Int.random(in: 0...3, using: &generator)
        let isFixed = Bool.random(using: &generator)
        let fixed: [DataType] = [.int64, .timestamp, .boolean, .float64, .null]
        let types = (0..<width).map { _ in
            isFixed ? fixed.randomElement(using: &generator) ?? .int64 : RandomColumns.type(depth: 2, using: &generator)
        }
        self.types = types
        let pool = (0..<8).map { _ in types.map { RandomColumns.scalar($0, using: &generator) } }
        rows = (0..<count).map { _ in
            if Bool.random(using: &generator) { return pool.randomElement(using: &generator) ?? [] }
            return types.map { RandomColumns.scalar($0, using: &generator) }
        }
    }

    var columns: [Column] { types.indices.map { index in Column(types[index], rows.map { $0[index] }) } }
}

@Suite struct KeyTests {
    @Test(arguments: 0..<120) func groupsAreTheDistinctRowsInOrderOfAppearance(seed: Int) {
        let keys = RandomKeys(seed: seed, count: 300)
        var numbers: [[Scalar]: Int32] = [:]
        let expected = keys.rows.map { row in
            let key = row.map(canonical)
            let number = numbers[key] ?? Int32(numbers.count)
            numbers[key] = number
            return number
        }
        var index = GroupIndex(types: keys.types)
        // In two batches, the second of which repeats the first.
        let half = keys.columns.map { $0.slice(0..<150) }
        #expect(index.insert(half, count: 150) == Array(expected[..<150]))
        let before = index
        #expect(index.insert(keys.columns, count: 300) == expected)
        #expect(index.count == numbers.count)
        #expect(index.find(keys.columns, count: 300) == expected)
        #expect(before.find(keys.columns, count: 300) == expected.map { Int($0) < before.count ? $0 : -1 })
        let columns = index.keyColumns
        #expect(columns.map(\.type) == keys.types)
        let found = (0..<index.count).map { row in columns.map { canonical($0[row]) } }
        #expect(found.enumerated().allSatisfy { numbers[$1] == Int32($0) })
    }

    @Test(arguments: 0..<120) func encodedKeysDecodeAndCompareAsTheRows(seed: Int) throws {
        let keys = RandomKeys(seed: 500 + seed, count: 60)
        let encoder = KeyEncoder(types: keys.types)
        let encoded = encoder.encode(keys.columns, count: 60)
        let decoded = try encoder.decode(encoded)
        #expect(decoded.map(\.type) == keys.types)
        for row in 0..<60 {
            #expect(decoded.map { canonical($0[row]) } == keys.rows[row].map(canonical))
            let bytes = Array(encoded[row])
            for other in 0..<row {
                let isSame = keys.rows[row].map(canonical) == keys.rows[other].map(canonical)
                #expect((bytes == Array(encoded[other])) == isSame)
            }
            // Cut off or changed, it is an error or another key, never a crash.
            for end in 0..<bytes.count {
                #expect(throws: KeyDecodingError.self) { try encoder.decode([bytes[..<end]]) }
            }
        }
    }

    @Test func keyBytesCompareAsTheValues() {
        let integers: [Scalar] = [.null, .int64(.min), .int64(-1), .int64(0), .int64(1), .int64(.max)]
        let doubles = [-Double.infinity, -1.5, -Double.leastNonzeroMagnitude, 0, 1e-300, 2, .infinity, .nan].map {
            Scalar.float64($0)
        }
        let texts = ["", "\0", "\0\0", "\0a", "a", "a\0", "aa", "b", "é"].map { Scalar.string($0) }
        let lists: [Scalar] = [
            .null, .list([]), .list([.null]), .list([.null, .null]), .list([.int64(1)]), .list([.int64(1), .null]),
        ]
        let cases: [(DataType, [Scalar])] = [
            (.int64, integers), (.float64, doubles), (.string, texts), (.list(.int64), lists),
        ]
        for (type, values) in cases {
            let encoded = KeyEncoder(types: [type]).encode([Column(type, values)], count: values.count)
            for row in 1..<values.count {
                #expect(encoded[row - 1].lexicographicallyPrecedes(encoded[row]), "\(values[row - 1]) \(values[row])")
            }
        }
    }

    @Test func keyBytesAreFixedForever() {
        let columns = [
            Column(.int64, [.int64(1), .null]), Column(.string, [.string("a\0b"), .string("")]),
            Column(.float64, [.float64(-0.0), .float64(-1)]), Column(.boolean, [.boolean(true), .boolean(false)]),
            Column(.list(.structure([Field("x", .int64)])), [.list([.structure([.int64(-1)]), .null]), .list([])]),
        ]
        let encoded = KeyEncoder(types: columns.map(\.type)).encode(columns, count: 2)
        #expect(
            Array(encoded[0]) == [
                1, 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 0x61, 0, 0xFF, 0x62, 0, 1, 1, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1,
                1, 0x7F,
                0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0,
            ])
        #expect(Array(encoded[1]) == [0, 1, 0, 1, 1, 0x40, 0x0F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 1, 0])
    }

    @Test func garbageIsNoKey() {
        var generator = SplitMix64(seed: 77)
        for _ in 0..<3000 {
            let types = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                RandomColumns.type(depth: 3, using: &generator)
            }
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                [0, 1, 1, 1, 0xFF, UInt8.random(in: 0...255, using: &generator)].randomElement(using: &generator) ?? 0
            }
            let encoder = KeyEncoder(types: types)
            // What decodes at all is exactly what the encoder writes.
            if let columns = try? encoder.decode([bytes]) {
                #expect(Array(encoder.encode(columns, count: 1)[0]) == bytes)
            }
        }
        let message =
            "key 0 is not an encoded row of (integer, list<string>): the stored state is damaged or of another pipeline"
        #expect {
            try KeyEncoder(types: [.int64, .list(.string)]).decode([[UInt8(7)]])
        } throws: { "\($0)" == message }
    }

    @Test(arguments: 0..<60) func equalRowsHashAlike(seed: Int) {
        let keys = RandomKeys(seed: 900 + seed, count: 200)
        let hashes = RowHash.hashes(of: keys.columns, count: 200)
        var seen: [[Scalar]: UInt64] = [:]
        for (row, hash) in zip(keys.rows, hashes) {
            let key = row.map(canonical)
            #expect(seen[key] == nil || seen[key] == hash)
            seen[key] = hash
        }
        #expect(Set(seen.values).count == seen.count)
        // A row's hash does not depend on the rows around it.
        let reversed = keys.columns.map { $0.take((0..<200).reversed()) }
        #expect(RowHash.hashes(of: reversed, count: 200) == hashes.reversed())
    }

    @Test func hashesAreFixedForever() {
        // Computed apart from this code, after the definition in RowHash's documentation.
        #expect(
            RowHash.hashes(of: [Column(.int64, [.int64(1), .null])], count: 2) == [
                0x25B7_75FA_ECA8_F520, 0x2827_59BF_3D69_17AC,
            ])
        #expect(RowHash.hashes(of: [Column(.string, [.string("auction-0001")])], count: 1) == [0x11A4_1E11_DC36_DB07])
        let list = Column(.list(.int64), [.list([.int64(1), .int64(2)])])
        #expect(RowHash.hashes(of: [Column(.boolean, [.boolean(true)]), list], count: 1) == [0xFCE1_66D5_5F8B_38FA])
        #expect(
            RowHash.hashes(of: [Column(.float64, [.float64(-0.0)])], count: 1)
                == RowHash.hashes(of: [Column(.int64, [.int64(0)])], count: 1))
    }

    @Test func manyKeysKeepTheirNumbers() {
        var index = GroupIndex(types: [.int64])
        let values = (0..<20_000).map { Int64($0) &* 0x9E37_79B9 }
        let column = Column.int64(FixedColumn(values: values))
        #expect(index.insert([column], count: values.count) == (0..<20_000).map { Int32($0) })
        #expect(index.find([column], count: values.count) == (0..<20_000).map { Int32($0) })
        #expect(index.keyColumns == [column])
        #expect(index.find([Column.int64(FixedColumn(values: [1, 3]))], count: 2) == [-1, -1])
    }
}
