/// `block`, and templates that extend each other.
extension Interpreter {
    func run(_ definition: BlockDefinition, _ frame: Frame) throws {
        let chain = frame.context.blocks[definition.name] ?? [definition]
        let scope = definition.isScoped ? frame.scope : frame.context.root
        if let first = chain.first, first.isRequired {
            throw Failure(
                .runtime, "the block '\(definition.name)' is required, and nobody fills it", place: first.place)
        }
        try run(chain, 0, Frame(scope: scope, context: frame.context, output: frame.output))
    }

    /// Runs the block at `level` of those that override each other.
    func run(_ chain: [BlockDefinition], _ level: Int, _ frame: Frame) throws {
        let block = chain[level]
        let context = frame.context
        var values: [String: Value] = [
            "self": .object(
                BlockReferences(context) { [unowned self] in
                    try self.text(of: $0, context)
                })
        ]
        if level + 1 < chain.count {
            values["super"] = .function("super") { interpreter, arguments in
                try arguments.none("super")
                let output = Output()
                try interpreter.run(
                    chain, level + 1, Frame(scope: frame.scope, context: context, output: output))
                return .string(output.text)
            }
        } else {
            values["super"] = .undefined(
                Undefined("the block '\(block.name)' overrides no other, so there is no super()", at: block.place))
        }
        let inner = frame.inner(values)
        try nested(block.place) { try executeInside(block.body, inner) }
    }

    func text(of chain: [BlockDefinition], _ context: TemplateContext) throws -> String {
        let output = Output()
        try run(chain, 0, Frame(scope: context.root, context: context, output: output))
        return output.text
    }
}

/// `self` in a block: the blocks by name, as functions.
private final class BlockReferences: TemplateObject {
    let typeName = "TemplateReference"
    private let context: TemplateContext
    private let render: ([BlockDefinition]) throws -> String

    init(_ context: TemplateContext, _ render: @escaping ([BlockDefinition]) throws -> String) {
        self.context = context
        self.render = render
    }

    func attribute(_ name: String) -> Value? {
        guard let chain = context.blocks[name] else { return nil }
        return .function(name) { [render] _, arguments in
            try arguments.none(name)
            return .string(try render(chain))
        }
    }

    var attributeNames: [String] { context.blocks.keys.sorted() }
}
