import Yams

/// A value of the file, with its place.
struct Value {
    let node: Node
    /// Of the text that it stands in.
    var origin: PlaceOrigin?

    var place: Place { Place(node.mark, origin) }

    /// What kind of value it is, for people.
    var kind: String {
        switch node {
        case .mapping: "a map"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar(let scalar):
            switch YAMLScalar(scalar) {
            case .null: "nothing"
            case .boolean: "a boolean"
            case .integer, .float: "a number"
            case .string: "text"
            case .date: "a date"
            }
        }
    }

    var scalar: YAMLScalar? { node.scalar.map(YAMLScalar.init) }

    var isNull: Bool { scalar == .null }

    /// The text of a scalar, whatever type it has.
    var text: String? {
        guard let scalar = node.scalar, YAMLScalar(scalar) != .null else { return nil }
        return scalar.string
    }

    var list: [Value]? { node.sequence.map { $0.map { Value(node: $0, origin: origin) } } }

    /// The entries of a map, in order. What `<<` merges in (YAML 1.1) stands before them and gives way to them.
    var entries: [(key: String, place: Place, value: Value)]? {
        guard let mapping = node.mapping else { return nil }
        var own: [(key: String, place: Place, value: Value)] = []
        var merged: [(key: String, place: Place, value: Value)] = []
        for (key, value) in mapping {
            let value = Value(node: value, origin: origin)
            guard let scalar = key.scalar, scalar.string == "<<", scalar.style == .plain else {
                own.append((key.scalar?.string ?? "", Place(key.mark, origin), value))
                continue
            }
            for entry in (value.list ?? [value]).flatMap({ $0.entries ?? [] })
            where !merged.contains(where: { $0.key == entry.key }) {
                merged.append(entry)
            }
        }
        return merged.filter { entry in !own.contains { $0.key == entry.key } } + own
    }

    /// A string, or a list of strings, each with its place.
    var texts: [(text: String, place: Place)]? {
        if let text { return [(text, place)] }
        guard let list else { return nil }
        let texts = list.compactMap { value in value.text.map { ($0, value.place) } }
        return texts.count == list.count ? texts : nil
    }
}
