import Columnar

/// A Pub/Sub resource: `projects/PROJECT/subscriptions/NAME`, or its short name.
struct ResourceName {
    enum Kind: String {
        case subscription, topic

        /// As it stands in full names.
        var segment: String { rawValue + "s" }
    }

    /// The last part.
    let short: String
    let isFull: Bool

    /// Nil when the text has slashes but is no full name.
    init?(_ text: String, _ kind: Kind) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: (short, isFull) = (text, false)
        case 4 where parts[0] == "projects" && parts[2] == kind.segment && !parts[1].isEmpty && !parts[3].isEmpty:
            (short, isFull) = (parts[3], true)
        default: return nil
        }
    }

    /// Checks a name of the file against the resources that are known; the name as it stands, if it is right.
    static func check(
        _ text: String, _ kind: Kind, among known: Set<String>?, at place: Place, _ findings: Findings
    ) -> String? {
        guard let name = ResourceName(text, kind) else {
            findings.error(
                "'\(text)' is not the name of a \(kind.rawValue)", at: place,
                suggestion: "write projects/PROJECT/\(kind.segment)/NAME")
            return nil
        }
        if let known, !known.contains(name.short) {
            findings.unknown(
                "there is no \(kind.rawValue) '\(name.short)'", name.short, among: known.sorted(), called: kind.segment,
                at: place)
            return nil
        }
        if !name.isFull {
            findings.warning(
                "Apache Beam needs the full name of a \(kind.rawValue)", at: place,
                suggestion: "write projects/PROJECT/\(kind.segment)/\(name.short)")
        }
        return text
    }
}

/// A table of the warehouse: `dataset.table`, with a project before it or without.
struct TableReference {
    /// As it stands in the file.
    let text: String
    /// `dataset.table`.
    let name: String

    /// Nil, with a complaint, when the text is no table's name.
    init?(_ text: String, at place: Place, _ findings: Findings) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "." || $0 == ":" }
        guard parts.count == 2 || parts.count == 3, !parts.contains("") else {
            findings.error(
                "'\(text)' is not the name of a table", at: place,
                suggestion: "write dataset.table or project.dataset.table")
            return nil
        }
        self.text = text
        name = parts.suffix(2).joined(separator: ".")
    }
    /// The table's columns; nil, with a complaint, when there is none of that name.
    func schema(in environment: CompileEnvironment, at place: Place, _ findings: Findings) -> Schema? {
        if let schema = environment.tables[name] { return schema }
        guard environment.tables.isEmpty else {
            findings.unknown(
                "there is no table '\(name)'", name, among: environment.tables.keys.sorted(), called: "tables",
                at: place)
            return nil
        }
        findings.error(
            "there is no table '\(name)', nor any other", at: place,
            suggestion: "tables are those of a workspace that names the file; run it with 'streamtop run'")
        return nil
    }
}
