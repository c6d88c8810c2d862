/// What a pipeline is doing.
public enum PipelineState: Sendable, Hashable {
    /// Reads its last epoch and prepares its tables.
    case starting
    case running
    /// Pulls no messages; windows still close.
    case paused
    /// Something outside fails; the epoch is tried again. Nothing is acknowledged meanwhile.
    case retrying(reason: String)
    /// Closes all windows.
    case draining
    /// Has closed all windows and stopped.
    case drained
    /// Could not start.
    case failed(message: String)
    case stopped

    /// As it is shown: `RUNNING`, `RETRYING`, …
    public var name: String {
        switch self {
        case .starting: "STARTING"
        case .running: "RUNNING"
        case .paused: "PAUSED"
        case .retrying: "RETRYING"
        case .draining: "DRAINING"
        case .drained: "DRAINED"
        case .failed: "FAILED"
        case .stopped: "STOPPED"
        }
    }

    /// Why it retries or failed.
    public var problem: String? {
        switch self {
        case .retrying(let reason): reason
        case .failed(let message): message
        default: nil
        }
    }
}
