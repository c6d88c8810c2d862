extension String {
    /// How a topic or subscription is called on the screen: `projects/P/topics/T` of another project is `P/T`.
    var resourceLabel: String {
        let parts = split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "projects" ? "\(parts[1])/\(parts[3])" : self
    }
}
