import BeamYAML
import Testing
import Yams

@testable import Host

@Suite struct NodeDecoderTests {
    private struct Pool: Decodable, Equatable {
        var size: Int?
        var ratio: Double?
        var isOpen: Bool?
    }

    private struct Thing: Decodable, Equatable {
        var name: String
        var pool: Pool?
        var tags: [String: String]?
        var parts: [Pool]?
    }

    private func decode(_ yaml: String) throws -> (value: Thing?, complaints: [String]) {
        let node = try #require(try Yams.compose(yaml: yaml))
        let (value, complaints) = NodeDecoder(file: "f.yaml").decode(Thing.self, from: node)
        return (value, complaints.map(\.description))
    }

    @Test func readsScalarsAsTheTypeAsksForThem() throws {
        let (thing, complaints) = try decode(
            "name: 12\npool: {size: 3, ratio: 1.5, isOpen: true}\ntags: {a: 1}\nparts: [{size: 1}, {}]\n")
        #expect(complaints.isEmpty)
        #expect(
            thing
                == Thing(
                    name: "12", pool: Pool(size: 3, ratio: 1.5, isOpen: true), tags: ["a": "1"],
                    parts: [Pool(size: 1), Pool()]))
    }

    @Test func nullMeansAbsent() throws {
        let (thing, complaints) = try decode("name: x\npool: ~\ntags:\n")
        #expect(complaints.isEmpty)
        #expect(thing == Thing(name: "x"))
    }

    @Test(arguments: [
        ("name: x\npol: {}\n", "f.yaml:2:1: there is no field 'pol' here; did you mean 'pool'?"),
        ("name: x\npool:\n  sise: 3\n", "f.yaml:3:3: there is no field 'sise' here; did you mean 'size'?"),
        ("name: x\npool:\n  size: many\n", "f.yaml:3:9: 'size': this should be a whole number, not 'many'"),
        (
            "name: x\nparts:\n  - size: 1\n  - isOpen: perhaps\n",
            "f.yaml:4:13: 'isOpen': this should be true or false, not 'perhaps'"
        ),
        ("name: x\nparts: 3\n", "f.yaml:2:8: 'parts': this should be a list (`- …`), not '3'"),
        ("pool: {}\n", "f.yaml:1:1: 'name' is missing"),
        ("- 1\n", "f.yaml:1:1: this should be a mapping (`field: value`), not a list"),
    ])
    func everyComplaintHasAPlaceAndARemedy(_ yaml: String, _ expected: String) throws {
        #expect(try decode(yaml).complaints == [expected])
    }
}
