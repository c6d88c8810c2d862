import Columnar
import Pipes
import Testing
import Time

@testable import Dataflow

@Suite struct CodingTests {
    @Test(arguments: [0, 1, -1, 63, 64, -64, -65, 300, .max, .min] as [Int64])
    func numbersComeBack(_ number: Int64) throws {
        var writer = ByteWriter()
        writer.write(number)
        writer.write(UInt64(bitPattern: number))
        writer.write(Double(number) / 3)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.signed() == number)
        #expect(try reader.unsigned() == UInt64(bitPattern: number))
        #expect(try reader.double() == Double(number) / 3)
        #expect(reader.isAtEnd)
    }

    private let scalars: [Scalar] = [
        .null, .boolean(true), .boolean(false), .int64(-5), .float64(0.1), .string("zürich"), .bytes([0, 255]),
        .timestamp(Timestamp(micros: -7)), .list([.int64(1), .null, .list([])]), .structure([.string(""), .null]),
    ]

    @Test func valuesComeBack() throws {
        var writer = ByteWriter()
        writer.write(scalars)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.scalars() == scalars)
        #expect(reader.isAtEnd)
    }

    @Test func differentValuesHaveDifferentBytes() {
        let encoded = scalars.map { value in
            var writer = ByteWriter()
            writer.write(value)
            return writer.bytes
        }
        #expect(Set(encoded).count == scalars.count)
    }

    @Test func cutOrDamagedBytesAreRefused() {
        var writer = ByteWriter()
        writer.write(scalars)
        for length in 0..<writer.bytes.count {
            var reader = ByteReader(Array(writer.bytes.prefix(length)))
            #expect(throws: StoredStateError.self) { try reader.scalars() }
        }
        var endless = ByteReader([UInt8](repeating: 0x80, count: 20))
        #expect(throws: StoredStateError.self) { try endless.unsigned() }
        var tooLong = ByteReader([0xff, 0xff, 0xff, 0xff, 0x0f, 1])
        #expect(throws: StoredStateError.self) { try tooLong.data() }
    }

    @Test func positionsComeBackAndAreSmall() throws {
        var watermark = SourceWatermark(basis: .attribute)
        watermark.receive(Timestamp(seconds: 5), at: Timestamp(seconds: 100))
        watermark.receive(Timestamp(seconds: 7), at: Timestamp(seconds: 103))
        var position = SourcePosition(watermark: watermark)
        position.committed = SequenceSet(1_000_000..<2_000_000)
        position.committed.insert(3_000_000)
        position.isExhausted = true
        let bytes = position.encoded()
        #expect(bytes.count < 80)
        #expect(try SourcePosition(decoding: bytes, basis: .attribute) == position)
        for length in 0..<bytes.count {
            #expect(throws: StoredStateError.self) {
                try SourcePosition(decoding: Array(bytes.prefix(length)), basis: .attribute)
            }
        }
    }

    @Test func countsComeBackAlsoFromAVersionThatCountedLess() throws {
        var counts = StepCounts()
        counts.elementsIn = 5
        counts.late = 7
        counts.busy = 1 << 40
        #expect(try StepCounts(decoding: counts.encoded()) == counts)
        #expect(try StepCounts(decoding: [10]).elementsIn == 5)
    }

    @Test func identifiersAreForgottenAfterTenMinutes() throws {
        var seen = SeenIdentifiers()
        func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }
        let first = [seen.insert("a", at: at(0)), seen.insert("a", at: at(599)), seen.insert("b", at: at(300))]
        #expect(first == [true, false, true])
        let stored = seen.takeChanges()
        let again = seen.takeChanges()
        #expect(stored.count == 2 && again.isEmpty)
        var restored = SeenIdentifiers()
        try restored.restore(stored.map { ($0.key, $0.value ?? []) })
        #expect(restored.count == 2)
        #expect(restored.bytes == seen.bytes)
        restored.forget(before: at(600))
        let second = [restored.insert("a", at: at(600)), restored.insert("b", at: at(600))]
        #expect(second == [true, false])
        restored.forget(before: at(900))
        #expect(restored.count == 1)
        let changes = restored.takeChanges().mapValues { $0 == nil }
        #expect(changes == [Array("a".utf8): false, Array("b".utf8): true])
    }
}
