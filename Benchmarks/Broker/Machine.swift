#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the operating system tells.
enum Machine {
    /// The most memory that this process ever had resident; 0 where `/proc` does not tell.
    static var peakMegabytes: Double { megabytes("VmHWM:") }

    /// What is resident now.
    static var residentMegabytes: Double { megabytes("VmRSS:") }

    private static func megabytes(_ field: String) -> Double {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, Int32(line.count), file) != nil {
            let words = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                .split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
            if words.first == field, words.count > 1, let kibibytes = Double(words[1]) { return kibibytes / 1024 }
        }
        return 0
    }

    /// Processor time of this process.
    static var processorTime: Duration {
        var usage = rusage()
        // `RUSAGE_SELF`, which the C libraries declare by different types, is 0 in all of them.
        getrusage(0, &usage)
        func duration(_ time: timeval) -> Duration {
            .seconds(Int64(time.tv_sec)) + .microseconds(Int64(time.tv_usec))
        }
        return duration(usage.ru_utime) + duration(usage.ru_stime)
    }

    /// Bytes of the files in a folder and those below.
    static func bytes(in folder: String) -> Int {
        guard let handle = opendir(folder) else { return 0 }
        defer { closedir(handle) }
        var bytes = 0
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { name in
                String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "." || name == ".." { continue }
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            bytes += isFolder ? Machine.bytes(in: "\(folder)/\(name)") : Int(status.st_size)
        }
        return bytes
    }

    static func writeError(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    static func exit(_ status: Int32) -> Never {
        #if canImport(Glibc)
            Glibc.exit(status)
        #elseif canImport(Musl)
            Musl.exit(status)
        #else
            Darwin.exit(status)
        #endif
    }
}
