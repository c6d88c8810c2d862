import Terminal
import Testing

@Suite struct ColorTests {
    @Test(
        arguments: [
            (0x000000, 232), (0xffffff, 255), (0x808080, 244), (0x0b0b0b, 233), (0xff0000, 196), (0x00ff00, 46),
            (0x0000ff, 21),
            (0x336699, 67), (0xffcc00, 220), (0x4fd6be, 116), (0x050505, 232), (0x060606, 233),
        ] as [(UInt32, Int)])
    func mapsTo256ByTheGreyRampOrTheCube(hex: UInt32, index: Int) {
        #expect(Color(hex: hex).index256 == index)
    }

    @Test(
        arguments: [
            (0x000000, 0), (0xffffff, 15), (0x808080, 8), (0xc0c0c0, 7), (0xff0000, 9), (0x8b0000, 1), (0x1f8a4c, 2),
            (0xe6c14c, 11), (0x0000ee, 12), (0x4fd6be, 14), (0x7a4fb0, 4), (0xc2185b, 9), (0x00695c, 6),
        ] as [(UInt32, Int)])
    func mapsTo16ByHueAndGreysByLightness(hex: UInt32, index: Int) {
        #expect(Color(hex: hex).index16 == index)
    }

    @Test func aForegroundOfEightColorsIsNeverBlack() {
        for hex in stride(from: UInt32(0), through: 0xffffff, by: 0x01_0307) {
            #expect((1...7).contains(Color(hex: hex).index8(isForeground: true)))
            #expect((0...7).contains(Color(hex: hex).index8(isForeground: false)))
        }
    }

    @Test(
        arguments: [
            (1 << 24, true, false, [:], ColorDepth.direct), (1 << 24, true, false, ["NO_COLOR": "1"], .mono),
            (1 << 24, true, false, ["NO_COLOR": ""], .direct), (256, false, true, ["TERM": "xterm-256color"], .palette),
            (256, false, true, ["TERM_PROGRAM": "Apple_Terminal"], .indexed256),
            (256, false, false, ["TERM": "tmux-256color", "COLORTERM": "truecolor"], .indexed256),
            (88, false, false, [:], .ansi16),
            (16, false, false, [:], .ansi16), (8, false, false, ["TERM": "linux"], .ansi8),
            (256, true, false, [:], .indexed256),
            (0, false, false, ["TERM": "vt100"], .mono), (8, false, false, ["TERM": "dumb"], .mono),
        ] as [(Int, Bool, Bool, [String: String], ColorDepth)])
    func depthFollowsTheLadder(
        colors: Int, direct: Bool, change: Bool, environment: [String: String], depth: ColorDepth
    ) {
        let capabilities = ColorDepth.Capabilities(colors: colors, hasDirectColor: direct, canChangeColors: change)
        #expect(ColorDepth.detect(capabilities, environment: environment) == depth)
    }

    @Test func aPlainXtermWithTrueColorIsOpenedAsOneOf256() {
        #expect(
            ColorDepth.betterTerminal(environment: ["TERM": "xterm", "COLORTERM": "truecolor"]) == "xterm-256color")
        #expect(ColorDepth.betterTerminal(environment: ["TERM": "xterm"]) == nil)
        #expect(ColorDepth.betterTerminal(environment: ["TERM": "screen", "COLORTERM": "24bit"]) == nil)
    }
}

@Suite struct GradientTests {
    let black = Color(hex: 0x000000)
    let grey = Color(hex: 0x646464)
    let white = Color(hex: 0xc8c8c8)

    @Test func runsThroughItsMiddle() {
        let gradient = Gradient(start: black, middle: white, end: grey)
        #expect(gradient.colors.count == 101)
        #expect(gradient[0] == black)
        #expect(gradient[25] == grey)
        #expect(gradient[50] == white)
        #expect(gradient[75] == Color(hex: 0x969696))
        #expect(gradient[100] == grey)
    }

    @Test func withoutAMiddleGoesStraightAndWithoutAnEndStays() {
        #expect(Gradient(start: black, end: white)[50] == grey)
        #expect(Set(Gradient(start: grey, middle: white).colors) == [grey])
        #expect(Set(Gradient(start: .terminal, middle: grey, end: white).colors) == [.terminal])
    }

    @Test(arguments: [
        (-5.0, 0), (0.4, 0), (0.6, 1), (99.6, 100), (1e9, 100), (.nan, 0), (.infinity, 100), (-.infinity, 0),
    ])
    func percentagesAreRoundedAndClamped(percent: Double, step: Int) {
        let gradient = Gradient(start: black, end: white)
        #expect(gradient[percent] == gradient.colors[step])
    }

    @Test func hasThreeStepsForSixteenColors() {
        let steps = Gradient(start: black, middle: white, end: grey).inThreeSteps
        #expect([0, 33, 34, 66, 67, 100].map { steps[$0] } == [black, black, white, white, grey, grey])
    }
}
