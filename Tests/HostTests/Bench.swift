import BeamYAML
import Control
import Foundation
import Pipes
import Run
import Synchronization
import Testing
import Time
import Warehouse

@testable import Host

/// A small workspace and a data folder, both thrown away afterwards.
final class Bench: Sendable {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("st-\(UUID().uuidString.prefix(8))")
    private let workspace: Workspace
    private let data: URL
    private let next = Mutex<[OutgoingMessage]>([])
    private let opened = Mutex<[String]>([])

    init() throws {
        let files = ["streamtop.yaml": Self.resources, "store.yaml": Self.store, "letters.yaml": Self.letters]
        data = folder.appendingPathComponent("data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        let (workspace, complaints) = try Workspace.read(folder, handlers: ["publisher"])
        try #require(complaints.map(\.description) == [])
        self.workspace = workspace
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// What the application publishes to `events` when it is called next.
    func publishNext(_ messages: [String]) {
        next.withLock { $0 = messages.map { OutgoingMessage(data: Array($0.utf8)) } }
    }

    var addresses: [String] { opened.withLock { $0 } }

    func host(handlers: [String: RunService.Factory]? = nil, listen: AdminServer.Address? = nil) -> StackHost {
        let clock = SystemClock()
        let application: RunService.Factory = { Publisher(bench: self) }
        return StackHost(
            HostOptions(
                workspace: workspace, dataFolder: data, version: "test", clock: clock,
                handlers: handlers ?? ["publisher": application], listen: listen),
            log: EventLog(clock: clock))
    }

    /// Runs a host until `body` is done with it.
    func run(_ host: StackHost? = nil, _ body: @Sendable (StackHost) async throws -> Void) async throws {
        let host = host ?? self.host()
        let ready = AsyncStream<Void>.makeStream()
        async let ended: Void = {
            defer { ready.continuation.finish() }
            try await host.run { addresses in
                self.opened.withLock { $0 = addresses }
                ready.continuation.yield()
            }
        }()
        guard await ready.stream.first(where: { true }) != nil else { return try await ended }
        do {
            try await body(host)
        } catch {
            host.shutDown()
            throw error
        }
        host.shutDown()
        try await ended
    }

    /// The first snapshot that is as it should be; the test's time limit ends the wait for one that never is.
    func snapshot(of host: StackHost, _ condition: (Snapshot) -> Bool) async -> Snapshot {
        while true {
            let snapshot = await host.snapshot()
            if condition(snapshot) || Task.isCancelled { return snapshot }
            await Task.yield()
        }
    }

    /// The rows of a query, as CSV lines without the head.
    func rows(_ query: String) throws -> [String] {
        var text = ""
        _ = try WarehouseReader(folder: data.path, clock: SystemClock()).query(query) { result in
            try ResultFormat.csv.write(result) { text += $0 }
        }
        return text.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
    }

    private struct Publisher: RequestHandler {
        let bench: Bench

        func handle(_ request: Pipes.HTTPRequest, context: ServiceContext) async throws -> Pipes.HTTPResponse {
            let messages = bench.next.withLock { next in
                defer { next = [] }
                return next
            }
            if !messages.isEmpty { _ = try await context.publisher.publish(messages, to: "events") }
            return HTTPResponse(status: 200)
        }
    }

    private static let resources = """
        cloudscheduler:
          jobs:
            - name: tick
              schedule: "0 0 1 1 *"
              timeZone: Etc/UTC
              state: PAUSED
              httpTarget: { uri: "http://publisher/", httpMethod: POST }
        cloudtasks:
          queues:
            - name: work
        run:
          services:
            - name: publisher
              handler: publisher
              template:
                scaling: { minInstanceCount: 0, maxInstanceCount: 2 }
        pubsub:
          topics:
            - name: events
              messageRetentionDuration: 86400s
            - name: dead
          subscriptions:
            - { name: events-sub, topic: events }
            - { name: spare-sub, topic: events }
            - { name: dead-sub, topic: dead }
        dataflow:
          jobs:
            - { jobName: store, yamlPipelineFile: store.yaml }
            - { jobName: letters, yamlPipelineFile: letters.yaml }
        bigquery:
          datasets:
            - datasetReference: { datasetId: d }
          tables:
            - tableReference: { datasetId: d, tableId: events }
              schema:
                fields:
                  - { name: name, type: STRING }
                  - { name: amount, type: INTEGER }
            - tableReference: { datasetId: d, tableId: letters }
              schema:
                fields:
                  - { name: payload, type: STRING }
                  - { name: reason, type: STRING }
        """

    private static let store = """
        pipeline:
          type: composite
          transforms:
            - type: ReadFromPubSub
              name: Events
              config:
                subscription: projects/p/subscriptions/events-sub
                format: JSON
                schema:
                  type: object
                  properties:
                    name: { type: string }
                    amount: { type: integer }
                error_handling: { output: unreadable }
            - type: WriteToBigQuery
              name: Store
              input: Events
              config: { table: p.d.events, create_disposition: CREATE_NEVER, write_disposition: WRITE_APPEND }
            - type: MapToFields
              name: Unreadable
              input: Events.unreadable
              config:
                language: python
                fields: { payload: element, reason: msg }
            - type: WriteToPubSub
              name: Dead letters
              input: Unreadable
              config: { topic: projects/p/topics/dead, format: RAW, attributes: [reason] }
        options:
          streaming: true
        """

    private static let letters = """
        pipeline:
          type: composite
          transforms:
            - type: ReadFromPubSub
              name: Letters
              config:
                subscription: projects/p/subscriptions/dead-sub
                format: RAW
                attributes: [reason]
            - type: MapToFields
              name: Rows
              input: Letters
              config:
                language: python
                fields: { payload: "payload.decode('utf-8')", reason: reason }
            - type: WriteToBigQuery
              name: Store
              input: Rows
              config: { table: p.d.letters, create_disposition: CREATE_NEVER, write_disposition: WRITE_APPEND }
        options:
          streaming: true
        """
}
