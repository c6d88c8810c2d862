import Columnar
import Foundation
import TestSupport
import Testing

@testable import MessageFormats

/// What fastavro and protobuf write (record.py): a definition, messages and the rows that they stand for.
private struct Recording: Decodable, Sendable, CustomTestStringConvertible {
    struct Message: Decodable, Sendable {
        /// In hexadecimal digits.
        var payload: String
        /// As JSON.
        var row: String
    }

    var language: String
    var definition: String
    var messages: [Message]

    var testDescription: String { String(definition.prefix(60)) }

    var format: MessageFormat {
        get throws {
            language == "avro" ? .avro(try AvroSchema(definition)) : .proto(try ProtoDefinition(definition))
        }
    }

    var payloads: [[UInt8]] {
        messages.map { message in
            let digits = Array(message.payload)
            return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0..<$0 + 2]), radix: 16) }
        }
    }

    func rows(_ schema: Schema) -> JSONDecodeResult {
        JSONBatchDecoder(schema: schema).decode(messages.map { Array($0.row.utf8) })
    }

    static let all: [Recording] = {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("recordings.json")
        return (try? Data(contentsOf: url)).flatMap { try? JSONDecoder().decode([Recording].self, from: $0) } ?? []
    }()
}

@Suite("Recorded messages")
struct RecordingTests {
    @Test("are all there") func count() { #expect(Recording.all.count == 7) }

    @Test("are the rows that were written", arguments: Recording.all)
    fileprivate func decode(_ recording: Recording) throws {
        let decoder = try PayloadDecoder(recording.format)
        let decoded = decoder.decode(recording.payloads)
        #expect(decoded.failures.map(\.problem) == [])
        #expect(decoded.positions == Array(recording.messages.indices))
        let expected = recording.rows(decoder.schema)
        #expect(expected.failures == [])
        for row in recording.messages.indices {
            #expect(decoded.columns.map { $0[row] } == expected.columns.map { $0[row] })
        }
    }

    @Test("are written from their rows to the same bytes", arguments: Recording.all)
    fileprivate func encode(_ recording: Recording) throws {
        let schema = try recording.format.rowSchema()
        let rows = recording.rows(schema)
        let encoded = try PayloadEncoder(recording.format, schema.fields)
            .encode(schema.fields, rows.columns, count: rows.count)
        #expect(encoded.failures.map(\.problem) == [])
        #expect(encoded.payloads == recording.payloads)
    }

    @Test("that are cut or changed give rows or reasons, and never harm their neighbours", arguments: Recording.all)
    fileprivate func damage(_ recording: Recording) throws {
        let decoder = try PayloadDecoder(recording.format)
        let whole = try #require(recording.payloads.last)
        let last = decoder.decode([whole]).columns.map { $0[0] }
        var random = SplitMix64(seed: 9)
        for round in 0..<400 {
            var bytes = whole
            if round < whole.count {
                bytes.removeLast(round)
            } else {
                for _ in 0..<3 {
                    bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
                }
            }
            if round > 300 { bytes = (0..<round % 40).map { _ in .random(in: 0...255, using: &random) } }
            let decoded = decoder.decode([whole, bytes, whole])
            #expect(decoded.positions.count + decoded.failures.count == 3)
            #expect(decoded.columns.map { $0[0] } == last)
            #expect(decoded.columns.map { $0[decoded.positions.count - 1] } == last)
            for column in decoded.columns { #expect(column.count == decoded.positions.count) }
        }
    }
}
