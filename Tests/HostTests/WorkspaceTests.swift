import BeamYAML
import Foundation
import Testing

@testable import Host

@Suite struct WorkspaceTests {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()

    private func complaints(about yaml: String, files: [String: String] = [:]) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(yaml.utf8).write(to: folder.appendingPathComponent(Workspace.fileName))
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        let (_, complaints) = try Workspace.read(folder)
        return complaints.map { "\($0.line):\($0.column): \($0.message)" }
    }

    @Test func theSampleWorkspaceIsRight() throws {
        let folder = Self.repository.appendingPathComponent("sample-data/subway")
        let check = try WorkspaceCheck(folder, handlers: ["event-task-enqueuer", "mta-processor-endpoint"])
        #expect(check.complaints.map(\.description).isEmpty)
        #expect(
            check.summary.hasSuffix(
                "1 job, 1 queue, 2 services, 2 topics, 3 subscriptions, 2 pipelines, 3 tables: all good"))
    }

    @Test func anUnknownHandlerIsNamed() throws {
        let folder = Self.repository.appendingPathComponent("sample-data/subway")
        let check = try WorkspaceCheck(folder, handlers: ["event-task-enqueuer", "mta-processor-endpoints"])
        #expect(
            check.complaints.map(\.message) == [
                "there is no handler 'mta-processor-endpoint'; did you mean 'mta-processor-endpoints'?"
            ])
    }

    @Test func anEmptyFileDeclaresNothing() throws {
        #expect(try complaints(about: "").isEmpty)
    }

    @Test(arguments: [
        ("cloudschedular: {}\n", ["1:1: there is no section 'cloudschedular'; did you mean 'cloudscheduler'?"]),
        (
            "pubsub:\n  topic: []\n",
            ["2:3: 'pubsub' has no 'topic'; did you mean 'topics'?; it holds schemas, topics, subscriptions"]
        ),
        ("pubsub:\n  topics: 3\n", ["2:11: 'topics' is a list (`- …`)"]),
        (
            "[1, 2]\n",
            ["1:1: a workspace is a mapping of sections: bigquery, cloudscheduler, cloudtasks, dataflow, pubsub, run"]
        ),
        (
            "pubsub:\n  topics:\n    - name: events\n  subscriptions:\n    - name: events-sub\n      topic: event\n",
            ["6:14: there is no topic 'event'; did you mean 'events'?"]
        ),
        (
            "pubsub:\n  schemas:\n    - {name: bid, type: AVRO, definition: '{\"type\": \"int\"'}\n",
            [
                "3:14: Invalid schema (resource=bid): the Avro definition is not JSON: Unexpected end of file during JSON parse."
            ]
        ),
        (
            """
            pubsub:
              schemas:
                - {name: bid, type: PROTOCOL_BUFFER, definition: 'syntax = "proto3"; message Bid { int64 a = 1; }'}
              topics:
                - {name: bids, schemaSettings: {schema: bit, encoding: JSON}}
              subscriptions:
                - {name: sub, topic: bids, deadLetterPolicy: {deadLetterTopic: bid}}
            """,
            [
                "5:45: there is no schema 'bit'; did you mean 'bid'?",
                "7:68: there is no topic 'bid'; did you mean 'bids'?",
            ]
        ),
        (
            "pubsub:\n  topics:\n    - name: events\n    - name: events\n",
            ["4:7: there are two of 'events'; the first is in line 3"]
        ),
        ("pubsub:\n  topics:\n    - nme: events\n", ["3:7: 'name' is missing; 'nme' is probably meant to be it"]),
        (
            // A resource that cannot be read is there all the same for those that name it.
            "pubsub:\n  topics:\n    - {name: top, labels: 3}\n  subscriptions:\n    - {name: sub, topic: top}\n",
            ["3:27: 'labels': this should be a mapping (`field: value`), not '3'"]
        ),
        (
            "dataflow:\n  jobs:\n    - jobName: p\n      yamlPipelineFile: gone.yaml\n      environment: {numWorkers: 9}\n",
            ["5:33: numWorkers is from 1 to 8, not 9"]
        ),
        (
            "dataflow:\n  jobs:\n    - jobName: p\n      yamlPipelineFile: gone.yaml\n      environment: {maxStateBytes: 0}\n",
            ["5:36: maxStateBytes is a number of bytes, not 0"]
        ),
    ])
    func complaintsHaveAPlace(_ yaml: String, _ expected: [String]) throws {
        let found = try complaints(about: yaml).filter { !$0.contains("there is no file") }
        #expect(found == expected)
    }

    @Test func aFolderWithoutAWorkspaceSaysWhatToDo() {
        #expect {
            try Workspace.read(URL(fileURLWithPath: "/proc/self"))
        } throws: { "\($0)".contains("/proc/self is not a workspace") && "\($0)".contains("sample-data/subway") }
    }

    @Test func aFolderThatIsNotThereIsNamed() {
        #expect {
            try Workspace.read(URL(fileURLWithPath: "/nowhere"))
        } throws: { "\($0)".hasPrefix("there is no folder /nowhere; ") }
    }

    @Test func bytesThatAreNoTextStayOffTheScreen() throws {
        #expect(try complaints(about: "a: \u{1}\u{2}") == ["1:1: not YAML: it holds bytes that are no text"])
    }

    @Test func brokenYAMLIsPlaced() throws {
        let found = try complaints(about: "pubsub:\n  topics: [\n")
        #expect(found.count == 1)
        #expect(found.first?.contains("not YAML") == true)
    }
}
