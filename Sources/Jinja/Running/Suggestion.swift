import Spelling

/// What a person probably meant.
enum Suggestion {
    static func nearest(to name: String, in names: some Sequence<String>) -> String? {
        Spelling.nearest(to: name, in: names.sorted()).map { "did you mean '\($0)'?" }
    }
}
