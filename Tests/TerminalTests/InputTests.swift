import Testing

@testable import Terminal

@Suite struct KeyTests {
    @Test(
        arguments: [
            (0x71, .character("q")), (0x20, .character(" ")), (0x5730, .character("地")), (13, .enter), (10, .enter),
            (9, .tab),
            (27, .escape), (127, .backspace), (8, .backspace), (3, .control("c")), (12, .control("l")),
            (26, .control("z")),
            (0, nil), (28, nil), (0xd800, nil),
        ] as [(UInt32, Key?)])
    func charactersBecomeKeys(code: UInt32, key: Key?) {
        #expect(KeyDecoder.key(character: code) == key)
    }

    @Test(
        arguments: [
            (0o403, .up), (0o402, .down), (0o404, .left), (0o405, .right), (0o541, .backTab), (0o523, .pageUp),
            (0o522, .pageDown),
            (0o406, .home), (0o550, .end), (0o411, .function(1)), (0o424, .function(12)), (0o512, .delete),
            (0o777, nil),
        ] as [(Int32, Key?)])
    func codesBecomeKeys(code: Int32, key: Key?) {
        #expect(KeyDecoder.key(code: code) == key)
    }

    @Test func namesAreReadAsTheyAreWritten() {
        let keys: [Key] = [
            .character("q"), .character("Q"), .character(" "), .character("+"), .character("f"), .control("c"), .enter,
            .escape,
            .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown,
            .function(1), .function(12),
        ]
        for key in keys { #expect(Key(name: key.name) == key, "\(key.name)") }
        #expect(Key(name: "Esc") == .escape)
        for name in ["", "f0", "f64", "ctrl-", "ctrl-xy", "hyper", "ctrl-é"] {
            #expect(Key(name: name) == nil, "\(name)")
        }
    }
}

@Suite struct PaletteSlotsTests {
    @Test func aColorTakesTheSlotOfItsFixedColor() {
        var slots = PaletteSlots()
        let teal = Color(hex: 0x4fd6be)
        let first = slots.slot(for: teal)
        #expect(first == (teal.index256, true))
        let again = slots.slot(for: teal)
        #expect(again == (teal.index256, false))
    }

    @Test func similarColorsGetSlotsOfTheirOwnUntilAllAreTaken() {
        var slots = PaletteSlots()
        let taken = (0..<240).map { slots.slot(for: Color(red: UInt8($0), green: 10, blue: 10)).slot }
        #expect(Set(taken) == Set(16...255))
        let nearest = slots.slot(for: Color(red: 100, green: 11, blue: 10))
        #expect(nearest == (taken[100], false))
    }
}
