import Columnar

/// A step that reads files at work: which files, and how far it is.
struct FileReader: Sendable {
    /// Rows are read in pieces of about this many bytes: what decodes fastest.
    static let pieceBytes = 256 << 10
    /// A row may not be longer.
    static let rowLimit = 1 << 30

    let step: Int
    let read: ReadFiles
    private(set) var position: FilePosition
    /// The whole input, in bytes.
    let totalBytes: Int64
    private var sizes: [Int64]
    private var file: FileCalls.Handle?
    private var columnNames: [String] = []

    /// - Parameter position: where an epoch left off; nil to begin with the files that are there now.
    init(step: Int, read: ReadFiles, position: FilePosition?) throws {
        self.step = step
        self.read = read
        self.position = position ?? FilePosition(files: FileCalls.expand(read.pattern))
        if self.position.files.isEmpty {
            throw PipelineError(.unavailable, "no file matches '\(read.pattern)'")
        }
        sizes = self.position.files.map { FileCalls.size($0) ?? 0 }
        totalBytes = sizes.reduce(0, +)
    }

    var isExhausted: Bool { position.file >= position.files.count }

    /// How many bytes are behind it.
    var bytesRead: Int64 { sizes.prefix(position.file).reduce(0, +) + (isExhausted ? 0 : position.offset) }

    /// The next rows; nil at the end of all files.
    mutating func next() throws -> FilePiece? {
        while !isExhausted {
            let path = position.files[position.file]
            let size = sizes[position.file]
            let handle = try file ?? FileCalls.Handle(path, FileCalls.reading)
            if file == nil {
                file = handle
                try openFile(handle, size)
            }
            guard position.offset < size else {
                (position.file, position.offset) = (position.file + 1, 0)
                file = nil
                continue
            }
            // Quotes may hold line ends: what is a row has to be found from the beginning.
            var bytes: [UInt8]?
            if case .csv = read.format { bytes = try rows(of: handle, at: position.offset, size) }
            let count = bytes?.count ?? Int(min(Int64(Self.pieceBytes), size - position.offset))
            defer { position.offset += Int64(count) }
            return FilePiece(
                file: handle, offset: position.offset, count: count, size: size, bytes: bytes, columnNames: columnNames)
        }
        return nil
    }

    private mutating func openFile(_ handle: FileCalls.Handle, _ size: Int64) throws {
        guard case .csv(let dialect) = read.format else { return }
        columnNames = dialect.columnNames ?? []
        guard dialect.hasHeader else { return }
        let (names, length) = try FileHeader.read(handle, size, dialect)
        columnNames = names
        position.offset = max(position.offset, length)
    }

    /// As many whole rows as a piece has room for; one at least. The last row of a file need not end with a newline.
    private func rows(of handle: FileCalls.Handle, at offset: Int64, _ size: Int64) throws -> [UInt8] {
        var count = Self.pieceBytes
        while true {
            var bytes = try handle.read(at: offset, count: Int(min(Int64(count), size - offset)))
            if bytes.isEmpty {
                throw PipelineError(.unavailable, "'\(handle.path)' became shorter while it was read")
            }
            if offset + Int64(bytes.count) >= size { return bytes }
            let whole = FileCutter(format: read.format).wholeRows(bytes)
            if whole > 0 {
                bytes.removeLast(bytes.count - whole)
                return bytes
            }
            guard count < Self.rowLimit else {
                throw PipelineError(
                    .unavailable,
                    "'\(handle.path)' at byte \(offset): a row longer than 1 GiB; is a quote not closed?")
            }
            count *= 4
        }
    }
}

/// The header of a CSV file.
enum FileHeader {
    /// The columns' names, and where the records begin. Throws where there is no header.
    static func read(_ handle: FileCalls.Handle, _ size: Int64, _ dialect: CSVDialect) throws -> ([String], Int64) {
        var count = 4096
        while true {
            let bytes = try handle.read(at: 0, count: Int(min(Int64(count), size)))
            if let length = headerLength(bytes, dialect, isWhole: Int64(bytes.count) >= size) {
                do {
                    return (
                        try CSVBatchDecoder(.strings, dialect: dialect).decode(bytes[..<length]).schema.names,
                        Int64(length)
                    )
                } catch {
                    throw PipelineError(.unavailable, "'\(handle.path)', \(error)")
                }
            }
            count *= 4
        }
    }

    /// The lines up to the first that is neither blank nor a comment; nil when they don't end in `bytes`.
    private static func headerLength(_ bytes: [UInt8], _ dialect: CSVDialect, isWhole: Bool) -> Int? {
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            let line = bytes[start..<end]
            if !line.isEmpty, !line.elementsEqual([0x0D]), line.first != dialect.comment {
                // A header may hold line breaks in quotes.
                var rest = end
                while true {
                    let head = Array(bytes[start...rest])
                    if FileCutter(format: .csv(dialect)).wholeRows(head) == head.count { return rest + 1 }
                    guard let next = bytes[(rest + 1)...].firstIndex(of: 0x0A) else {
                        return isWhole ? bytes.count : nil
                    }
                    rest = next
                }
            }
            start = end + 1
        }
        return isWhole ? bytes.count : nil
    }
}
