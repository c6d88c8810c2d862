/// Variables by name; what is not here may be in the scope around.
final class Scope {
    private(set) var values: [String: Value] = [:]
    let parent: Scope?

    init(parent: Scope?, _ values: [String: Value] = [:]) {
        self.parent = parent
        self.values = values
    }

    func set(_ name: String, _ value: Value) { values[name] = value }

    func get(_ name: String) -> Value? {
        var scope: Scope? = self
        while let present = scope {
            if let value = present.values[name] { return value }
            scope = present.parent
        }
        return nil
    }

    /// Every name that can be read.
    var names: Set<String> {
        var names: Set<String> = []
        var scope: Scope? = self
        while let present = scope {
            names.formUnion(present.values.keys)
            scope = present.parent
        }
        return names
    }
}

/// One rendering of a template with those that it extends: the blocks by name, those of the youngest first.
final class TemplateContext {
    let root: Scope
    var blocks: [String: [BlockDefinition]] = [:]

    init(root: Scope) { self.root = root }

    func add(_ template: ParsedTemplate) {
        for (name, block) in template.blocks { blocks[name, default: []].append(block) }
    }
}

/// Where the interpreter is.
struct Frame {
    var scope: Scope
    var context: TemplateContext
    var output: Output

    /// The same with a scope of its own.
    func inner(_ values: [String: Value] = [:]) -> Frame {
        var frame = self
        frame.scope = Scope(parent: scope, values)
        return frame
    }

    /// The same with another output.
    func capturing() -> Frame {
        var frame = inner()
        frame.output = Output()
        return frame
    }
}
