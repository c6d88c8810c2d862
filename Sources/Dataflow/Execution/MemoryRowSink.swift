public import Columnar
public import Pipes
import Synchronization

/// The sink of a pipeline that writes files alone: it has no tables and forgets everything with the process.
///
/// It remembers only which epoch was the last, so a run that is cut short begins anew; the files that it had begun are
/// left unfinished under their temporary names, and the next run removes them.
public final class MemoryRowSink: RowSink {
    private let epochs = Mutex<[String: UInt64]>([:])

    /// A sink that nothing has been committed to.
    public init() {}

    /// Nothing that is committed outlasts the process.
    public var keepsEpochs: Bool { false }

    /// Throws: there are no tables.
    public func prepare(_ table: TableName, for schema: Schema, creating: Bool) async throws {
        throw PipelineError(
            .unavailable, "there is no warehouse to write '\(table)' to; name its folder with --data DIR")
    }

    /// Throws: there are no tables.
    public func truncate(_ table: TableName) async throws {
        throw PipelineError(.unavailable, "there is no warehouse with a table '\(table)'")
    }

    /// Notes the epoch's number.
    public func commit(_ epoch: EpochCommit) async throws { epochs.withLock { $0[epoch.pipeline] = epoch.epoch } }

    /// The last epoch, without positions and state: enough to tell a commit that went through.
    public func lastEpoch(of pipeline: String) async throws -> CommittedEpoch? {
        epochs.withLock { $0[pipeline] }.map { CommittedEpoch(epoch: $0, positions: [:], state: [:]) }
    }
}
