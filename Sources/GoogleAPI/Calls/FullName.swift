import PubSub

/// Names as they stand in requests: always full.
enum FullName {
    /// `name`, when it reads `projects/P/COLLECTION/ID`; throws INVALID_ARGUMENT.
    static func check(_ name: String, in collection: ResourceName.Collection) throws {
        guard name.hasPrefix("projects/") else {
            throw APIError.invalidArgument(
                "Invalid resource name given (name=\(name)). It must read projects/PROJECT/\(collection.rawValue)/ID.")
        }
        _ = try ResourceName(name, in: collection, project: "")
    }

    /// What every name of `project` (`projects/P`) starts with; throws INVALID_ARGUMENT.
    static func prefix(ofProject project: String) throws(APIError) -> String {
        let parts = project.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "projects", !parts[1].isEmpty else {
            throw .invalidArgument("Invalid project name given (name=\(project)). It must read projects/PROJECT.")
        }
        return project + "/"
    }
}
