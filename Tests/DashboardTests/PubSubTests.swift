import Control
import Terminal
import Testing
import Time

@testable import Dashboard

@Suite struct PubSubScreenTests {
    static let topics: [Key] = [.character("4")]

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let keys: [Key]
        var snapshot = SampleSnapshots.pubsub()
        var testDescription: String { name }
    }

    /// The keys that select the row with that number and zoom.
    private static func zoomed(_ row: Int) -> [Key] {
        topics + Array(repeating: .down, count: row) + [.enter]
    }

    static let cases = [
        Case(name: "all", keys: topics), Case(name: "topic", keys: zoomed(0)),
        Case(name: "subscription", keys: zoomed(1)), Case(name: "push", keys: zoomed(2)),
        Case(name: "detached", keys: zoomed(3)), Case(name: "full", keys: zoomed(5)),
        Case(name: "of-full", keys: zoomed(6)), Case(name: "damaged", keys: zoomed(7)),
        Case(name: "purge", keys: topics + [.down, .character("X")]),
        Case(name: "detach", keys: topics + [.down, .character("D")]),
        Case(name: "seek", keys: topics + [.down, .character("S")]),
        Case(name: "seek-wrong", keys: topics + [.down, .character("S"), .character("x"), .enter]),
        Case(name: "none", keys: topics + [.enter], snapshot: Self.none()),
    ]

    private static func none() -> Snapshot {
        var snapshot = SampleSnapshots.pubsub()
        snapshot.topics = []
        snapshot.subscriptions = []
        return snapshot
    }

    @Test(arguments: cases, [(80, 24), (120, 40), (200, 50)])
    func looksAsRecorded(_ example: Case, _ size: (columns: Int, rows: Int)) throws {
        let state = screen(example.snapshot, columns: size.columns, rows: size.rows, keys: example.keys)
        try expectGolden(state.text, "pubsub/\(example.name)-\(size.columns)x\(size.rows)")
    }

    @Test(arguments: [(60, 16), (80, 24), (120, 40), (200, 50)])
    func everyCodeStandsBesideItsName(columns: Int, rows: Int) {
        let keys = Self.topics + [.enter]
        let text = screen(SampleSnapshots.pubsub(), columns: columns, rows: max(rows, 40), keys: keys).text
        for (name, code) in [
            ("payments", "RESOURCE_EXHAUSTED"), ("shipments", "DATA_LOSS"), ("mailer", "UNAVAILABLE"),
            ("audit", "DETACHED"),
        ] {
            #expect(text.contains("\(name)  \(code)"))
        }
    }

    @Test(arguments: [(5, "Free some space on this disk"), (7, "restore the file from a backup, or go on without")])
    func theDetailHasTheWholeReasonAndRemedy(row: Int, remedy: String) {
        let text = screen(SampleSnapshots.pubsub(), columns: 80, rows: 24, keys: Self.zoomed(row)).text
        let words = text.split { $0 == " " || $0 == "\n" || $0 == "│" }.joined(separator: " ")
        #expect(words.contains(remedy), "\(text)")
    }

    @Test func aProblemThatHasPassedIsToldWithItsAge() {
        var snapshot = SampleSnapshots.pubsub()
        snapshot.subscriptions[1].lastProblem = snapshot.subscriptions[1].problem
        snapshot.subscriptions[1].lastProblemAt = snapshot.takenAt - .seconds(42)
        let keys = Self.zoomed(2)
        #expect(!screen(snapshot, keys: keys).text.contains("last problem"))
        snapshot.subscriptions[1].problem = nil
        snapshot.subscriptions[1].health = nil
        #expect(
            screen(snapshot, keys: keys).text.contains("42 s ago: https://mail.example.com/hooks/orders answered 503"))
    }

    @Test func aPathThatIsLongerThanALineIsNotCut() {
        var snapshot = SampleSnapshots.pubsub()
        let path = "/" + String(repeating: "deep/", count: 20) + "00000000000000000001.log"
        snapshot.topics[0].problem = "\(path): cannot write to it"
        snapshot.topics[0].health = .unavailable
        let lines = screen(snapshot, columns: 80, rows: 24, keys: Self.zoomed(0)).text.split(separator: "\n")
        let values = lines.dropFirst(9).map { $0.dropFirst(26).prefix { $0 != " " } }
        #expect(values.joined().contains(path))
    }

    @Test func aFilterFindsTopicsAndSubscriptions() {
        let snapshot = SampleSnapshots.pubsub()
        #expect(snapshot.rows(of: .topics, filter: "BILL") == [.subscription("billing")])
        #expect(snapshot.rows(of: .topics, filter: "payments") == [.topic("payments"), .subscription("refunds")])
        #expect(snapshot.rows(of: .topics, filter: "orph") == [.subscription("orphans")])
        #expect(snapshot.rows(of: .topics).count == 11)
    }

    @Test func tenThousandSubscriptionsAreDrawnAndTheDetailNamesTheFirst() {
        var snapshot = SampleSnapshots.pubsub()
        snapshot.topics = Array(snapshot.topics.prefix(1))
        snapshot.subscriptions = (0..<10_000).map { SubscriptionFigures(name: "sub-\($0)", topic: "orders") }
        let text = screen(snapshot, keys: Self.zoomed(0)).text
        #expect(text.contains("10,000: sub-0, sub-1, sub-2"))
        #expect(text.contains("sub-19 …"))
        #expect(screen(snapshot, keys: Self.topics + [.character("G"), .enter]).text.contains("└ sub-9999"))
    }

    @Test func theProblemsInTheHelpHaveTheirCodesAndWhatIsDetachedIsNone() {
        let problems = SampleSnapshots.pubsub().problems
        #expect(problems.contains { $0.hasPrefix("topic payments: RESOURCE_EXHAUSTED: ") })
        #expect(problems.contains { $0.hasPrefix("topic shipments: DATA_LOSS: ") })
        #expect(problems.contains { $0.hasPrefix("subscription mailer: UNAVAILABLE: ") })
        #expect(!problems.contains { $0.contains("audit") })
    }

    @Test func aResourceOfAnotherProjectIsShownWithItAndSentByItsFullName() {
        let keys: [Key] = Self.topics + [.end, .up]
        var state = screen(SampleSnapshots.pubsub(), keys: keys)
        #expect(state.text.contains("└ other/counter"))
        #expect(state.reduce(.input(.key(.character("X")))).isEmpty)
        #expect(state.text.contains("Purge subscription other/counter?"))
        #expect(
            state.reduce(.input(.key(.character("y"))))
                == [.send(.purgeSubscription(name: "projects/other/subscriptions/counter"))])
    }

    @Test(arguments: ["D", "S"])
    func whatIsDetachedCanOnlyBePurged(key: Character) {
        var state = screen(SampleSnapshots.pubsub(), keys: Self.topics + [.down, .down, .down])
        #expect(state.reduce(.input(.key(.character(key)))).isEmpty)
        #expect(state.mode == .normal)
        #expect(state.notice?.kind == .refused)
    }

    @Test func theQuestionsSayHowManyMessagesAreConcerned() {
        let purge = screen(SampleSnapshots.pubsub(), keys: Self.topics + [.down, .character("X")]).text
        #expect(purge.contains("Acknowledges 341 waiting messages unread"))
        let detach = screen(SampleSnapshots.pubsub(), keys: Self.topics + [.down, .character("D")]).text
        #expect(detach.contains("what waits (341") && detach.contains("dropped for good"))
    }
}

@Suite struct SeekTests {
    static let now = Timestamp(rfc3339: "2026-03-14T09:02:05Z") ?? Timestamp(seconds: 0)

    @Test(arguments: [
        ("90s", "2026-03-14T09:00:35Z"), ("10m", "2026-03-14T08:52:05Z"), ("2h", "2026-03-14T07:02:05Z"),
        ("1d", "2026-03-13T09:02:05Z"), ("31d", "2026-02-11T09:02:05Z"), ("08:30", "2026-03-14T08:30:00Z"),
        ("8:30", "2026-03-14T08:30:00Z"), ("08:30:15", "2026-03-14T08:30:15Z"), ("09:02:05", "2026-03-14T09:02:05Z"),
        ("09:03", "2026-03-13T09:03:00Z"), ("08:30Z", "2026-03-14T08:30:00Z"), ("2026-03-14", "2026-03-14T00:00:00Z"),
        ("2026-03-01 08:30", "2026-03-01T08:30:00Z"), ("2026-03-01t08:30:01z", "2026-03-01T08:30:01Z"),
        ("2026-03-14T09:30+02:00", "2026-03-14T07:30:00Z"),
    ])
    func readsDurationsAndTimes(text: String, time: String) throws {
        #expect(try SeekTarget(text, now: Self.now).time(now: Self.now) == Timestamp(rfc3339: time))
    }

    @Test(arguments: [
        ("", "no time"), ("x", "no time"), ("10", nil), ("10 parsecs", "no time"), ("-5m", "not in the past"),
        ("0s", "not in the past"), ("32d", "beyond 31d"), ("1e9d", "no time"), ("25:00", "no time"), (":", "no time"),
        ("08:", "no time"), ("+", "no time"), ("2026-02-30", "no time"), ("2026-03-15", "still to come"),
        ("2026-03-14 09:03", "still to come"), ("1999-01-01", "beyond 31d"), ("1 2 3", "no time"),
    ])
    func saysWhatWouldDo(text: String, reason: String?) {
        do {
            _ = try SeekTarget(text, now: Self.now)
            #expect(reason == nil)
        } catch {
            #expect(reason.map { error.text.contains($0) } == true, "\(error.text)")
            #expect(error.text.contains("31d") || error.text.contains("90s, 10m, 2h or 1d"))
        }
    }

    @Test func aTimeIsSentAsATime() throws {
        let keys: [Key] = [.character("4"), .down, .character("S"), .control("u")] + "08:30".map(Key.character)
        var state = screen(SampleSnapshots.pubsub(), keys: keys)
        #expect(state.text.contains("published since 2026-03-14 08:30:00 UTC"))
        let time = try #require(Timestamp(rfc3339: "2026-03-14T08:30:00Z"))
        #expect(
            state.reduce(.input(.key(.enter))) == [.send(.seekSubscriptionToTime(name: "billing", time: time))])
        #expect(state.notice?.text == "seeking billing back to 08:30 …")
        let answer = "subscription billing goes back to 2026-03-14T08:30:00Z: 12 messages wait again"
        _ = state.reduce(.answered(.seekSubscriptionToTime(name: "billing", time: time), .done(answer)))
        #expect(state.text.contains(answer))
    }

    @Test func thePromptSaysWhatIsKept() {
        func prompt(_ row: Int) -> String {
            let keys = [Key.character("4")] + Array(repeating: .down, count: row) + [.character("S")]
            return screen(SampleSnapshots.pubsub(), keys: keys).text
        }
        #expect(prompt(1).contains("Acknowledged messages are kept for 7d 00h."))
        #expect(prompt(2).contains("Acknowledged messages are kept for 1d 00h."))
        #expect(prompt(6).contains("Acknowledged messages are not kept: only those that wait come"))
    }
}
