import Testing

@testable import PubSub

@Suite struct FilterTests {
    private static let message = ["lang": "en", "com": "", "iana.org/tag": "de-CH", "name": "com", "x-y_z": "1"]

    @Test(arguments: [
        ("attributes:lang", true),
        ("attributes:missing", false),
        ("attributes:com", true),
        ("attributes.lang = \"en\"", true),
        ("attributes.lang=\"de\"", false),
        ("attributes.lang = \"EN\"", false),
        ("attributes.missing = \"\"", false),
        ("attributes.lang != \"de\"", true),
        ("attributes.lang != \"en\"", false),
        ("attributes.missing != \"en\"", true),
        ("attributes.\"iana.org/tag\" = \"de-CH\"", true),
        ("attributes:\"iana.org/tag\"", true),
        ("attributes.x-y_z = \"1\"", true),
        ("hasPrefix(attributes.lang, \"e\")", true),
        ("hasPrefix(attributes.lang, \"eng\")", false),
        ("hasPrefix( attributes.\"iana.org/tag\" , \"de\" )", true),
        ("hasPrefix(attributes.missing, \"\")", false),
        ("NOT attributes:lang", false),
        ("NOT attributes:missing", true),
        ("-attributes:missing", true),
        ("NOT NOT attributes:lang", true),
        ("attributes:lang AND attributes:name", true),
        ("attributes:lang AND attributes:missing", false),
        ("attributes:missing OR attributes:name", true),
        ("attributes:missing OR attributes:gone OR attributes:lang", true),
        ("attributes:lang AND NOT attributes:missing AND attributes.name = \"com\"", true),
        ("attributes:missing AND (attributes:lang OR attributes:name)", false),
        ("(attributes:missing AND attributes:gone) OR attributes:name", true),
        ("NOT (attributes:lang AND attributes:missing)", true),
        ("((attributes:lang))", true),
        ("  attributes:lang\n", true),
        ("attributes:AND", false),
        ("attributes.name = \"\\x63\\u006f\\155\"", true),
    ]) func aFilterPassesWhatItSays(text: String, expected: Bool) throws {
        #expect(try Filter(text).matches(FilterTests.message) == expected)
    }

    @Test(arguments: [
        ("", "character 1: expected 'attributes', 'hasPrefix', NOT or '(', found the end"),
        ("lang = \"en\"", "character 1: expected 'attributes'"),
        ("attributes", "character 11: expected '.' or ':', found the end"),
        ("attributes.lang", "character 16: expected '=' or '!=', found the end"),
        ("attributes.lang = en", "character 19: expected a value in double quotes, found 'en'"),
        ("attributes.lang = 'en'", "character 19: expected a value in double quotes, found '''"),
        ("attributes.lang > \"en\"", "character 17: expected '=' or '!=', found '>'"),
        ("attributes.lang = \"en", "a string that does not end"),
        ("attributes.lang = \"\\q\"", "bad escape"),
        ("attributes:", "character 12: expected a key, found the end"),
        (
            "attributes:a AND attributes:b OR attributes:c",
            "character 31: expected parentheses: AND and OR cannot be mixed"
        ),
        ("attributes:a OR attributes:b AND attributes:c", "character 30: expected parentheses"),
        ("attributes:a and attributes:b", "character 14: expected AND, OR or the end, found 'and'"),
        ("attributes:a AND", "character 17: expected 'attributes'"),
        ("(attributes:a", "character 14: expected ')', found the end"),
        ("attributes:a)", "character 13: expected AND, OR or the end, found ')'"),
        ("hasPrefix(attributes.a)", "character 23: expected ',', found ')'"),
        ("hasPrefix(attributes:a, \"x\")", "character 21: expected '.' or ':'"),
    ]) func aBadFilterIsRefusedWithItsPlace(text: String, message: String) {
        let error = #expect(throws: PubSubError.self) { try Filter(text) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func aFilterHasAtMost256Bytes() throws {
        let key = String(repeating: "k", count: 256 - "attributes:".count)
        _ = try Filter("attributes:" + key)
        #expect(throws: PubSubError.self) { try Filter("attributes:k" + key) }
    }

    @Test func nestingIsBoundedByTheLength() throws {
        let deep = String(repeating: "(", count: 120) + "attributes:a" + String(repeating: ")", count: 120)
        #expect(try Filter(deep).matches(["a": ""]))
        _ = try Filter(String(repeating: "-", count: 240) + "attributes:a")
    }

    @Test(arguments: 0..<300 as Range<UInt64>) func anyTextIsReadOrRefused(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let words = [
            "attributes", ":", ".", "k", "=", "!=", "\"v\"", "AND", "OR", "NOT", "-", "(", ")", "hasPrefix", ",", " ",
            "\\", "\"", "é",
        ]
        let text = (0..<Int.random(in: 0...14, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
        if let filter = try? Filter(text.joined()) { _ = filter.matches(["k": "v"]) }
    }
}
