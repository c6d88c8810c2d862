/// When an append counts as done.
public enum Durability: String, Sendable, Hashable, Codable {
    /// On the medium (`fdatasync`): survives a power cut.
    case synced = "SYNCED"
    /// Handed to the kernel: survives the death of this process (`SIGKILL`), but a power cut takes the last seconds.
    case written = "WRITTEN"
}
