/// A test as it stands in a `tests:` block, as Beam's `yaml_testing.py` defines it.
struct TestSpec {
    /// Rows that stand for an input or an output, or that are expected of one.
    struct Rows {
        /// `Transform`, or `Transform.output`.
        var name: String
        var place: Place
        /// A list.
        var elements: Value
    }

    var name: String
    var place: Place
    /// In their place a transform's inputs are not read.
    var mockInputs: [Rows] = []
    /// In their place a transform is not run.
    var mockOutputs: [Rows] = []
    var expectedInputs: [Rows] = []
    var expectedOutputs: [Rows] = []
    /// Names or types of the sources that are read all the same.
    var allowedSources: Set<String> = []

    private static let parts = [
        "name", "mock_inputs", "mock_outputs", "expected_inputs", "expected_outputs", "allowed_sources",
    ]

    /// Reads a whole block; complains about everything that is wrong with it, and leaves such tests out.
    static func read(_ block: Value, _ findings: Findings) -> [TestSpec] {
        if block.isNull { return [] }
        guard let list = block.list else {
            findings.error("'tests' is a list of tests, not \(block.kind)", at: block.place)
            return []
        }
        return list.enumerated().compactMap { read($1, number: $0 + 1, findings) }
    }

    private static func read(_ value: Value, number: Int, _ findings: Findings) -> TestSpec? {
        guard value.entries != nil else {
            findings.error("a test is a map with 'expected_outputs' or 'expected_inputs'", at: value.place)
            return nil
        }
        let reader = MapReader(value, of: "the test", at: value.place, findings)
        reader.allow(parts, called: "parts")
        let name = reader.text("name")
        var test = TestSpec(name: name?.text ?? "test \(number)", place: name?.place ?? value.place)
        if let sources = reader["allowed_sources"] {
            if sources.list == nil {
                findings.error("'allowed_sources' is a list of names, not \(sources.kind)", at: sources.place)
                return nil
            }
            test.allowedSources = Set(reader.texts("allowed_sources")?.map(\.text) ?? [])
        }
        guard let mockInputs = rows("mock_inputs", reader), let mockOutputs = rows("mock_outputs", reader),
            let expectedInputs = rows("expected_inputs", reader),
            let expectedOutputs = rows("expected_outputs", reader)
        else { return nil }
        (test.mockInputs, test.mockOutputs) = (mockInputs, mockOutputs)
        (test.expectedInputs, test.expectedOutputs) = (expectedInputs, expectedOutputs)
        if expectedInputs.isEmpty, expectedOutputs.isEmpty {
            findings.error(
                "the test '\(test.name)' expects nothing", at: test.place,
                suggestion: "give it 'expected_outputs' or 'expected_inputs'")
            return nil
        }
        return test
    }

    private static func rows(_ key: String, _ reader: MapReader) -> [Rows]? {
        guard let value = reader[key] else { return [] }
        guard let list = value.list else {
            reader.findings.error("'\(key)' is a list, not \(value.kind)", at: value.place)
            return nil
        }
        var result: [Rows] = []
        for item in list {
            guard item.entries != nil else {
                reader.findings.error("an item of '\(key)' is a map with 'name' and 'elements'", at: item.place)
                continue
            }
            let inner = MapReader(item, of: "an item of '\(key)'", at: item.place, reader.findings)
            inner.allow(["name", "elements"], called: "parts")
            guard let (name, place) = inner.requiredText("name"), let elements = inner.required("elements") else {
                continue
            }
            guard elements.list != nil else {
                reader.findings.error("'elements' is a list, not \(elements.kind)", at: elements.place)
                continue
            }
            result.append(Rows(name: name, place: place, elements: elements))
        }
        return result.count == list.count ? result : nil
    }
}
