/// Which recording a poll gets: each new poll the first that has not been served, a repeated poll the same again.
struct ReplayProgress {
    /// What a poll gets.
    enum Choice: Hashable {
        /// A recording that nobody has had; to be remembered before it is served.
        case first(String)
        /// The recording that the poll with this key had before.
        case again(String)
        case nothingNew
    }

    /// The recordings' file names, in the order in which they are served.
    let files: [String]
    private var fileOfKey: [String: String] = [:]
    private var taken: Set<String> = []

    init(files: [String]) { self.files = files }

    /// How many of the recordings have been served.
    var served: Int { files.count { taken.contains($0) } }

    var isUsedUp: Bool { served == files.count }

    /// Chooses and, where it is a first time, takes the recording.
    mutating func choose(forPoll key: String?) -> Choice {
        if let key, let file = fileOfKey[key] { return .again(file) }
        guard let file = files.first(where: { !taken.contains($0) }) else { return .nothingNew }
        take(file, key: key)
        return .first(file)
    }

    /// Notes that a recording has been served.
    mutating func take(_ file: String, key: String?) {
        taken.insert(file)
        if let key { fileOfKey[key] = file }
    }

    /// Takes back a choice that could not be remembered.
    mutating func putBack(_ file: String, key: String?) {
        taken.remove(file)
        if let key { fileOfKey[key] = nil }
    }
}
