import Foundation
import Telemetry
import Testing
import Time

@testable import Control

@Suite struct ExportTests {
    static let quantiles = Quantiles(p50: 0.01, p90: 0.02, p99: 0.5, max: 1.25, count: 7, sum: 0.4)

    static let full = Snapshot(
        takenAt: Timestamp(seconds: 1_772_239_270), startedAt: Timestamp(seconds: 1_772_239_200), version: "0.1.0",
        workspace: "/w/\"quoted\"\\back\nline", dataFolder: "/d", isTriggered: true,
        process: ProcessFigures(pid: 42, cpu: 0.25, residentBytes: 1 << 20, threads: 9), freshness: quantiles,
        jobs: [
            JobFigures(
                name: "trigger", schedule: "* * * * *", timeZone: "Etc/UTC", target: "http://enqueuer/",
                state: .enabled, nextRun: Timestamp(seconds: 1_772_239_320), lastResult: "OK", lastSucceeded: true,
                attempts: 3, failures: 1, latency: quantiles)
        ],
        queues: [
            QueueFigures(name: "q1", isPaused: false, depth: 3, dispatchRate: 0.5),
            QueueFigures(name: "q2", isPaused: true),
        ],
        services: [ServiceFigures(name: "app", instances: 2, maxInstances: 4, latency: quantiles)],
        topics: [TopicFigures(name: "t", published: 10, publishedBytes: 1000)],
        subscriptions: [
            SubscriptionFigures(name: "s", topic: "t", oldestUnacknowledged: Timestamp(seconds: 1_772_239_260))
        ],
        pipelines: [
            PipelineFigures(
                name: "p", file: "p.yaml", state: "RUNNING", lag: 0.25,
                steps: [StepFigures(name: "Read", transform: "ReadFromPubSub", elementsOut: 5, lag: 0.25, busy: .nan)])
        ],
        tables: [TableFigures(dataset: "d", name: "t", rows: 306, bytes: 4096)],
        warehouse: WarehouseFigures(fileBytes: 8192, commits: 4, commitLatency: quantiles),
        events: [
            LogEvent(id: 1, time: Timestamp(seconds: 1_772_239_201), level: .info, source: "host", message: "started")
        ])

    @Test func jsonReadsBackToTheSameFigures() throws {
        var snapshot = Self.full
        snapshot.pipelines[0].steps[0].busy = 0.5
        #expect(try Snapshot(json: snapshot.json()) == snapshot)
    }

    @Test func jsonSurvivesFiguresThatAreNotNumbers() throws {
        let text = String(decoding: try Self.full.json(), as: UTF8.self)
        #expect(text.contains("\"busy\" : \"NaN\""))
    }

    @Test func neverMeasuredFiguresAreAbsent() throws {
        let text = String(decoding: try Self.full.json(), as: UTF8.self)
        #expect(!text.contains("null"))
        #expect(!Self.full.openMetrics.contains("streamtop_table_row_rate"))
        #expect(!Self.full.openMetrics.contains("queue_dispatch_rate{queue=\"q2\"}"))
    }

    @Test func familiesStandTogetherAndEndWithEOF() {
        let lines = Self.full.openMetrics.split(separator: "\n").map(String.init)
        #expect(lines.last == "# EOF")
        #expect(lines.filter { $0.hasPrefix("# TYPE streamtop_queue_depth ") }.count == 1)
        let first = lines.firstIndex(of: "streamtop_queue_depth{queue=\"q1\"} 3")
        #expect(first != nil)
        #expect(first.map { lines[$0 + 1] } == "streamtop_queue_depth{queue=\"q2\"} 0")
        #expect(lines.contains("streamtop_topic_published_bytes_total{topic=\"t\"} 1000"))
        #expect(lines.contains("streamtop_subscription_oldest_unacked_age_seconds{subscription=\"s\",topic=\"t\"} 10"))
        #expect(lines.contains("streamtop_freshness_seconds{quantile=\"0.99\"} 0.5"))
    }

    @Test func labelsAreEscaped() {
        #expect(Self.full.openMetrics.contains("workspace=\"/w/\\\"quoted\\\"\\\\back\\nline\""))
    }

    @Test func commandsTravelAsJSON() throws {
        let text = #"{"resumeJob":{"name":"trigger"}}"#
        #expect(try JSONDecoder().decode(Command.self, from: Data(text.utf8)) == .resumeJob(name: "trigger"))
        for command in [Command.setInstances(service: "s", count: nil), .shutDown, .exportSnapshot(path: nil)] {
            #expect(try JSONDecoder().decode(Command.self, from: JSONEncoder().encode(command)) == command)
        }
    }
}
