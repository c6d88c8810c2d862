/// A transform as it stands in the file: a leaf, or a composite of others.
final class TransformSpec {
    /// Where a transform's inputs come from.
    enum Input {
        /// Nothing is said.
        case absent
        /// References by the input's name; `input` when it has none.
        case references([NamedInput])
        /// What the enclosing composite or chain gets.
        case enclosing
        /// The transform before it in a chain.
        case previous(TransformSpec)
    }

    struct NamedInput {
        var key: String
        var references: [Reference]
    }

    /// A name in the file: `Parse`, `Parse.errors`.
    struct Reference {
        var text: String
        var place: Place
    }

    let type: String
    /// Where the type stands.
    let place: Place
    let name: String?
    let namePlace: Place
    var input: Input
    let config: Value?
    var windowing: Value?
    /// Nil for a leaf.
    var children: [TransformSpec]?
    /// The last transform of a chain, whose outputs are the chain's.
    var last: TransformSpec?
    /// Whether it is an expectation of a test.
    var isExpectation = false
    /// Of the file that it stands in, where that is not the pipeline's.
    var findings: Findings?
    /// A composite's outputs, by name.
    var outputs: [(key: String, reference: Reference)] = []

    init(
        type: String, place: Place, name: String?, namePlace: Place, input: Input, config: Value?, windowing: Value?
    ) {
        self.type = type
        self.place = place
        self.name = name
        self.namePlace = namePlace
        self.input = input
        self.config = config
        self.windowing = windowing
    }

    /// What it is called: its name, or else its type.
    var label: String { name ?? type }

    var isComposite: Bool { children != nil }

    /// The text that it stands in, when that is not the file's own: a provider's body.
    var source: SourceText?
    /// Whether its children stand in the path of what is around it: the body of a provider's transform.
    var isBody = false
    /// Whether it is an error when it has no input: that of most providers' transforms.
    var needsInput = false
    /// Whether its children could not be made, and that is said.
    var isBroken = false
}
