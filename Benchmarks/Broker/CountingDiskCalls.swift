import Journal
import Synchronization

/// The operating system's calls, counted.
final class CountingDiskCalls: DiskCalls {
    private let system = SystemDiskCalls()
    private let syncCount = Atomic(0)
    private let writtenBytes = Atomic(0)

    /// Flushes so far.
    var syncs: Int { syncCount.load(ordering: .relaxed) }
    /// Bytes written so far.
    var bytes: Int { writtenBytes.load(ordering: .relaxed) }

    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        writtenBytes.wrappingAdd(bytes.count, ordering: .relaxed)
        return system.write(descriptor, bytes, at: offset)
    }

    func sync(_ descriptor: Int32) -> Int {
        syncCount.wrappingAdd(1, ordering: .relaxed)
        return system.sync(descriptor)
    }
}
