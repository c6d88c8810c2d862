/// How far a step has read its files; stored with every epoch.
struct FilePosition: Sendable, Hashable {
    /// The files as they were found at the first start: what comes later is not part of the input.
    var files: [String]
    /// The file that is being read; their number at the end of all.
    var file = 0
    /// The rows that begin in so many of its bytes are done.
    var offset: Int64 = 0

    private static let version: UInt8 = 1

    init(files: [String]) { self.files = files }

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(byte: Self.version)
        writer.write(UInt64(files.count))
        for file in files { writer.write(file) }
        writer.write(Int64(file))
        writer.write(offset)
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(StoredStateError) {
        var reader = ByteReader(bytes)
        guard try reader.byte() == Self.version else { throw StoredStateError.malformed }
        var files: [String] = []
        for _ in 0..<(try reader.count()) { files.append(try reader.string()) }
        self.files = files
        let (file, offset) = (try reader.signed(), try reader.signed())
        guard (0...Int64(files.count)).contains(file), offset >= 0 else { throw StoredStateError.malformed }
        self.file = Int(file)
        self.offset = offset
    }
}
