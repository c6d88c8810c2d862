import Foundation
import Terminal
import TestSupport
import Testing

@testable import Dashboard

@Suite struct ThemeTextTests {
    @Test(arguments: [
        (##"theme[main_fg]="#102030""##, ThemeText.Value.color(Color(hex: 0x102030))),
        (##"theme[main_fg]="#aF""##, .color(Color(hex: 0xafafaf))),
        (##"theme[main_fg]="1 2 3""##, .color(Color(hex: 0x010203))),
        (##"theme[main_fg]="300 -5 255""##, .color(Color(hex: 0xff00ff))), (##"theme[main_fg]="""##, .empty),
        (##"theme[main_fg]="#fff000" and more "#x""##, .color(Color(hex: 0xfff000))),
        ("theme[main_fg]=#abcdef", .color(Color(hex: 0xabcdef))),
        ("theme[main_fg]=10 20 30  ", .color(Color(hex: 0x0a141e))),
        ("theme[main_fg]=", .empty), (##"theme[main_fg] = "#010101""##, .color(Color(hex: 0x010101))),
        (##"theme[main_fg]="#111111"\##ntheme[main_fg]="#222222""##, .color(Color(hex: 0x222222))),
        (##"theme[main_fg]="#000000"\##r\##n"##, .color(Color(hex: 0))),
    ])
    func valuesHaveThreeForms(text: String, value: ThemeText.Value) {
        let parsed = ThemeText(text)
        #expect(parsed.values == [.mainForeground: value])
        #expect(parsed.warnings.isEmpty)
    }

    @Test(arguments: [
        "# theme[main_fg]=\"#102030\"", "theme[unknown]=\"#102030\"", "theme[main_fg]", "main_fg=\"#102030\"", "", "=",
        "[", "[]=",
    ])
    func otherLinesAreSkipped(text: String) {
        #expect(ThemeText(text) == ThemeText(""))
    }

    @Test(arguments: ["#12", "#1", "#12345", "#gggggg", "red", "1 2", "1 2 3 4", "1 2 x", "#", "#１２"])
    func whatIsNoColorIsNamedAndLeavesTheDefault(value: String) {
        let text = ThemeText("\ntheme[title]=\"\(value)\"")
        guard value != "#12" else {
            #expect(text.warnings.isEmpty)
            return
        }
        #expect(text.values.isEmpty)
        #expect(text.warnings.count == 1)
        #expect(text.warnings.first?.hasPrefix("line 2: '\(value)' for title is no colour") == true)
    }

    @Test func garbageNeverTraps() {
        var random = SplitMix64(seed: 3)
        let pieces = [
            "theme[", "]", "=", "\"", "#", "main_bg", "cpu_mid", "12 ", "ff00", "\n", "\r", "\0", "é", "\u{1f600}", " ",
            "\t",
        ]
        for _ in 0..<2000 {
            let text = (0..<Int(random.next() % 60)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
                .joined()
            let theme = Theme(name: "garbage", text: ThemeText(text))
            #expect(theme[.cpu].colors.count == 101)
        }
        for _ in 0..<200 {
            let bytes = (0..<300).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            _ = ThemeText(String(decoding: bytes, as: UTF8.self))
        }
    }
}

@Suite struct ThemeTests {
    func theme(_ lines: String...) -> Theme { Theme(name: "t", text: ThemeText(lines.joined(separator: "\n"))) }

    @Test func thereAre48Keys() {
        #expect(ThemeKey.allCases.count == 48)
        for gradient in ThemeGradient.allCases {
            #expect(gradient.start != nil && gradient.middle != nil && gradient.end != nil)
        }
    }

    @Test func missingKeysTakeTheDefaultThemes() {
        let theme = theme()
        for key in ThemeKey.allCases where ![.meterBackground, .graphText].contains(key) {
            #expect(
                theme[key] == (key.rawValue.hasPrefix("process_") ? theme[cpuKey(key)] : Theme.standard[key]),
                "\(key.rawValue)")
        }
    }

    private func cpuKey(_ key: ThemeKey) -> ThemeKey {
        ThemeKey(rawValue: key.rawValue.replacingOccurrences(of: "process", with: "cpu")) ?? key
    }

    @Test func someMissingKeysTakeANeighbours() {
        let theme = theme(
            ##"theme[inactive_fg]="#010101""##, ##"theme[cpu_start]="#020202""##, ##"theme[cpu_mid]="""##,
            ##"theme[cpu_end]="#040404""##)
        #expect(theme[.meterBackground] == Color(hex: 0x010101))
        #expect(theme[.graphText] == Color(hex: 0x010101))
        #expect(theme[.process] == theme[.cpu])
        #expect(theme[.process][50] == Color(hex: 0x030303))
        let own = self.theme(
            ##"theme[meter_bg]="#050505""##, ##"theme[process_start]="#060606""##, ##"theme[inactive_fg]="#010101""##)
        #expect(own[.meterBackground] == Color(hex: 0x050505))
        #expect(own[.process][0] == Color(hex: 0x060606))
    }

    @Test func anEmptyStopIsAbsentButAMissingOneIsTheDefaults() {
        let empty = theme(##"theme[temp_start]="#000000""##, ##"theme[temp_mid]="""##, ##"theme[temp_end]="#c8c8c8""##)
        #expect(empty[.temperature][50] == Color(hex: 0x646464))
        let missing = theme(##"theme[temp_start]="#000000""##, ##"theme[temp_end]="#c8c8c8""##)
        #expect(missing[.temperature][50] == Theme.standard[.temperatureMiddle])
        let flat = theme(##"theme[temp_start]="#070707""##, ##"theme[temp_mid]="#ffffff""##, ##"theme[temp_end]="""##)
        #expect(Set(flat[.temperature].colors) == [Color(hex: 0x070707)])
    }

    @Test func anEmptyBackgroundIsTheTerminals() {
        #expect(theme(##"theme[main_bg]="""##)[.mainBackground].isTerminal)
        #expect(!theme()[.mainBackground].isTerminal)
    }
}

@Suite struct ThemeCatalogTests {
    let files = [
        "/home/ada/.config/btop/themes/nord.theme": "theme[title]=\"#010101\"",
        "/home/ada/.config/streamtop/themes/nord.theme": "theme[title]=\"#020202\"",
        "/home/ada/.config/streamtop/themes/okabe.theme": "theme[title]=\"#030303\"",
        "/home/ada/.config/streamtop/themes/notes.txt": "",
        "/tmp/mine.theme": "theme[title]=\"#04\"\ntheme[hi_fg]=\"red\"",
    ]

    var catalog: ThemeCatalog {
        let files = files
        return ThemeCatalog(
            folders: ThemeCatalog.folders(environment: ["HOME": "/home/ada"]),
            list: { folder in
                files.keys.filter { $0.hasPrefix(folder + "/") }.map { String($0.dropFirst(folder.count + 1)) }.sorted()
            }, read: { files[$0] })
    }

    @Test func foldersFollowXDG() {
        #expect(
            ThemeCatalog.folders(environment: ["HOME": "/h", "XDG_CONFIG_HOME": "/x"])
                == ["/x/streamtop/themes", "/x/btop/themes", "/usr/local/share/btop/themes", "/usr/share/btop/themes"])
        #expect(
            ThemeCatalog.folders(environment: ["HOME": "/h", "XDG_CONFIG_HOME": ""]).first
                == "/h/.config/streamtop/themes")
    }

    @Test func earlierPlacesWin() throws {
        #expect(
            catalog.names() == ["streamtop-dark", "streamtop-light", "okabe", "eighth-avenue", "blackboard", "nord"])
        #expect(try catalog.load("nord").theme[.title] == Color(hex: 0x020202))
        #expect(try catalog.load("nord.theme").theme[.title] == Color(hex: 0x020202))
        #expect(try catalog.load("okabe").theme[.title] == Color(hex: 0xffffff))
    }

    @Test func aPathIsReadAsItIs() throws {
        let loaded = try catalog.load("/tmp/mine.theme")
        #expect(loaded.theme.name == "mine")
        #expect(loaded.theme[.title] == Color(hex: 0x040404))
        #expect(
            loaded.warnings == [
                "theme mine, line 2: 'red' for hi_fg is no colour; write \"#rrggbb\", \"#hh\" or \"r g b\""
            ])
    }

    @Test func whatIsNotThereIsNamedWithWhatIs() {
        #expect {
            try catalog.load("dracula")
        } throws: { error in
            "\(error)".hasPrefix("there is no theme 'dracula'; there are streamtop-dark, streamtop-light, okabe")
        }
        #expect {
            try catalog.load("/nowhere/x.theme")
        } throws: { error in
            "\(error)" == "the theme file /nowhere/x.theme cannot be read"
        }
    }
}

@Suite struct BuiltInThemesTests {
    static let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let folder = repository.appendingPathComponent("themes")

    /// The files in `themes/` are the source; with STREAMTOP_RECORD=1 this writes the Swift file that embeds them.
    @Test func theEmbeddedTextsAreThoseOfTheFiles() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".theme")
        }
        .map { String($0.dropLast(6)) }
        let order = ["streamtop-dark", "streamtop-light", "okabe", "eighth-avenue", "blackboard"]
        let known = order.filter(names.contains) + names.filter { !order.contains($0) }.sorted()
        let files = try known.map { name in
            (name, try String(contentsOf: Self.folder.appendingPathComponent(name + ".theme"), encoding: .utf8))
        }
        if ProcessInfo.processInfo.environment["STREAMTOP_RECORD"] == "1" {
            let file = Self.repository.appendingPathComponent("Sources/Dashboard/Theme/BuiltInThemes.swift")
            try Data(Self.source(files).utf8).write(to: file)
            return
        }
        #expect(BuiltInThemes.all.map(\.name) == known)
        for (name, text) in files {
            let embedded = BuiltInThemes.all.first { $0.name == name }?.text
            #expect(embedded == text, "Sources/Dashboard/Theme/BuiltInThemes.swift is behind themes/\(name).theme")
        }
    }

    static func source(_ files: [(String, String)]) -> String {
        func identifier(_ name: String) -> String {
            let words = name.split(separator: "-")
            return words.dropFirst().reduce(words.first.map(String.init) ?? "") {
                $0 + $1.prefix(1).uppercased() + $1.dropFirst()
            }
        }
        var source = """
            // Made from themes/*.theme; the tests compare the two, and STREAMTOP_RECORD=1 makes this file anew.

            /// The themes that the program carries with it; the same texts lie in the folder `themes/` of the repository.
            enum BuiltInThemes {
                /// The default, which also fills in what other themes leave out.
                static let standardName = "streamtop-dark"
                static let standardText = streamtopDark

                /// In the order in which they are offered.
                static let all: [(name: String, text: String)] = [

            """
        for (name, _) in files { source += "        (\"\(name)\", \(identifier(name))),\n" }
        source += "    ]\n"
        for (name, text) in files {
            source += "\n    private static let \(identifier(name)) = #\"\"\"\n"
            for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                source += line.isEmpty ? "\n" : "        \(line)\n"
            }
            source += "\n        \"\"\"#\n"
        }
        return source + "}\n"
    }

    @Test(arguments: BuiltInThemes.all.map(\.name))
    func everyThemeSaysAllKeysAndCanBeRead(name: String) throws {
        let text = try #require(BuiltInThemes.all.first { $0.name == name }?.text)
        let parsed = ThemeText(text)
        #expect(parsed.warnings.isEmpty)
        #expect(Set(parsed.values.keys) == Set(ThemeKey.allCases))
        #expect(text.hasPrefix("# \(name): "))
        #expect(text.contains("Licence: Apache-2.0."))
        let theme = Theme(name: name, text: parsed)
        let ground = theme[.mainBackground]
        for (key, least) in [
            (ThemeKey.mainForeground, 7.0), (.title, 7), (.highlight, 4.5), (.inactive, 3.2), (.graphText, 3.2),
            (.processMisc, 4),
        ] {
            #expect(
                contrast(theme[key], ground) >= least,
                "\(key.rawValue) on the background: \(contrast(theme[key], ground))")
        }
        #expect(contrast(theme[.selectedForeground], theme[.selectedBackground]) >= 4.5)
        for gradient in [ThemeGradient.download, .upload] {
            #expect(contrast(theme[gradient][70], ground) >= 3, "\(gradient.rawValue)")
        }
        for percent in [0.0, 50, 100] {
            for gradient in [ThemeGradient.temperature, .process] {
                #expect(contrast(theme[gradient][percent], ground) >= 3, "\(gradient.rawValue) at \(percent) %")
            }
        }
        for percent in [0.0, 50, 100] {
            #expect(contrast(theme[.cpu][percent], ground) >= 3, "severity at \(percent) %")
        }
    }

    @Test func theColorBlindThemeIsToldApartByLightnessToo() {
        let theme = ThemeCatalog.theme("okabe")
        let (well, alarm) = (theme[.cpu][0], theme[.cpu][100])
        // No red against green: the two ends differ along blue and yellow.
        #expect(Int(well.blue) - Int(alarm.blue) > 150)
        #expect(Int(alarm.red) - Int(well.red) > 100)
    }

    /// The contrast of two colours, 1–21, by WCAG 2.1.
    private func contrast(_ one: Color, _ other: Color) -> Double {
        func luminance(_ color: Color) -> Double {
            func linear(_ channel: UInt8) -> Double {
                let share = Double(channel) / 255
                return share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
        }
        let (a, b) = (luminance(one), luminance(other))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }
}
