/// What went wrong in a template, with its place as soon as that is known.
struct Failure: Error {
    var kind: TemplateError.Kind
    var message: String
    var suggestion: String?
    var place: SourcePlace?

    init(_ kind: TemplateError.Kind, _ message: String, suggestion: String? = nil, place: SourcePlace? = nil) {
        self.kind = kind
        self.message = message
        self.suggestion = suggestion
        self.place = place
    }

    /// The same with a place, unless it has one.
    func at(_ place: SourcePlace) -> Failure {
        var failure = self
        if failure.place == nil { failure.place = place }
        return failure
    }
}
