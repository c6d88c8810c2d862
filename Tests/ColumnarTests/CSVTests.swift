import Columnar
import Foundation
import TestSupport
import Testing
import Time

/// RFC 4180 read a character at a time: what the decoder is compared with.
private func naiveRecords(_ text: [UInt8], _ dialect: CSVDialect) -> [[(text: String, isQuoted: Bool)]] {
    var records: [[(text: String, isQuoted: Bool)]] = []
    var record: [(text: String, isQuoted: Bool)] = []
    var field: [UInt8] = []
    var (isQuoted, isInside) = (false, false)
    func endField() {
        record.append((String(decoding: field, as: UTF8.self), isQuoted))
        (field, isQuoted) = ([], false)
    }
    var index = 0
    while index < text.count {
        let byte = text[index]
        if isInside {
            if byte == dialect.quote {
                if index + 1 < text.count, text[index + 1] == dialect.quote {
                    field.append(byte)
                    index += 1
                } else {
                    isInside = false
                }
            } else {
                field.append(byte)
            }
        } else if byte == dialect.quote, field.isEmpty, !isQuoted {
            (isQuoted, isInside) = (true, true)
        } else if byte == dialect.delimiter {
            endField()
        } else if byte == 0x0A {
            if !record.isEmpty || !field.isEmpty || isQuoted {
                endField()
                records.append(record)
            }
            record = []
        } else if byte != 0x0D || index + 1 == text.count || text[index + 1] != 0x0A {
            field.append(byte)
        }
        index += 1
    }
    if !record.isEmpty || !field.isEmpty || isQuoted {
        endField()
        records.append(record)
    }
    return records
}

@Suite struct CSVTests {
    private let flat: [DataType] = [.boolean, .int64, .float64, .string, .bytes, .timestamp]

    @Test(arguments: 0..<100) func whatIsWrittenReadsBack(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let fields = RandomColumns.names.prefix(Int.random(in: 2...6, using: &generator)).map {
            Field($0, flat.randomElement(using: &generator) ?? .string)
        }
        let schema = Schema(Array(fields))
        let rows = (0..<30).map { _ in schema.fields.map { RandomColumns.scalar($0.type, using: &generator) } }
        let batch = Batch(schema, rows: rows).filtered(by: Bitmap((0..<30).map { _ in Bool.random(using: &generator) }))
        let dialect = CSVDialect(
            delimiter: [0x2C, 0x3B, 0x09].randomElement(using: &generator) ?? 0x2C,
            comment: Bool.random(using: &generator) ? 0x23 : nil, capitalizesBooleans: Bool.random(using: &generator))
        let encoder = CSVBatchEncoder(dialect: dialect)
        let rowBytes = encoder.encodeRows(batch)
        let file = encoder.encodeHeader(schema) + rowBytes
        let result = try CSVBatchDecoder(.schema(schema), dialect: dialect).decode(file)
        #expect(result.failures == [])
        #expect(result.batch() == batch)
        var positional = dialect
        positional.hasHeader = false
        #expect(try CSVBatchDecoder(.schema(schema), dialect: positional).decode(rowBytes).batch() == batch)
        // CRLF and a byte-order mark make no difference, except for line breaks inside of text.
        if !file.contains(0x0D), rowBytes.count(where: { $0 == 0x0A }) == batch.liveCount {
            let windows = file.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
            #expect(
                try CSVBatchDecoder(.schema(schema), dialect: dialect).decode([0xEF, 0xBB, 0xBF] + windows).batch()
                    == batch)
        }
    }

    @Test(arguments: 0..<200) func anyTextIsCutAsRFC4180Says(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(300 + seed))
        let alphabet = Array("ab,\"\"\n\r;é ".utf8)
        let plain = Array("ab, \n;".utf8)
        let fields = (0..<60).map { _ -> [UInt8] in
            let length = Int.random(in: 0...5, using: &generator)
            if Bool.random(using: &generator) {
                let body = (0..<length).flatMap { _ -> [UInt8] in
                    let byte = alphabet.randomElement(using: &generator) ?? 0x61
                    return byte == 0x22 ? [0x22, 0x22] : byte >= 0x80 ? [0xC3, 0xA9] : [byte]
                }
                return [0x22] + body + [0x22]
            }
            return (0..<length).map { _ in
                plain.filter { $0 != 0x2C && $0 != 0x0A }.randomElement(using: &generator) ?? 0x61
            }
        }
        var text: [UInt8] = []
        for field in fields {
            text += field
            text += [[0x2C], [0x0A], [0x0D, 0x0A], [0x2C]].randomElement(using: &generator) ?? [0x0A]
        }
        let dialect = CSVDialect(hasHeader: false, columnNames: (0..<5).map { "c\($0)" })
        let expected = naiveRecords(text, dialect)
        let result = try CSVBatchDecoder(.strings, dialect: dialect).decode(text)
        let fitting = expected.filter { $0.count <= 5 }
        #expect(result.count == fitting.count)
        #expect(result.failures.count == expected.count - fitting.count)
        for (row, record) in fitting.enumerated() where row < result.count {
            for column in 0..<5 {
                let value: Scalar = column < record.count ? .string(record[column].text) : .null
                #expect(result.columns[column][row] == value)
            }
        }
    }

    @Test func typesAreInferred() throws {
        let text = """
            i,d,b,s,long,empty,mixed,zip,spaced
            1,1.5,true,x,1,,1,007,  5
            -2,2,False,,99999999999999999999,,a,12,6
            ,1e3,,"",3,,,,
            """
        let result = try CSVBatchDecoder(.inferringTypes).decode(Array(text.utf8))
        #expect(
            result.schema.fields.map(\.type)
                == [.int64, .float64, .boolean, .string, .string, .string, .string, .int64, .int64])
        #expect(result.columns[0].scalars == [.int64(1), .int64(-2), .null])
        #expect(result.columns[1].scalars == [.float64(1.5), .float64(2), .float64(1000)])
        #expect(result.columns[2].scalars == [.boolean(true), .boolean(false), .null])
        #expect(result.columns[3].scalars == [.string("x"), .null, .string("")])
        #expect(result.columns[4][1] == .string("99999999999999999999"))
        #expect(result.columns[5].scalars == [.null, .null, .null])
        #expect(result.columns[7].scalars == [.int64(7), .int64(12), .null])
        #expect(result.columns[8].scalars == [.int64(5), .int64(6), .null])
        let withNA = CSVBatchDecoder(.inferringTypes, dialect: CSVDialect(nullTexts: ["NA"]))
        #expect(try withNA.decode(Array("a\n1\nNA\n".utf8)).columns[0].scalars == [.int64(1), .null])
    }

    @Test func schemaFieldsAreFoundByName() throws {
        let schema = Schema([Field("b", .int64), Field("gone", .string), Field("a", .string)])
        let result = try CSVBatchDecoder(.schema(schema)).decode(Array("a,extra,b\nx,9,1\n\"\",9,\n".utf8))
        #expect(result.batch().rows == [[.int64(1), .null, .string("x")], [.null, .null, .string("")]])
        #expect(result.lines == [2, 3])
    }

    @Test func failuresSayLineAndColumn() throws {
        let schema = Schema([
            Field("n", .int64, isNullable: false), Field("t", .timestamp), Field("f", .float64), Field("b", .boolean),
        ])
        let text = """
            n,t,f,b
            1,2026-02-28T00:40:25Z,1.5,true

            # not a comment here
            x,,,
            ,2026-02-28,,
            2,"multi
            line",,
            3,2026-02-28 00:40:25,0x10,yes
            4,,,,5
            5,"a"b,,
            6,2026-02-28,,TRUE
            7,"never closed
            8,,,
            """
        let result = try CSVBatchDecoder(.schema(schema)).decode(Array(text.utf8))
        #expect(result.columns[0].scalars == [.int64(1), .int64(6)])
        #expect(result.lines == [2, 12])
        #expect(result.columns[1][1] == .timestamp(Timestamp(rfc3339: "2026-02-28T00:00:00Z") ?? .distantPast))
        #expect(
            result.failures.map(\.description) == [
                "line 4, column 'n': expected integer, found '# not a comment here'",
                "line 5, column 'n': expected integer, found 'x'",
                "line 6, column 'n': expected integer, found nothing",
                "line 7, column 't': expected timestamp, found 'multi\nline'",
                "line 9, column 'f': expected number, found '0x10'",
                "line 10: 5 fields, but there are 4 columns",
                "line 11: text behind a closing quote",
                "line 13: a quote that is opened here is never closed",
            ])
        let bytes = Array(text.utf8)
        #expect(String(decoding: bytes[result.failures[3].range], as: UTF8.self) == "2,\"multi\nline\",,")
    }

    @Test func invalidTextFailsItsRecordOnly() throws {
        let text = Array("a,b\n1,".utf8) + [0xFF] + Array("\n2,x\n".utf8)
        let result = try CSVBatchDecoder().decode(text)
        #expect(result.batch().rows == [[.string("2"), .string("x")]])
        #expect(result.failures.map(\.description) == ["line 2: text that is not UTF-8"])
    }

    @Test func commentsAreSkipped() throws {
        let text = "# made by hand\na,b\n1,2 # two\n#3,4\n\"5#\",6\n"
        let result = try CSVBatchDecoder(.strings, dialect: CSVDialect(comment: 0x23)).decode(Array(text.utf8))
        #expect(result.schema.names == ["a", "b"])
        #expect(result.batch().rows == [[.string("1"), .string("2 ")], [.string("5#"), .string("6")]])
        #expect(result.lines == [3, 5])
    }

    @Test func headersAreMadeUnique() throws {
        #expect(try CSVBatchDecoder().decode(Array("a,,a,a\n".utf8)).schema.names == ["a", "Unnamed: 1", "a.1", "a.2"])
        let dialect = CSVDialect(hasHeader: false)
        #expect(
            try CSVBatchDecoder(.strings, dialect: dialect).decode(Array("1,2\n".utf8)).schema.names == [
                "column_1", "column_2",
            ])
        #expect(try CSVBatchDecoder(.strings, dialect: dialect).decode(Array("1,2\n".utf8)).lines == [1])
    }

    @Test func filesThatDoNotFitThrow() {
        func message(_ columns: CSVBatchDecoder.Columns, _ text: String) -> String {
            do {
                _ = try CSVBatchDecoder(columns).decode(Array(text.utf8))
                return ""
            } catch {
                return error.description
            }
        }
        #expect(message(.strings, "") == "line 1: the file has no header line")
        #expect(message(.strings, "\n\n") == "line 3: the file has no header line")
        #expect(message(.strings, "a,\"b\n1,2") == "line 1: the header has a quote that is never closed")
        #expect(
            message(.schema(Schema([Field("c", .int64, isNullable: false)])), "a,b\n1,2\n")
                == "line 1: no column 'c'; there are a, b")
        #expect(
            message(.schema(Schema([Field("c", .list(.int64))])), "c\n1\n")
                == "line 1: column 'c' of type list<integer>: CSV has no nested values")
    }

    @Test func fieldsAreQuotedWhereTheyMustBe() {
        let schema = Schema([
            Field("a,b", .string), Field("l", .list(.string)), Field("d", .float64), Field("x", .bytes),
        ])
        let batch = Batch(
            schema,
            rows: [
                [.string("x"), .list([.string("é")]), .float64(0.1), .bytes([1])],
                [.string("say \"hi\",\n"), .null, .float64(-.infinity), .bytes([])],
                [.string(""), .list([]), .float64(3), .null],
                [.null, .null, .null, .null],
            ])
        let encoder = CSVBatchEncoder()
        let text = String(decoding: encoder.encodeHeader(schema) + encoder.encodeRows(batch), as: UTF8.self)
        #expect(
            text == """
                "a,b",l,d,x
                x,"[""é""]",0.1,AQ==
                "say ""hi"",
                ",,-inf,""
                "",[],3.0,
                ,,,

                """)
    }

    private static let stops = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../shared/data/mta-ace/stops.csv")

    @Test(.enabled(if: FileManager.default.fileExists(atPath: stops.path), "needs ../shared/data/mta-ace/stops.csv"))
    func aRealStationListReads() throws {
        let result = try CSVBatchDecoder(.inferringTypes).decode(Array(Data(contentsOf: CSVTests.stops)))
        #expect(result.failures == [])
        #expect(result.count == 1497)
        #expect(
            result.schema.names == ["stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station"])
        #expect(
            result.schema.fields.map(\.type) == [.string, .string, .float64, .float64, .int64, .string])
    }
}
