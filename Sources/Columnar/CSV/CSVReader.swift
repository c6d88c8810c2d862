/// Cuts CSV text into text columns, a record after the other.
struct CSVReader: ~Copyable {
    /// Where a record stands.
    struct Record {
        var line: Int
        var range: Range<Int>
    }

    private enum FieldEnd { case delimiter, record, unclosedQuote, textBehindQuote }

    private let dialect: CSVDialect
    /// Whether an unquoted empty field is null.
    private let isEmptyNull: Bool
    private var columns = UnsafeMutableBufferPointer<GrowingColumn>(start: nil, count: 0)
    /// For fields beyond the last column, and the header's.
    private let spare: UnsafeMutablePointer<GrowingColumn>
    private var start: BytePointer
    private var end: BytePointer
    private var line = 1
    /// The records that are in the columns.
    private(set) var records: [Record] = []
    /// Those that are not.
    private(set) var failures: [CSVDecodeFailure] = []

    init(_ dialect: CSVDialect, isEmptyNull: Bool) {
        self.dialect = dialect
        self.isEmptyNull = isEmptyNull
        spare = .allocate(capacity: 1)
        spare.initialize(to: GrowingColumn(.bytes))
        start = UnsafePointer(UnsafeRawPointer(spare).assumingMemoryBound(to: UInt8.self))
        end = start
    }

    deinit {
        for column in columns { column.release() }
        columns.deallocate()
        spare.pointee.release()
        spare.deallocate()
    }

    /// Reads all records; the columns' names. Throws where there is no header although there should be one.
    mutating func read(_ text: UnsafeBufferPointer<UInt8>) throws(CSVError) -> [String] {
        var position = start
        if let base = text.baseAddress {
            start = base
            end = base + text.count
            position = base
        }
        if end - position >= 3, position[0] == 0xEF, position[1] == 0xBB, position[2] == 0xBF { position += 3 }
        position = recordStart(position)
        var names = dialect.columnNames ?? []
        if dialect.hasHeader {
            guard position < end else { throw CSVError(problem: "the file has no header line", line: line) }
            names = try header(&position)
        } else if dialect.columnNames == nil {
            var first = position
            let startLine = line
            names = position < end ? try header(&first).indices.map { "column_\($0 + 1)" } : []
            line = startLine
        }
        columns = .allocate(capacity: names.count)
        for index in columns.indices { columns.initializeElement(at: index, to: GrowingColumn(.bytes)) }
        position = recordStart(position)
        while position < end { position = recordStart(record(position)) }
        return names
    }

    /// The columns that have been read.
    func texts(_ count: Int) -> [BytesColumn] {
        columns.map { column in
            guard case .string(let text) = column.finished(.string, { _, _ in .null(count: 0) }) else {
                return BytesColumn()
            }
            return text
        }
    }

    /// Steps over blank lines and lines that are all comment.
    private mutating func recordStart(_ start: BytePointer) -> BytePointer {
        var position = start
        while position < end {
            if position.pointee == 0x0A {
                line += 1
                position += 1
            } else if position.pointee == 0x0D, end - position >= 2, position[1] == 0x0A {
                line += 1
                position += 2
            } else if position.pointee == dialect.comment {
                position = lineEnd(position)
            } else {
                return position
            }
        }
        return position
    }

    private func lineEnd(_ start: BytePointer) -> BytePointer {
        var position = start
        while position < end, position.pointee != 0x0A { position += 1 }
        return position
    }

    /// The names in the first record: unnamed columns and repeated names get names as Pandas gives them.
    private mutating func header(_ position: inout BytePointer) throws(CSVError) -> [String] {
        let headerLine = line
        var names: [String] = []
        var isLast = false
        while !isLast {
            spare.pointee.truncate(to: 0)
            let behind = field(&position, into: spare)
            isLast = behind != .delimiter
            if behind == .unclosedQuote || behind == .textBehindQuote {
                let problem = behind == .unclosedQuote ? "a quote that is never closed" : "text behind a closing quote"
                throw CSVError(problem: "the header has \(problem)", line: headerLine)
            }
            let length = spare.pointee.textCount
            let text = UnsafeBufferPointer(
                start: spare.pointee.room(0).map { UnsafePointer($0 - length) }, count: length)
            let name = length == 0 ? "Unnamed: \(names.count)" : String(decoding: text, as: UTF8.self)
            var unique = name
            var repeats = 0
            while names.contains(unique) {
                repeats += 1
                unique = "\(name).\(repeats)"
            }
            names.append(unique)
        }
        return names
    }

    /// Reads one record; the position behind it.
    private mutating func record(_ recordStart: BytePointer) -> BytePointer {
        let row = records.count
        let startLine = line
        var position = recordStart
        var count = 0
        var last = FieldEnd.delimiter
        while last == .delimiter {
            spare.pointee.truncate(to: 0)
            last = field(
                &position, into: count < columns.count ? columns.baseAddress.map { $0 + count } ?? spare : spare)
            count += 1
        }
        let range = recordStart - start..<position - start
        let problem: String? =
            switch last {
            case .unclosedQuote: "a quote that is opened here is never closed"
            case .textBehindQuote: "text behind a closing quote"
            default:
                if count > columns.count {
                    "\(count) fields, but there are \(columns.count) columns"
                } else if !isValidUTF8(UnsafeBufferPointer(start: recordStart, count: position - recordStart)) {
                    "text that is not UTF-8"
                } else {
                    nil
                }
            }
        if let problem {
            for index in columns.indices { columns[index].truncate(to: row) }
            failures.append(CSVDecodeFailure(line: startLine, column: nil, problem: problem, range: range))
            return last == .unclosedQuote ? end : lineEnd(position)
        }
        for index in count..<max(count, columns.count) { columns[index].appendNull() }
        records.append(Record(line: startLine, range: range))
        return position
    }

    /// Reads one field and steps over the delimiter behind it, but not over the end of the line.
    private mutating func field(_ position: inout BytePointer, into column: UnsafeMutablePointer<GrowingColumn>)
        -> FieldEnd
    {
        if position < end, position.pointee == dialect.quote { return quotedField(&position, into: column) }
        let fieldStart = position
        var cursor = position
        let (delimiter, comment) = (dialect.delimiter, dialect.comment ?? 0x0A)
        while cursor < end {
            let byte = cursor.pointee
            if byte == delimiter || byte == 0x0A || byte == comment { break }
            cursor += 1
        }
        var length = cursor - fieldStart
        let isDelimiter = cursor < end && cursor.pointee == delimiter
        if !isDelimiter, cursor < end, cursor.pointee == 0x0A, length > 0, cursor[-1] == 0x0D { length -= 1 }
        if length == 0, isEmptyNull {
            column.pointee.appendNull()
        } else {
            // Never refused: the text as a whole is below a column's limit.
            _ = column.pointee.append(text: fieldStart, count: length)
        }
        return fieldEnd(&position, cursor)
    }

    private mutating func quotedField(_ position: inout BytePointer, into column: UnsafeMutablePointer<GrowingColumn>)
        -> FieldEnd
    {
        var cursor = position + 1
        var pieceStart = cursor
        while cursor < end {
            if cursor.pointee == dialect.quote {
                let isDoubled = end - cursor >= 2 && cursor[1] == dialect.quote
                _ = column.pointee.append(piece: pieceStart, count: cursor - pieceStart + (isDoubled ? 1 : 0))
                cursor += isDoubled ? 2 : 1
                pieceStart = cursor
                if isDoubled { continue }
                column.pointee.closeText()
                if cursor < end, cursor.pointee == 0x0D, end - cursor >= 2, cursor[1] == 0x0A { cursor += 1 }
                let isEnd =
                    cursor == end || cursor.pointee == dialect.delimiter || cursor.pointee == 0x0A
                    || cursor.pointee == dialect.comment
                position = cursor
                return isEnd ? fieldEnd(&position, cursor) : .textBehindQuote
            }
            if cursor.pointee == 0x0A { line += 1 }
            cursor += 1
        }
        position = end
        return .unclosedQuote
    }

    private func fieldEnd(_ position: inout BytePointer, _ cursor: BytePointer) -> FieldEnd {
        position = cursor
        guard cursor < end else { return .record }
        if cursor.pointee == dialect.delimiter {
            position = cursor + 1
            return .delimiter
        }
        if cursor.pointee != 0x0A { position = lineEnd(cursor) }
        return .record
    }
}
