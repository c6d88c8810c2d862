/// Reads the entries of a map and tells what is wrong with them.
struct MapReader {
    /// What the map belongs to, for people: `Explode`.
    let owner: String
    let place: Place
    let findings: Findings
    private let entries: [(key: String, place: Place, value: Value)]

    /// - Parameter place: where to complain about what is missing.
    init(_ value: Value?, of owner: String, at place: Place, _ findings: Findings) {
        self.owner = owner
        self.place = place
        self.findings = findings
        entries = value?.entries ?? []
        if let value, value.entries == nil, !value.isNull {
            findings.error("the config of \(owner) is a map, not \(value.kind)", at: value.place)
        }
    }

    var keys: [String] { entries.map(\.key) }

    func place(ofKey key: String) -> Place? { entries.first { $0.key == key }?.place }

    /// The value, unless it is absent or null.
    subscript(key: String) -> Value? {
        entries.first { $0.key == key }.flatMap { $0.value.isNull ? nil : $0.value }
    }

    func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

    /// Complains about every key that is none of `known`, nor of those that go without saying.
    func allow(_ known: [String], besides others: [String] = [], called noun: String = "parameters") {
        for entry in entries where !known.contains(entry.key) && !others.contains(entry.key) {
            findings.unknown(
                "\(owner) has no parameter '\(entry.key)'", entry.key, among: known, called: noun, at: entry.place)
        }
    }

    /// The value, which must be there.
    func required(_ key: String) -> Value? {
        if let value = self[key] { return value }
        findings.error("\(owner) needs '\(key)'", at: place(ofKey: key) ?? place)
        return nil
    }

    func requiredText(_ key: String) -> (text: String, place: Place)? {
        required(key).flatMap { text($0, key) }
    }

    func text(_ key: String) -> (text: String, place: Place)? { self[key].flatMap { text($0, key) } }

    private func text(_ value: Value, _ key: String) -> (text: String, place: Place)? {
        if let text = value.text { return (text, value.place) }
        findings.error("'\(key)' is text, not \(value.kind)", at: value.place)
        return nil
    }

    func texts(_ key: String) -> [(text: String, place: Place)]? {
        guard let value = self[key] else { return nil }
        if let texts = value.texts { return texts }
        findings.error("'\(key)' is a list of names", at: value.place)
        return nil
    }

    func boolean(_ key: String) -> Bool? {
        guard let value = self[key] else { return nil }
        if case .boolean(let flag) = value.scalar { return flag }
        findings.error("'\(key)' is true or false, not \(value.kind)", at: value.place)
        return nil
    }

    func integer(_ key: String) -> Int64? {
        guard let value = self[key] else { return nil }
        if case .integer(let number) = value.scalar { return number }
        findings.error("'\(key)' is a whole number, not \(value.kind)", at: value.place)
        return nil
    }

    /// One of a few words.
    func choice(_ key: String, of known: [String]) -> String? {
        guard let (word, place) = text(key) else { return nil }
        if known.contains(word) { return word }
        findings.unknown(
            "'\(key)' is one of \(known.joined(separator: ", ")), not '\(word)'", word, among: known, at: place)
        return nil
    }
}
