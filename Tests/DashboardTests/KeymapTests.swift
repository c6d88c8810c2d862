import Control
import Dashboard
import Terminal
import Testing

@Suite struct KeymapTests {
    @Test func noTwoActionsShareAStandardKey() {
        let keymap = Keymap()
        for action in Action.allCases {
            #expect(!keymap.keys(for: action).isEmpty, "\(action.rawValue) has no key")
            for key in keymap.keys(for: action) { #expect(keymap.action(for: key) == action, "\(key.name)") }
        }
    }

    @Test func aFileRebindsUnbindsAndTakesKeysOver() throws {
        let keymap = try Keymap(
            text: """
                # my keys

                toggle-trigger = f5, enter   # not space
                panel-left=left
                help = ?, h
                detach = none
                filter = #
                export = ,
                """, file: "keys.conf")
        #expect(keymap.keys(for: .toggleTrigger) == [.function(5), .enter])
        #expect(keymap.action(for: .character(" ")) == nil)
        #expect(keymap.action(for: .enter) == .toggleTrigger)
        #expect(keymap.keys(for: .zoom) == [.character("z")])
        #expect(keymap.action(for: .character("h")) == .help)
        #expect(keymap.keys(for: .detach).isEmpty)
        #expect(keymap.action(for: .character("D")) == nil)
        #expect(keymap.action(for: .character("#")) == .filter)
        #expect(keymap.action(for: .character(",")) == .export)
        #expect(keymap.action(for: .character("q")) == .quit)
    }

    @Test(arguments: [
        ("quit", "keys:1: 'quit' is no binding; write action = key, key"),
        ("\n\nexplode = x", "keys:3: there is no action 'explode'; there are toggle-trigger run-job"),
        ("quit = hyper-x", "keys:1: there is no key 'hyper-x'; write a character"),
        ("quit = ctrl-c", "keys:1: ctrl-c always quits; choose another key for quit"),
        ("quit = x\nhelp = x", "keys:2: x already does quit"),
    ])
    func mistakesAreNamedWithTheirPlace(text: String, message: String) {
        #expect {
            try Keymap(text: text, file: "keys")
        } throws: { error in
            "\(error)".hasPrefix(message)
        }
    }

    @Test func ctrlCQuitsWhateverTheKeymapSays() throws {
        let keymap = try Keymap(text: "quit = none", file: "keys")
        var state = screen(SampleSnapshots.empty(), keymap: keymap)
        #expect(state.reduce(.input(.key(.character("q")))).isEmpty)
        #expect(state.reduce(.input(.key(.control("c")))) == [.end(.quit)])
    }

    @Test func yAndNAnswerWhateverTheKeymapSays() throws {
        let keymap = try Keymap(text: "run-job = y", file: "keys")
        var state = screen(SampleSnapshots.subway(), keys: [.character("2"), .character("X")], keymap: keymap)
        #expect(state.reduce(.input(.key(.character("y")))) == [.send(.purgeQueue(name: "event-feed-queue"))])
    }
}
