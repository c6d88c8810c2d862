import Control
import Dashboard
import Terminal
import TestSupport
import Testing
import Time

@Suite struct KeyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let keys: [Key]
        let effects: [DashboardEffect]
        init(_ keys: String, _ effects: DashboardEffect...) {
            self.keys = keys.split(separator: " ").compactMap { Key(name: String($0)) }
            self.effects = effects
            testDescription = keys
        }
        let testDescription: String
    }

    static let job = "trigger-event-task-enqueuer"
    static let cases = [
        Case("space", .send(.pauseJob(name: job))), Case("7 space", .send(.pauseJob(name: job))),
        Case("p", .send(.pauseJob(name: job))), Case("r", .send(.runJob(name: job))),
        Case("2 p", .send(.pauseQueue(name: "event-feed-queue"))),
        Case("5 p", .send(.pausePipeline(name: "realtime_updates"))),
        Case("5 down down p", .send(.pausePipeline(name: "realtime_updates"))), Case("3 p"), Case("6 p"),
        Case("+", .send(.setWorkers(pipeline: "realtime_updates", count: 3))),
        Case("5 =", .send(.setWorkers(pipeline: "realtime_updates", count: 3))),
        Case("5 -", .send(.setWorkers(pipeline: "realtime_updates", count: 1))),
        Case("3 +", .send(.setInstances(service: "event-task-enqueuer", count: 2))),
        Case("3 down -", .send(.setInstances(service: "mta-processor-endpoint", count: 1))),
        Case("3 down a", .send(.setInstances(service: "mta-processor-endpoint", count: nil))), Case("3 a"), Case("5 a"),
        Case("2 X y", .send(.purgeQueue(name: "event-feed-queue"))), Case("2 X n"), Case("2 X esc"), Case("2 X space"),
        Case("2 X enter"), Case("X"), Case("4 X"), Case("4 D"), Case("4 S"),
        Case("4 j X y", .send(.purgeSubscription(name: "mta-gtfs-ace-sub"))),
        Case("4 j D Y", .send(.detachSubscription(name: "mta-gtfs-ace-sub"))),
        Case("4 j S enter", .send(.seekSubscription(name: "mta-gtfs-ace-sub", secondsBack: 600))),
        Case(
            "4 j S backspace backspace backspace 9 0 s enter",
            .send(.seekSubscription(name: "mta-gtfs-ace-sub", secondsBack: 90))),
        Case("4 j S ctrl-u x enter"), Case("4 j S ctrl-u - 5 enter"), Case("4 j S esc"),
        Case("e", .send(.exportSnapshot(path: nil))),
        Case("m", .setMouse(false)), Case("ctrl-l", .refresh), Case("ctrl-z", .suspend), Case("q"), Case("q n"),
        Case("q y", .end(.quit)), Case("ctrl-c"), Case("ctrl-c ctrl-c", .end(.forced)), Case("q ctrl-c", .end(.forced)),
        Case("t j", .loadTheme("streamtop-light")), Case("t k", .loadTheme("blackboard")), Case("t esc"),
        Case("t enter", .keepTheme("streamtop-dark")), Case("? q"), Case("? ctrl-c"), Case("/ q esc"),
        Case("/ space e r"),
        Case("? space"), Case("t space"),
    ]

    @Test(arguments: cases)
    func theLastKeyHasTheseEffects(_ example: Case) {
        var state = screen(SampleSnapshots.subway())
        var effects: [DashboardEffect] = []
        for key in example.keys { effects = state.reduce(.input(.key(key))) }
        #expect(effects == example.effects)
        if let notice = state.notice, case .send = effects.first { #expect(notice.kind == .pending) }
    }

    @Test func spaceResumesAPausedTriggerFromEveryPanel() {
        for panel in 1...7 {
            var state = screen(SampleSnapshots.subway(isTriggered: false), keys: [.character(Character("\(panel)"))])
            #expect(state.reduce(.input(.key(.character(" ")))) == [.send(.resumeJob(name: Self.job))])
        }
    }

    @Test func nothingMovesWhileItAsks() {
        var state = screen(SampleSnapshots.subway(), keys: [.character("2"), .character("X")])
        let asking = state.mode
        for key in [
            Key.character("q"), .tab, .character("5"), .down, .enter, .character(" "), .character("X"), .control("l"),
        ] {
            #expect(state.reduce(.input(.key(key))).isEmpty)
        }
        #expect(state.reduce(.input(.mouse(MouseEvent(.press, row: 30, column: 3)))).isEmpty)
        #expect(state.mode == asking)
        #expect(state.focus == .queues)
    }

    @Test func twoQuickStepsCountOnFromTheFirst() {
        var state = screen(SampleSnapshots.subway())
        #expect(
            state.reduce(.input(.key(.character("+")))) == [.send(.setWorkers(pipeline: "realtime_updates", count: 3))])
        #expect(
            state.reduce(.input(.key(.character("+")))) == [.send(.setWorkers(pipeline: "realtime_updates", count: 4))])
        // A host that does not follow is believed after some seconds.
        _ = state.reduce(.snapshot(SampleSnapshots.subway(), at: state.now + .seconds(4)))
        #expect(
            state.reduce(.input(.key(.character("+")))) == [.send(.setWorkers(pipeline: "realtime_updates", count: 3))])
        _ = state.reduce(.answered(.setWorkers(pipeline: "realtime_updates", count: 3), .refused("no")))
        #expect(
            state.reduce(.input(.key(.character("+")))) == [.send(.setWorkers(pipeline: "realtime_updates", count: 3))])
    }

    @Test func scalingStopsAtItsLimits() {
        var snapshot = SampleSnapshots.subway()
        snapshot.pipelines[0].workers = 8
        var state = screen(snapshot)
        #expect(state.reduce(.input(.key(.character("+")))).isEmpty)
        #expect(state.notice?.text == "realtime_updates has its most workers, 8")
        snapshot.pipelines[0].workers = 1
        state = screen(snapshot)
        #expect(state.reduce(.input(.key(.character("-")))).isEmpty)
        snapshot.services[0].instances = 0
        state = screen(snapshot, keys: [.character("3")])
        #expect(state.reduce(.input(.key(.character("-")))).isEmpty)
        #expect(state.notice?.kind == .refused)
    }

    @Test func quittingAtRestDoesNotAsk() {
        var state = screen(SampleSnapshots.empty())
        #expect(state.reduce(.input(.key(.character("q")))) == [.end(.quit)])
        state = screen(nil)
        #expect(state.reduce(.input(.key(.control("c")))) == [.end(.quit)])
    }

    @Test func quittingCountsTheLatestFiguresEvenWhileFrozen() {
        var state = screen(SampleSnapshots.empty(), keys: [.character("f")])
        _ = state.reduce(.snapshot(SampleSnapshots.subway(), at: state.now))
        #expect(state.reduce(.input(.key(.character("q")))).isEmpty)
        guard case .question(let question) = state.mode else {
            Issue.record("it does not ask")
            return
        }
        #expect(
            question.consequence.contains(
                "1 task in flight, 1 request in flight, 2 messages in a backlog, 1 element not committed"))
    }

    @Test func keysInAnEmptyWorkspaceSayWhatIsMissing() {
        for key in ["space", "r", "p", "+", "X", "S", "D", "a"].compactMap(Key.init(name:)) {
            var state = screen(SampleSnapshots.empty())
            #expect(state.reduce(.input(.key(key))).isEmpty)
            #expect(state.notice?.kind == .refused, "\(key.name)")
        }
    }
}

@Suite struct StateTests {
    @Test func aHangUpEnds() {
        var state = screen(SampleSnapshots.subway())
        #expect(state.reduce(.input(.hangUp)) == [.end(.hungUp)])
    }

    @Test func answersAreShownForSomeSeconds() {
        var state = screen(SampleSnapshots.subway())
        _ = state.reduce(.answered(.runJob(name: "a"), .done("ran a")))
        #expect(state.text.contains("✔ ran a"))
        _ = state.reduce(.tick(state.now + .seconds(4)))
        #expect(state.notice != nil)
        _ = state.reduce(.tick(state.now + .seconds(2)))
        #expect(state.notice == nil)
        _ = state.reduce(.answered(.runJob(name: "a"), .refused("a is unknown")))
        #expect(state.text.contains("▲ a is unknown"))
    }

    @Test func aLongPathIsCutSoThatItsFileIsSeen() {
        var state = screen(SampleSnapshots.subway(), columns: 80, rows: 24)
        let path = "/var/folders/" + String(repeating: "deep/", count: 20) + "snapshot-2026-03-14T090205Z.json"
        _ = state.reduce(.answered(.exportSnapshot(path: nil), .done("wrote \(path)")))
        #expect(state.text.contains("snapshot-2026-03-14T090205Z.json"))
    }

    @Test func theFrozenPictureStaysAndThenCatchesUp() {
        var state = screen(SampleSnapshots.subway(), keys: [.character("f")])
        var next = SampleSnapshots.subway()
        next.tables[0].rows = 999_999
        _ = state.reduce(.snapshot(next, at: state.now + .seconds(1)))
        #expect(!state.text.contains("999,999"))
        #expect(state.text.contains("FROZEN 1s"))
        _ = state.reduce(.input(.key(.character("f"))))
        #expect(state.text.contains("999,999"))
        #expect(state.text.contains("LIVE"))
    }

    @Test func badgesTellTheStateOfThePicture() {
        #expect(screen(nil).text.contains("STARTING"))
        #expect(screen(SampleSnapshots.subway()).text.contains(" LIVE "))
        #expect(screen(SampleSnapshots.subway(isTriggered: false)).text.contains(" PAUSED "))
        #expect(screen(SampleSnapshots.empty()).text.contains(" LIVE "))
        #expect(screen(SampleSnapshots.subway(), later: .milliseconds(1900)).text.contains(" LIVE "))
        #expect(screen(SampleSnapshots.subway(), later: .seconds(2)).text.contains(" STALE 2s "))
        #expect(screen(SampleSnapshots.subway(), later: .seconds(125)).text.contains(" STALE 2m05s "))
        var state = screen(SampleSnapshots.subway())
        _ = state.reduce(.snapshotsEnded)
        #expect(state.text.contains(" ENDED "))
    }

    @Test func theSelectionStaysWithItsRowWhileOthersComeAndGo() {
        var state = screen(SampleSnapshots.subway(), keys: [.character("6"), .down])
        var next = SampleSnapshots.subway()
        next.tables.insert(TableFigures(dataset: "a", name: "first"), at: 0)
        _ = state.reduce(.snapshot(next, at: state.now))
        _ = state.reduce(.input(.key(.enter)))
        #expect(
            state.text.contains("mta_updates.line_activity\n")
                || state.text.contains("table                  mta_updates.line_activity"))
        next.tables.removeAll { $0.name == "line_activity" }
        _ = state.reduce(.snapshot(next, at: state.now))
        #expect(state.text.contains("table                  a.first"))
    }

    @Test func panelsAreReachedByNumberTabAndDirection() {
        var state = screen(SampleSnapshots.subway())
        let path: [(String, Panel)] = [
            ("tab", .queues), ("shift-tab", .scheduler), ("shift-tab", .log), ("left", .warehouse), ("l", .log),
            ("4", .topics),
            ("h", .services), ("right", .topics), ("5", .pipelines), ("right", .warehouse), ("h", .pipelines),
        ]
        for (name, panel) in path {
            if let key = Key(name: name) { _ = state.reduce(.input(.key(key))) }
            #expect(state.focus == panel, "after \(name)")
        }
    }

    @Test func theLogFollowsItsEndUntilARowIsSelected() {
        var snapshot = SampleSnapshots.subway()
        snapshot.events = (0..<50).map {
            LogEvent(id: $0, time: snapshot.takenAt, level: .info, source: "job a", message: "event number \($0).")
        }
        var state = screen(snapshot, keys: [.character("7")])
        #expect(state.text.contains("number 49."))
        _ = state.reduce(.input(.key(.home)))
        #expect(state.text.contains("number 0."))
        #expect(!state.text.contains("number 49."))
        _ = state.reduce(.input(.key(.end)))
        snapshot.events.append(
            LogEvent(id: 50, time: snapshot.takenAt, level: .info, source: "job a", message: "event number 50."))
        _ = state.reduce(.snapshot(snapshot, at: state.now))
        #expect(state.text.contains("number 50."))
    }

    @Test func aFilterKeepsPipelinesWhoseStepsMatch() {
        let keys: [Key] = [.character("5"), .character("/")] + "combine".map(Key.character) + [.enter]
        let state = screen(SampleSnapshots.subway(), keys: keys)
        #expect(state.mode == .normal)
        #expect(state.text.contains("CountByLine"))
        #expect(state.text.contains("realtime_updates  RUNNING"))
        #expect(!state.text.contains("WithStatus"))
        var cleared = state
        _ = cleared.reduce(.input(.key(.escape)))
        #expect(cleared.text.contains("WithStatus"))
    }

    @Test func theMouseSelectsZoomsAndScrolls() {
        var state = screen(SampleSnapshots.subway())
        let lines = state.text.split(separator: "\n")
        guard let row = lines.firstIndex(where: { $0.contains("line_activity") }) else {
            Issue.record("no such row on the screen:\n\(state.text)")
            return
        }
        _ = state.reduce(.input(.mouse(MouseEvent(.press, row: row, column: 5))))
        #expect(state.focus == .warehouse)
        _ = state.reduce(.input(.mouse(MouseEvent(.doublePress, row: row, column: 5))))
        #expect(state.isZoomed)
        #expect(state.text.contains("table                  mta_updates.line_activity"))
        _ = state.reduce(.input(.mouse(MouseEvent(.wheelDown, row: 5, column: 5))))
        #expect(state.text.contains("table                  mta_reference.stations"))
        for place in [(-1, -1), (0, 0), (39, 0), (500, 500)] {
            #expect(state.reduce(.input(.mouse(MouseEvent(.press, row: place.0, column: place.1)))).isEmpty)
        }
    }

    @Test func themesArePreviewedAndTakenBack() {
        var state = screen(SampleSnapshots.subway(), keys: [.character("t")])
        #expect(state.reduce(.input(.key(.down))) == [.loadTheme("streamtop-light")])
        _ = state.reduce(.themeLoaded(name: "streamtop-light", warnings: []))
        #expect(state.reduce(.input(.key(.escape))) == [.loadTheme("streamtop-dark")])
        _ = state.reduce(.themeLoaded(name: "streamtop-dark", warnings: ["line 3: 'x' is no colour"]))
        #expect(state.notice?.text == "line 3: 'x' is no colour")
        #expect(state.mode == .normal)
        _ = state.reduce(.themeRefused("there is no theme 'x'"))
        #expect(state.notice?.kind == .refused)
    }

    @Test func randomKeysOnOddFiguresNeverTrap() {
        var random = SplitMix64(seed: 11)
        let keys: [Key] =
            Action.allCases.flatMap { Keymap().keys(for: $0) } + [
                .character("y"), .character("n"), .backspace, .control("u"),
            ]
        let snapshots = [SampleSnapshots.odd(), SampleSnapshots.empty(), SampleSnapshots.subway()]
        var state = screen(nil, columns: 90, rows: 30)
        for step in 0..<3000 {
            if random.next() % 20 == 0 {
                _ = state.reduce(.snapshot(snapshots[Int(random.next() % 3)], at: state.now + .milliseconds(100)))
            } else if random.next() % 20 == 0 {
                let size = Size(columns: Int(random.next() % 210), rows: Int(random.next() % 70))
                _ = state.reduce(.input(.resize(size)))
            } else if random.next() % 20 == 0 {
                let kinds: [MouseEvent.Kind] = [.press, .doublePress, .wheelUp, .wheelDown]
                let event = MouseEvent(
                    kinds[Int(random.next() % 4)], row: Int(random.next() % 70), column: Int(random.next() % 210))
                _ = state.reduce(.input(.mouse(event)))
            } else if let key = keys.randomElement(using: &random) {
                _ = state.reduce(.input(.key(key)))
            }
            if step % 10 == 0 { #expect(state.render(.dark).size == state.size) }
        }
    }
}
