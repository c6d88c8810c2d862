/// A part of a template that does something.
indirect enum Statement {
    /// Text as it stands in the source from `place` on.
    case data(String, SourcePlace)
    case output(Expression)
    case assign(Target, Expression)
    case assignBlock(Target, filters: [FilterUse], body: [Statement], SourcePlace)
    case conditional([(test: Expression, body: [Statement])], otherwise: [Statement])
    case loop(Loop)
    case with([(Target, Expression)], body: [Statement])
    case macro(MacroDefinition)
    case callBlock(MacroDefinition, call: Expression)
    case filterBlock([FilterUse], body: [Statement], SourcePlace)
    case block(BlockDefinition)
    case extends(Expression)
    case include(Expression, ignoresMissing: Bool, withContext: Bool)
    case importAll(Expression, alias: String, withContext: Bool)
    case importNames(Expression, names: [(name: String, alias: String, SourcePlace)], withContext: Bool)

    struct Loop {
        var target: Target
        var items: Expression
        var test: Expression?
        var body: [Statement]
        var otherwise: [Statement]
        var place: SourcePlace
        var isRecursive: Bool
    }

    struct FilterUse {
        var name: String
        var arguments: CallArguments
        var place: SourcePlace
    }
}

/// `{% macro name(parameters) %}`.
struct MacroDefinition {
    var name: String
    var parameters: [(name: String, fallback: Expression?)]
    var body: [Statement]
    var place: SourcePlace
    /// Whether the body uses `varargs`, `kwargs` and `caller`: only then the macro takes them.
    var takesMore = false
    var takesMoreKeywords = false
    var takesCaller = false
}

/// `{% block name %}`.
struct BlockDefinition {
    var name: String
    var body: [Statement]
    var isScoped: Bool
    var isRequired: Bool
    var place: SourcePlace
}

/// A template that has been read.
struct ParsedTemplate {
    var source: SourceText
    var body: [Statement]
    var blocks: [String: BlockDefinition]
}
