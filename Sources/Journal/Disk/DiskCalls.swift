#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The two calls by which bytes reach the disk: the seam at which tests let the disk fill up or fail.
public protocol DiskCalls: Sendable {
    /// `pwrite`: how many bytes were written, or a negated `errno`.
    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int

    /// `fdatasync`: 0, or a negated `errno`.
    func sync(_ descriptor: Int32) -> Int
}

/// The operating system's calls.
public struct SystemDiskCalls: DiskCalls {
    /// The operating system's calls.
    public init() {}

    /// `pwrite`, again when a signal interrupts it.
    public func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        while true {
            let written = pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
            if written >= 0 { return written }
            if errno != EINTR { return -Int(errno) }
        }
    }

    /// `fdatasync`, again when a signal interrupts it.
    public func sync(_ descriptor: Int32) -> Int {
        while true {
            #if os(Linux)
                if fdatasync(descriptor) == 0 { return 0 }
            #else
                if fsync(descriptor) == 0 { return 0 }
            #endif
            if errno != EINTR { return -Int(errno) }
        }
    }
}
