import Columnar
import Foundation
import TestSupport
import Testing
import Time

@Suite struct JSONEncoderTests {
    @Test(arguments: 0..<100) func whatIsWrittenReadsBack(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        let schema = Schema(RandomColumns.fields(depth: 3, using: &generator))
        let rows = (0..<30).map { _ in schema.fields.map { RandomColumns.scalar($0.type, using: &generator) } }
        let batch = Batch(schema, rows: rows).filtered(by: Bitmap((0..<30).map { _ in Bool.random(using: &generator) }))
        let encoder = JSONBatchEncoder()
        let lines = encoder.encodeLines(batch)

        let back = JSONBatchDecoder(schema: schema).decodeLines(lines)
        #expect(back.failures == [])
        #expect(back.batch() == batch)

        let parts = lines.split(separator: 0x0A).map(Array.init)
        #expect(parts.count == batch.liveCount)
        let column = encoder.encodeRows(batch)
        #expect((0..<column.count).map { Array(column[$0]) } == parts)
        // Foundation reads the same values.
        for (part, row) in zip(parts, batch.rows) {
            let object = (try? JSONSerialization.jsonObject(with: Data(part))) as? [String: Any]
            #expect(object?.count == schema.fields.count)
            for (field, value) in zip(schema.fields, row) {
                switch value {
                case .string(let text): #expect(object?[field.name] as? String == text)
                case .int64(let number): #expect((object?[field.name] as? NSNumber)?.int64Value == number)
                case .float64(let number):
                    // Foundation's reader is off by a unit in the last place at times.
                    let read = (object?[field.name] as? NSNumber)?.doubleValue ?? .nan
                    #expect(abs(read - number) <= abs(number) * 1e-13, "\(read) \(number)")
                case .boolean(let flag): #expect(object?[field.name] as? Bool == flag)
                case .null: #expect(object?[field.name] is NSNull)
                default: break
                }
            }
        }
    }

    @Test func valuesHaveTheirForms() {
        let inner = DataType.structure([Field("k", .int64)])
        let schema = Schema([
            Field("a\"b", .boolean), Field("d", .float64), Field("t", .timestamp), Field("x", .bytes),
            Field("s", .string),
            Field("l", .list(.int64)), Field("r", inner),
        ])
        let batch = Batch(
            schema,
            rows: [
                [
                    .boolean(true), .float64(0.1), .timestamp(Timestamp(micros: 1_500_000)), .bytes([0, 255]),
                    .string("é\u{1}\u{1f}\n\"\\\u{7f}"), .list([.int64(1), .null]), .structure([.int64(-1)]),
                ],
                [.null, .float64(.infinity), .null, .null, .null, .list([]), .null],
                [
                    .boolean(false), .float64(.nan), .timestamp(.distantPast), .bytes([]), .string(""), .null,
                    .structure([.null]),
                ],
                [
                    .boolean(false), .float64(5), .timestamp(Timestamp(micros: -1)), .bytes([1]), .string("x"), .null,
                    .null,
                ],
            ])
        let text = String(decoding: JSONBatchEncoder().encodeLines(batch), as: UTF8.self)
        #expect(
            text == #"""
                {"a\"b":true,"d":0.1,"t":"1970-01-01T00:00:01.500Z","x":"AP8=","s":"é\u0001\u001f\n\"\\\#u{7f}","l":[1,null],"r":{"k":-1}}
                {"a\"b":null,"d":null,"t":null,"x":null,"s":null,"l":[],"r":null}
                {"a\"b":false,"d":null,"t":"\#(Timestamp.distantPast.rfc3339)","x":"","s":"","l":null,"r":{"k":null}}
                {"a\"b":false,"d":5.0,"t":"1969-12-31T23:59:59.999999Z","x":"AQ==","s":"x","l":null,"r":null}

                """#)
        #expect(JSONBatchEncoder().encodeLines(Batch(Schema(), rows: [[]])) == Array("{}\n".utf8))
        #expect(JSONBatchEncoder().encode(batch.columns[5], 0) == Array("[1,null]".utf8))
    }

    @Test func integersAndTimesAreWrittenAsSwiftAndTimeWriteThem() {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<3000 {
            let number = RandomColumns.int64(using: &generator)
            #expect(JSONBatchEncoder().encode(Column(.int64, [.int64(number)]), 0) == Array("\(number)".utf8))
            let time = RandomColumns.scalar(.timestamp, nulls: 0, using: &generator)
            guard case .timestamp(let timestamp) = time else { continue }
            #expect(JSONBatchEncoder().encode(Column(.timestamp, [time]), 0) == Array("\"\(timestamp.rfc3339)\"".utf8))
        }
    }
}
