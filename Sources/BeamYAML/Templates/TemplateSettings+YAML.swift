public import Jinja
public import Yams

extension TemplateSettings {
    /// The variables that a YAML map gives; nil when it is none.
    public static func variables(_ node: Node) -> [TemplateValue.Entry]? {
        node.mapping == nil ? nil : Value(node: node).templateEntries
    }
}
