import Spelling
import Testing

@Suite struct SpellingTests {
    @Test(arguments: [
        ("Explod", "Explode"), ("explode", "Explode"), ("Fitler", "Filter"), ("MapToField", "MapToFields"),
        ("MapToFeilds", "MapToFields"),
    ])
    func findsWhatWasMeant(_ word: String, _ expected: String) {
        #expect(Spelling.nearest(to: word, in: ["Filter", "Explode", "MapToFields", "Flatten"]) == expected)
    }

    @Test(arguments: ["", "Xyz", "Completely different"])
    func staysSilentWhenNothingIsNear(_ word: String) {
        #expect(Spelling.nearest(to: word, in: ["Filter", "Explode"]) == nil)
        #expect(Spelling.hint(for: word, in: ["Filter"]).isEmpty)
    }
}
