import Spelling

/// Runs templates.
final class Interpreter {
    private let loader: any TemplateLoader
    private let globals: Scope
    private var parsed: [String: ParsedTemplate] = [:]
    private var steps = 0
    private var depth = 0
    private var templates = 0

    init(loader: any TemplateLoader) {
        self.loader = loader
        globals = Scope(parent: nil, Globals.values)
    }

    func render(_ source: SourceText, variables: [String: Value]) throws -> RenderedTemplate {
        let output = Output()
        try run(try Parser.parse(source), in: Scope(parent: globals, variables), output)
        return RenderedTemplate(output, source: source)
    }

    // MARK: Limits

    /// Counts a round of a loop, or an item that is made.
    func step(_ count: Int = 1) throws {
        steps += count
        guard steps <= Limits.steps else { throw Limits.tooManySteps }
    }

    /// Goes a level deeper.
    func nested<Result>(_ place: SourcePlace, _ body: () throws -> Result) throws -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth < Limits.nesting else {
            throw Failure(
                .limit, "the template goes more than \(Limits.nesting) levels deep",
                suggestion: "does a macro call itself without end?", place: place)
        }
        do {
            return try body()
        } catch let failure as Failure {
            throw failure.at(place)
        }
    }

    // MARK: Templates

    /// Runs a template in a scope of its own inside `scope`, and returns that.
    @discardableResult
    private func run(_ template: ParsedTemplate, in scope: Scope, _ output: Output) throws -> Scope {
        let root = Scope(parent: scope)
        let context = TemplateContext(root: root)
        context.add(template)
        try runTopLevel(template, Frame(scope: root, context: context, output: output))
        return root
    }

    private func runTopLevel(_ template: ParsedTemplate, _ frame: Frame) throws {
        var parent: (template: ParsedTemplate, place: SourcePlace)?
        let output = frame.output
        var frame = frame
        for statement in template.body {
            if case .extends(let name) = statement {
                guard parent == nil else {
                    throw Failure(.runtime, "a template extends one other, not two", place: name.place)
                }
                let found = try load(try evaluate(name, frame), at: name.place)
                parent = (found, name.place)
                frame.context.add(found)
                // What a template gives behind `extends` goes nowhere.
                frame.output = Output()
            } else if case .block = statement, parent != nil {
                continue
            } else {
                try execute(statement, &frame)
            }
        }
        guard let parent else { return }
        frame.output = output
        let final = frame
        try entering(parent.place) { try runTopLevel(parent.template, final) }
    }

    private func entering(_ place: SourcePlace, _ body: () throws -> Void) throws {
        templates += 1
        defer { templates -= 1 }
        guard templates < Limits.includes else {
            throw Failure(
                .limit, "templates include each other more than \(Limits.includes) deep",
                suggestion: "does one include itself?", place: place)
        }
        try body()
    }

    private func load(_ name: Value, at place: SourcePlace) throws -> ParsedTemplate {
        switch name {
        case .undefined(let undefined): throw undefined.failure.at(place)
        case .string(let text):
            if let template = try find(text, at: place) { return template }
            throw Failure(.notFound, "there is no template '\(text)'", place: place)
        case .list, .tuple:
            let names = try name.items()
            for name in names {
                guard case .string(let text) = name else { continue }
                if let template = try find(text, at: place) { return template }
            }
            throw Failure(
                .notFound, "there is none of the templates \(try name.representation())", place: place)
        default: throw Failure(.runtime, "a template has a name, not '\(name.typeName)'", place: place)
        }
    }

    private func find(_ name: String, at place: SourcePlace) throws -> ParsedTemplate? {
        if let template = parsed[name] { return template }
        let found: TemplateText?
        do {
            found = try loader.template(named: name)
        } catch {
            throw Failure(.notFound, "the template '\(name)' cannot be read: \(error)", place: place)
        }
        guard let found else { return nil }
        let template = try Parser.parse(SourceText(found.text, file: found.file, firstLine: found.firstLine))
        parsed[name] = template
        return template
    }

    func include(_ name: Expression, ignoresMissing: Bool, withContext: Bool, _ frame: Frame) throws {
        let template: ParsedTemplate
        do {
            template = try load(try evaluate(name, frame), at: name.place)
        } catch let failure as Failure where failure.kind == .notFound && ignoresMissing {
            return
        }
        try entering(name.place) {
            _ = try run(template, in: withContext ? frame.scope : globals, frame.output)
        }
    }

    /// The names that a template defines, and what it gives.
    func module(_ name: Expression, withContext: Bool, _ frame: Frame) throws -> TemplateModule {
        let template = try load(try evaluate(name, frame), at: name.place)
        let output = Output()
        var values: [String: Value] = [:]
        try entering(name.place) {
            values = try run(template, in: withContext ? frame.scope : globals, output).values
        }
        return TemplateModule(
            file: template.source.file, text: output.text, values: values.filter { !$0.key.hasPrefix("_") })
    }
}

/// An imported template.
final class TemplateModule: TemplateObject {
    let typeName = "TemplateModule"
    let file: String
    private let output: String
    private let values: [String: Value]

    init(file: String, text: String, values: [String: Value]) {
        self.file = file
        output = text
        self.values = values
    }

    func attribute(_ name: String) -> Value? { values[name] }
    var attributeNames: [String] { values.keys.sorted() }
    func text() -> String { output }
    func representation() -> String { "<TemplateModule \(PythonString.quoted(file))>" }
}
