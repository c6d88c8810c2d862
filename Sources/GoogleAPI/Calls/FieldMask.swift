import SwiftProtobuf

/// Which fields an update changes (`google.protobuf.FieldMask`; Google's design guide AIP-134).
struct UpdateMask: Sendable {
    /// Top-level fields in snake case; what stands below a field means the whole of it.
    let fields: Set<String>

    /// Throws INVALID_ARGUMENT for an empty mask, and for a field that `request` may not change, with why.
    init(
        _ mask: Google_Protobuf_FieldMask, of request: String, resource: String, allowed: Set<String>,
        fixed: Set<String>
    ) throws(APIError) {
        guard !mask.paths.isEmpty else {
            throw .invalidArgument(
                "\(resource): the update_mask in the \(request) must be set, and must contain a non-empty paths list.")
        }
        var fields: Set<String> = []
        for path in mask.paths {
            let field = String(path.prefix { $0 != "." })
            if allowed.contains(field) {
                fields.insert(field)
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
    }
}
