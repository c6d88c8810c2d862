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

    @Test func pubSubHasTheNamesOfCloudMonitoringInPromQL() {
        var snapshot = Self.full
        snapshot.pubsub = PubSubDoor(address: "127.0.0.1:8085", project: "p1")
        snapshot.topics.append(TopicFigures(name: "projects/p2/topics/t2", retainedMessages: 3))
        snapshot.subscriptions[0].backlogMessages = 4
        snapshot.subscriptions[0].consumers = 2
        snapshot.subscriptions.append(
            SubscriptionFigures(name: "projects/p2/subscriptions/s2", topic: "projects/p2/topics/t2", acknowledged: 9))
        let lines = Set(snapshot.openMetrics.split(separator: "\n").map(String.init))
        let one = #"{monitored_resource="pubsub_subscription",project_id="p1",subscription_id="s"}"#
        let other = #"{monitored_resource="pubsub_subscription",project_id="p2",subscription_id="s2"}"#
        let topic = #"{monitored_resource="pubsub_topic",project_id="p2",topic_id="t2"}"#
        for line in [
            "subscription_num_undelivered_messages\(one) 4", "subscription_oldest_unacked_message_age\(one) 10",
            "subscription_oldest_unacked_message_age\(other) 0", "subscription_open_streaming_pulls\(one) 2",
            "subscription_ack_message_count\(other) 9", "topic_num_retained_messages\(topic) 3",
            "topic_message_sizes_count\(topic) 0",
        ] {
            #expect(lines.contains("pubsub_googleapis_com:" + line), "\(line)")
        }
        #expect(lines.contains("# TYPE pubsub_googleapis_com:subscription_ack_message_count unknown"))
    }

    @Test func whatIsWrongIsTellableByItsCode() {
        var snapshot = Self.full
        #expect(!snapshot.openMetrics.contains("_problem"))
        snapshot.topics[0].problem = "the disk is full"
        snapshot.topics[0].health = .resourceExhausted
        #expect(
            snapshot.openMetrics.contains(#"streamtop_topic_problem{topic="t",code="RESOURCE_EXHAUSTED"} 1"# + "\n"))
        #expect(snapshot.openMetrics.contains(#"streamtop_topic_healthy{topic="t"} 0"# + "\n"))
    }

    @Test func labelsAreEscaped() {
        #expect(Self.full.openMetrics.contains("workspace=\"/w/\\\"quoted\\\"\\\\back\\nline\""))
    }

    @Test func commandsTravelAsJSON() throws {
        let text = #"{"resumeJob":{"name":"trigger"}}"#
        #expect(try JSONDecoder().decode(Command.self, from: Data(text.utf8)) == .resumeJob(name: "trigger"))
        for command in [
            Command.setInstances(service: "s", count: nil), .shutDown, .exportSnapshot(path: nil),
            .seekSubscriptionToTime(name: "s", time: Timestamp(seconds: 1_772_239_200)),
        ] {
            #expect(try JSONDecoder().decode(Command.self, from: JSONEncoder().encode(command)) == command)
        }
    }
}
