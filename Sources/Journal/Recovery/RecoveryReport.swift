/// What opening a journal or a log found and put right.
public struct RecoveryReport: Sendable, Hashable {
    /// How many bytes of a record that was being written when the process or the machine died were cut off the end.
    /// None of them had been acknowledged.
    public var truncatedBytes: Int
    /// Stretches of the newest file that cannot be read although records follow them. Older segments are checked when
    /// they are read: see `Journal.damage`.
    public var damage: [Damage]
    /// Files that are no journal files although they are named so, `….damaged-N`, and such as belong to another journal
    /// or log, `….foreign-N`: these are the paths that they were renamed to. Nothing in them is read or deleted.
    public var setAside: [String]

    /// A report of what was found.
    public init(truncatedBytes: Int = 0, damage: [Damage] = [], setAside: [String] = []) {
        self.truncatedBytes = truncatedBytes
        self.damage = damage
        self.setAside = setAside
    }

    /// Nothing had to be put right.
    public var isClean: Bool { self == RecoveryReport() }

    /// What may be missing: one line for the person about each damaged stretch and each file that was set aside.
    public var losses: [String] {
        damage.map(\.description)
            + setAside.map { path in
                path.contains(".\(RecoveredFile.Strangeness.foreign)-")
                    ? "a file that belongs elsewhere was set aside as \(path)"
                    : "a file that could not be read was set aside as \(path)"
            }
    }

    /// All of it, one line each: `losses`, and what was cut off the end.
    public var lines: [String] {
        let cut = "\(truncatedBytes) bytes that were being written at the end were cut off"
        return (truncatedBytes > 0 ? [cut] : []) + losses
    }
}

/// A stretch of a file whose records are lost: their checksums do not fit.
public struct Damage: Sendable, Hashable, CustomStringConvertible {
    /// The file's path.
    public var file: String
    /// Where in the file the stretch begins, in bytes.
    public var offset: Int
    /// How long it is, in bytes.
    public var byteCount: Int
    /// The sequence numbers of the records that are lost.
    public var sequences: Range<UInt64>

    /// A damaged stretch.
    public init(file: String, offset: Int, byteCount: Int, sequences: Range<UInt64>) {
        self.file = file
        self.offset = offset
        self.byteCount = byteCount
        self.sequences = sequences
    }

    /// One line for the person.
    public var description: String {
        let records =
            sequences.count == 1
            ? "record \(sequences.lowerBound) is"
            : "records \(sequences.lowerBound) to \(sequences.upperBound &- 1) are"
        return
            "\(file): \(records) damaged (\(byteCount) bytes at offset \(offset)); "
            + "restore the file from a backup, or go on without"
    }
}
