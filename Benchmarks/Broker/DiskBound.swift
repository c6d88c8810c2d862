import Journal

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the disk allows: a loop that appends as many bytes as a batch of messages takes in a journal to one file, and
/// flushes it, again and again. The broker can be faster by flushing several publishers' batches at once.
struct DiskBound {
    private let options: Options

    /// What a message takes beside its data: a frame's header, the flags and the publish time.
    private static let overhead = 17

    init(_ options: Options) { self.options = options }

    func run(_ figures: inout Figures) throws {
        let calls = SystemDiskCalls()
        let path = "\(options.folder)/disk"
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Options.Misuse(description: "\(path) cannot be created: errno \(errno)") }
        defer { close(descriptor) }
        let size = options.batch * (options.bytes + DiskBound.overhead)
        let bytes = Bench.randomBytes(size)
        let clock = ContinuousClock()
        var times: [Duration] = []
        let start = clock.now
        for number in 0..<options.messages / options.batch {
            let begin = clock.now
            let written = bytes.withUnsafeBytes { calls.write(descriptor, $0, at: number * size) }
            let synced = calls.sync(descriptor)
            guard written == size, synced == 0 else {
                throw Options.Misuse(description: "\(path) cannot be written: \(written), \(synced)")
            }
            times.append(clock.now - begin)
        }
        figures.add("seconds", clock.now - start)
        figures.add("write", percentilesOf: times)
    }
}
