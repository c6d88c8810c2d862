import Foundation
import Jinja
import Testing

/// What `record_jinja.py` wrote down.
struct Recordings: Decodable {
    struct Recording: Decodable, Sendable, CustomTestStringConvertible {
        var template: String
        var output: String?
        var error: String?
        var testDescription: String { template }
    }

    var files: [String: String]
    var recordings: [Recording]

    private static let data = try? Data(
        contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "recordings.json"))

    static let all = data.flatMap { try? JSONDecoder().decode(Recordings.self, from: $0) }

    /// The variables, in their order.
    static let variables: [TemplateValue.Entry] = {
        guard let data, case .map(let parts)? = try? TemplateValue(json: String(decoding: data, as: UTF8.self)),
            case .map(let variables)? = parts.first(where: { $0.key == "variables" })?.value
        else { return [] }
        return variables
    }()
}

@Suite("What Jinja itself gives") struct RecordingTests {
    @Test("there are enough recordings")
    func count() { #expect((Recordings.all?.recordings.count ?? 0) >= 150) }

    @Test("is what we give", arguments: Recordings.all?.recordings ?? [])
    func output(recording: Recordings.Recording) {
        let environment = TemplateEnvironment(loader: TemplateCollection(Recordings.all?.files ?? [:]))
        do {
            let text = try environment.render(
                TemplateText(recording.template, file: "t"), variables: Recordings.variables
            ).text
            #expect(text == recording.output, "Jinja fails: \(recording.error ?? "")")
        } catch {
            #expect(error.kind.rawValue == recording.error, "\(error); Jinja gives \(recording.output ?? "")")
        }
    }
}
