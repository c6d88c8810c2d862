import Testing

@testable import GoogleAPI

@Suite struct TimeoutHandlerTests {
    @Test(arguments: ["1n", "0S", "99999999H", "5m", "10u", "2M"]) func digitsAndAUnitAreATimeout(text: String) {
        #expect(TimeoutHandler.isTimeout(text))
    }

    /// The library behind ends the program at the first.
    @Test(arguments: ["-1S", "+1S", "999999999S", "S", "1", "", "1x", "1 S", "1Sé", "é", "٣S"])
    func anythingElseIsNone(text: String) {
        #expect(!TimeoutHandler.isTimeout(text))
    }
}
