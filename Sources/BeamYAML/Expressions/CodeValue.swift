import Yams

/// Code as it stands in the file: an expression, or a callable.
struct CodeValue {
    enum Code {
        case expression(String)
        case callable(String)
        /// A function of a file.
        case file(path: String, name: String)
    }

    var code: Code
    /// The scalar that holds the code, to find places in it.
    var scalar: Node.Scalar
    var place: Place
    /// The type that the values must have.
    var outputType: Value?
    /// Where the map stands, when the code was given in one.
    var isSpelledOut: Bool

    /// Reads `FIELD`, `{expression: …}` or `{callable: …}`; complains about everything else.
    static func read(_ value: Value, of what: String, _ findings: Findings) -> CodeValue? {
        if let scalar = value.node.scalar {
            guard let text = YAMLScalar(scalar).pythonText else {
                findings.error(
                    "\(what) is an expression, not \(value.kind)", at: value.place, suggestion: "put it in quotes")
                return nil
            }
            return CodeValue(
                code: .expression(text), scalar: scalar, place: value.place, outputType: nil, isSpelledOut: false)
        }
        guard value.entries != nil else {
            findings.error(
                "\(what) is an expression, not \(value.kind)", at: value.place, suggestion: "put it in quotes")
            return nil
        }
        let reader = MapReader(value, of: what, at: value.place, findings)
        reader.allow(["expression", "callable", "path", "name", "output_type"])
        if reader.has("path") || reader.has("name") { return file(reader, of: what) }
        let expression = reader["expression"]
        let callable = reader["callable"]
        guard let chosen = expression ?? callable else {
            findings.error("\(what) needs an 'expression' or a 'callable'", at: value.place)
            return nil
        }
        if expression != nil, let callable {
            findings.error("\(what) is an 'expression' or a 'callable', not both", at: callable.place)
            return nil
        }
        guard let scalar = chosen.node.scalar, let text = YAMLScalar(scalar).pythonText else {
            findings.error("code is text, not \(chosen.kind)", at: chosen.place, suggestion: "put it in quotes")
            return nil
        }
        return CodeValue(
            code: expression != nil ? .expression(text) : .callable(text), scalar: scalar, place: chosen.place,
            outputType: reader["output_type"], isSpelledOut: true)
    }
    /// `{path: …, name: …}`.
    private static func file(_ reader: MapReader, of what: String) -> CodeValue? {
        for key in ["expression", "callable"] {
            if let place = reader.place(ofKey: key) {
                reader.findings.error("\(what) is '\(key)', or 'path' and 'name', not both", at: place)
                return nil
            }
        }
        guard let (path, place) = reader.requiredText("path"), let (name, _) = reader.requiredText("name"),
            let scalar = reader["path"]?.node.scalar
        else { return nil }
        return CodeValue(
            code: .file(path: path, name: name), scalar: scalar, place: place, outputType: reader["output_type"],
            isSpelledOut: true)
    }
}
