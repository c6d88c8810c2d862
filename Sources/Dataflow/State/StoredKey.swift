import Columnar

/// A key in the form in which it is stored, with its hash.
struct StoredKey: Hashable, Sendable {
    let bytes: [UInt8]
    /// The same in every process.
    let word: UInt64

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        word = RowHash.word(of: bytes)
    }

    static func == (a: StoredKey, b: StoredKey) -> Bool { a.word == b.word && a.bytes == b.bytes }

    func hash(into hasher: inout Hasher) { hasher.combine(word) }
}
