import Columnar
import SQL
import Testing

private let bids = SQLPlan.Table(
    names: ["bids"],
    schema: Schema([
        Field("auction", .int64, isNullable: false), Field("price", .float64, isNullable: false),
        Field("note", .string),
    ]))
private let auctions = SQLPlan.Table(
    names: ["auctions"],
    schema: Schema([
        Field("id", .int64, isNullable: false), Field("seller", .int64), Field("note", .string),
        Field("place", .structure([Field("city", .string, isNullable: false)]), isNullable: false),
        Field("tags", .list(.string)),
    ]))
private let people = SQLPlan.Table(
    names: ["people"], schema: Schema([Field("id", .float64), Field("name", .string, isNullable: false)]))

struct SQLJoinTests {
    private func plan(_ text: String) throws -> SQLPlan { try SQLPlan(text, over: [bids, auctions, people]) }

    @Test("a join is a step over two inputs, and carries what is read behind it")
    func join() throws {
        let plan = try plan("SELECT b.price, place.city FROM bids b JOIN auctions AS a ON b.auction = a.id")
        #expect(plan.steps.map(\.name) == ["Join a", ""])
        #expect(plan.steps[0].sources == [.table(0), .table(1)])
        #expect(plan.steps[0].schema.names == ["b.price", "a.place"])
        #expect(plan.steps[1].sources == [.step(0)])
        #expect(plan.steps[1].schema.names == ["price", "city"])
    }

    @Test(
        "the missing side of an outer join is null",
        arguments: [
            ("JOIN", [false, false]), ("LEFT JOIN", [false, true]), ("RIGHT OUTER JOIN", [true, false]),
            ("FULL OUTER JOIN", [true, true]),
        ])
    func outer(_ kind: String, _ nullable: [Bool]) throws {
        let plan = try plan("SELECT bids.price, auctions.id FROM bids \(kind) auctions ON bids.auction = auctions.id")
        #expect(plan.steps.last?.schema.fields.map(\.isNullable) == nullable)
    }

    @Test("keys of whole numbers and floats are compared as floats")
    func keys() throws {
        let plan = try plan("SELECT name FROM auctions a LEFT JOIN people p ON a.seller = p.id AND p.name > 'a'")
        guard case .join(let join) = plan.steps[0].operation else { throw ExpressionError("no join", at: 0) }
        #expect(join.kind == .left)
        #expect(join.leftKeys.map(\.type) == [.float64])
        #expect(join.rightKeys.map(\.type) == [.float64])
    }

    @Test("fields of a star that have one name get numbers; USING makes one of two")
    func stars() throws {
        let all = try plan("SELECT * FROM auctions JOIN people ON seller = people.id")
        #expect(all.steps.last?.schema.names == ["id", "seller", "note", "place", "tags", "id0", "name"])
        #expect(all.warnings.count == 1)
        let one = try plan("SELECT p.*, a.seller FROM auctions a JOIN people p USING (id)")
        #expect(one.steps.last?.schema.names == ["id", "name", "seller"])
        let common = try plan("SELECT * FROM people p FULL JOIN auctions a USING (id)")
        #expect(common.steps.last?.schema.names == ["id", "name", "seller", "note", "place", "tags"])
        #expect(common.steps.last?.schema.fields.first?.type == .float64)
        #expect(common.warnings.isEmpty)
    }

    @Test("commas join where WHERE says equal, in whatever order")
    func commas() throws {
        let plan = try plan(
            "SELECT name, price FROM bids, people, auctions "
                + "WHERE seller = people.id AND auction = auctions.id AND price > 1 AND auctions.id <> 7")
        #expect(plan.steps.map(\.name) == ["Join auctions", "Join people", "Where", ""])
    }

    @Test("an input may be read twice, and a query may stand for one")
    func queries() throws {
        let twice = try plan("SELECT a.id FROM auctions a JOIN auctions b ON a.id = b.seller")
        #expect(twice.steps[0].sources == [.table(1), .table(1)])
        let query = try plan(
            "SELECT n, name FROM (SELECT seller, COUNT(*) AS n FROM auctions GROUP BY seller HAVING COUNT(*) > 1) AS s "
                + "JOIN people p ON p.id = s.seller WHERE n > 2")
        #expect(
            query.steps.map(\.name) == ["s/GroupBy", "s/Having", "s/Select", "Join p", "Where", ""])
        let inner = try plan("SELECT MAX(n) AS most FROM (SELECT COUNT(*) AS n FROM bids GROUP BY auction)")
        #expect(inner.steps.map(\.name) == ["Query/GroupBy", "Query/Select", "GroupBy", ""])
    }

    @Test("a condition on pairs is a filter behind an inner join")
    func pairs() throws {
        let plan = try plan("SELECT price FROM bids b JOIN auctions a ON b.auction = a.id AND b.price > a.seller")
        #expect(plan.steps.map(\.name) == ["Join a", "Join a/On", ""])
    }

    @Test(
        "what cannot be joined is refused, with its place",
        arguments: [
            ("SELECT price FROM bids b JOIN auctions a ON b.price > a.seller", 52, "no equality joins 'a' with 'b'"),
            ("SELECT price FROM bids b JOIN auctions a ON TRUE", 41, "no equality joins 'a' with 'b'"),
            ("SELECT price FROM bids CROSS JOIN auctions", 23, "CROSS JOIN is not supported"),
            ("SELECT price FROM bids NATURAL JOIN auctions", 23, "NATURAL JOIN is not supported"),
            ("SELECT price FROM bids JOIN auctions", 36, "ON and a condition should stand here"),
            ("SELECT price FROM bids, auctions", 24, "nothing in WHERE joins 'auctions' with 'bids'"),
            (
                "SELECT price FROM bids b LEFT JOIN auctions a ON b.auction = a.id AND b.price > a.seller", 78,
                "an outer join compares its two sides by equality alone"
            ),
            ("SELECT note FROM bids b JOIN auctions a ON b.auction = a.id", 7, "'note' may mean b.note or a.note"),
            ("SELECT a.x FROM bids b JOIN auctions a ON b.auction = a.id", 7, "'a' has no field 'x'"),
            ("SELECT c.x FROM bids b JOIN auctions a ON b.auction = a.id", 7, "neither a table nor a field"),
            ("SELECT x FROM bids b JOIN auctions a ON b.auction = a.id", 7, "no table of the query has a field 'x'"),
            ("SELECT c.* FROM bids b JOIN auctions a ON b.auction = a.id", 7, "the query has no table 'c'"),
            ("SELECT c.* FROM bids b", 7, "the query has no table 'c'"),
            ("SELECT 1 FROM bids JOIN bids ON auction = auction", 24, "two tables of the query are called 'bids'"),
            ("SELECT 1 FROM bids b JOIN auction a ON b.auction = a.id", 26, "there is no input called 'auction'"),
            ("SELECT 1 FROM bids b JOIN auctions a ON b.note = a.id", 47, "string and integer cannot be compared"),
            ("SELECT 1 FROM auctions b JOIN auctions a ON b.tags = a.tags", 51, "rows are not joined by"),
            ("SELECT 1 FROM bids b JOIN auctions a USING (id)", 44, "no table of the query has a field 'id'"),
            ("SELECT price FROM (SELECT price FROM bids ORDER BY price) b", 42, "ORDER BY is not supported"),
            (
                "SELECT a.seller, COUNT(*) FROM bids b JOIN auctions a ON b.auction = a.id GROUP BY b.auction", 7,
                "'a.seller' is neither in GROUP BY nor in an aggregate"
            ),
        ])
    func refusals(_ text: String, _ offset: Int, _ message: String) throws {
        let error = #expect(throws: ExpressionError.self) { try plan(text) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.offset == offset)
    }

    @Test("words in whatever order are taken apart, or refused where they stand", arguments: 0..<20)
    func soup(_ seed: Int) {
        let words = """
            SELECT SELECT FROM FROM JOIN JOIN LEFT RIGHT FULL OUTER INNER ON ON USING WHERE GROUP BY HAVING AS AND OR NOT NULL
            DISTINCT COUNT SUM bids bids auctions auctions people a b id id price note seller name place city * * , , . . ( ( ) ) =
            = < + 1 'x' CASE WHEN THEN END IS IN CROSS COALESCE
            """.split(whereSeparator: \.isWhitespace)
        let frames = [
            "%", "SELECT % FROM %", "SELECT * FROM bids a JOIN auctions b ON % WHERE %",
            "SELECT % FROM bids, auctions b WHERE price = id AND %",
        ]
        // A linear congruential generator: the same words in every run.
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func number(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        for _ in 0..<500 {
            var text = ""
            for part in frames[number(below: frames.count)].split(separator: "%", omittingEmptySubsequences: false) {
                if !text.isEmpty || part.isEmpty {
                    let soup = (0..<(1 + number(below: 6))).map { _ in String(words[number(below: words.count)]) }
                    text += soup.joined(separator: " ")
                }
                text += part
            }
            do {
                for (number, step) in try plan(text).steps.enumerated() {
                    for case .step(let source) in step.sources { #expect(source < number, "\(text)") }
                    #expect(step.sources.count <= 2, "\(text)")
                }
            } catch let error as ExpressionError {
                #expect((0...text.unicodeScalars.count).contains(error.offset), "\(text)")
            } catch {
                Issue.record(error)
            }
        }
    }

    @Test("very many tables are refused, not followed")
    func many() {
        let joins = (0..<500).map { "JOIN bids b\($0) ON b\($0).auction = bids.auction" }.joined(separator: " ")
        let commas = (0..<500).map { "bids b\($0)" }.joined(separator: ", ")
        for text in ["SELECT 1 FROM bids \(joins)", "SELECT 1 FROM bids, \(commas)"] {
            let error = #expect(throws: ExpressionError.self) { try plan(text) }
            #expect(error?.message == "this is nested too deeply")
        }
    }
}
