import SwiftProtobuf

/// Which fields an update changes (`google.protobuf.FieldMask`; Google's design guide AIP-134).
struct UpdateMask: Sendable {
    /// Top-level fields in snake case, of which all or a part changes.
    let fields: Set<String>
    /// Full paths of parts of fields, where only those change.
    let parts: Set<String>

    /// Throws INVALID_ARGUMENT for an empty mask, and for a field that `request` may not change, with why. `partial` are
    /// the parts of fields that may be named.
    init(
        _ mask: Google_Protobuf_FieldMask, of request: String, resource: String, allowed: Set<String>,
        fixed: Set<String>, partial: Set<String> = []
    ) throws(APIError) {
        guard !mask.paths.isEmpty else {
            throw .invalidArgument(
                "\(resource): the update_mask in the \(request) must be set, and must contain a non-empty paths list.")
        }
        var fields: Set<String> = []
        var parts: Set<String> = []
        for path in mask.paths {
            let field = String(path.prefix { $0 != "." })
            if allowed.contains(path) {
                fields.insert(path)
            } else if partial.contains(path) {
                fields.insert(field)
                // Beside the whole of it a part says nothing.
                if !mask.paths.contains(field) { parts.insert(path) }
            } else if fixed.contains(field) {
                throw .invalidArgument(
                    "\(resource): invalid update_mask provided in the \(request): the '\(field)' field is not mutable.")
            } else {
                throw .invalidArgument(
                    "\(resource): invalid update_mask provided in the \(request): there is no field '\(path)' to "
                        + "update; there are \(allowed.sorted().joined(separator: ", ")).")
            }
        }
        self.fields = fields
        self.parts = parts
    }
}
