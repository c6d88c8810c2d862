import Testing

@testable import GoogleAPI

/// Who makes room for a new connection.
@Suite struct ConnectionTableTests {
    @Test func theOldestThatNeverAskedMakesRoom() {
        var table = ConnectionTable(limit: 3)
        #expect((1...3).map { table.admit($0) } == [.free, .free, .free])
        // It has asked, and is done: it goes after the silent ones.
        table.begin(1)
        table.end(1)
        #expect(table.admit(4) == .evicting(2))
        #expect(table.admit(5) == .evicting(3))
        #expect(table.admit(6) == .evicting(4))
        #expect(table.count == 3)
    }

    @Test func elseTheOneThatIsIdleLongest() {
        var table = ConnectionTable(limit: 3)
        for connection in 1...3 {
            _ = table.admit(connection)
            table.begin(connection)
        }
        for connection in [2, 1, 3] { table.end(connection) }
        #expect(table.admit(4) == .evicting(2))
        table.begin(4)
        // Who has asked again is idle from then on.
        table.begin(1)
        table.end(1)
        #expect(table.admit(5) == .evicting(3))
    }

    @Test func whoIsBeingServedStays() {
        var table = ConnectionTable(limit: 2)
        for connection in 1...2 {
            _ = table.admit(connection)
            table.begin(connection)
        }
        table.begin(1)
        table.end(1)
        #expect(table.admit(3) == .refused)
        table.end(1)
        #expect(table.admit(4) == .evicting(1))
    }

    @Test func whoLeavesMakesRoomOnceAndOfWhoWasEvictedNothingIsHeard() {
        var table = ConnectionTable(limit: 1)
        #expect(table.admit(1) == .free)
        #expect(table.admit(2) == .evicting(1))
        table.begin(1)
        table.end(1)
        table.remove(1)
        #expect(table.count == 1)
        table.remove(2)
        #expect(table.admit(3) == .free)
    }

    /// A crowd that says nothing keeps out nobody who does.
    @Test func aCrowdTakesNoPlaceOfThoseThatAsk() {
        var table = ConnectionTable(limit: 1000)
        for connection in 0..<100 {
            _ = table.admit(connection)
            table.begin(connection)
            if connection.isMultiple(of: 2) { table.end(connection) }
        }
        for connection in 100..<2000 {
            if case .evicting(let victim) = table.admit(connection) { #expect(victim >= 100) }
        }
        #expect(table.admit(2000) == .evicting(1100))
    }
}
