/// How much of a bounded input of files is read.
public struct FileProgress: Sendable, Hashable {
    /// Bytes that were read; they may not be committed yet.
    public var bytesRead: Int64
    /// Bytes of all files as they were at the start.
    public var totalBytes: Int64
}
