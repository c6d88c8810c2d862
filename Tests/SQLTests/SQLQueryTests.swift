import Columnar
import SQL
import Testing

private let schema = Schema([
    Field("auction", .int64, isNullable: false), Field("price", .int64), Field("channel", .string),
    Field("tags", .list(.string)),
])

/// The clauses of a query over one input.
private struct Clauses {
    var condition: SQLExpression?
    var grouping: SQLQuery.Grouping?
    var outputs: [SQLQuery.Output] = []
    var warnings: [ExpressionError]

    init(_ text: String, over schema: Schema, tables: [String] = []) throws(ExpressionError) {
        let plan = try SQLPlan(text, over: [.init(names: ["PCOLLECTION"] + tables, schema: schema)])
        warnings = plan.warnings
        for step in plan.steps {
            switch step.operation {
            case .filter(let condition): if grouping == nil { self.condition = condition }
            case .group(let grouping): self.grouping = grouping
            case .select(let outputs): self.outputs = outputs
            case .join: break
            }
        }
    }
}

struct SQLQueryTests {
    @Test("a query over rows is a condition and a value for each field")
    func rows() throws {
        let query = try Clauses(
            "SELECT auction, price * 2 AS double_price, tags, UPPER(channel) FROM PCOLLECTION p WHERE p.price > 10;",
            over: schema)
        #expect(query.condition?.type == .boolean)
        #expect(query.grouping == nil)
        #expect(query.outputs.map(\.name) == ["auction", "double_price", "tags", "EXPR$3"])
        #expect(query.outputs.map(\.expression.type) == [.int64, .int64, .list(.string), .string])
        #expect(query.outputs.map(\.isNullable) == [false, true, true, true])
    }

    @Test("a star stands for all fields, of whatever type")
    func star() throws {
        let query = try Clauses("select * from bids", over: schema, tables: ["bids"])
        #expect(query.outputs.map(\.name) == schema.names)
        #expect(query.outputs.map(\.isNullable) == [false, true, true, true])
    }

    @Test("a field alone may be of any type, other expressions of plain ones only")
    func value() throws {
        let tags = try SQLQuery.value("PCOLLECTION.tags", over: schema)
        #expect(tags.expression.type == .list(.string))
        #expect(tags.isNullable)
        #expect(try SQLQuery.value("auction + 1", over: schema).isNullable == false)
        #expect(throws: ExpressionError.self) { try SQLQuery.value("COALESCE(tags, tags)", over: schema) }
    }

    @Test("groups are folded once for each different aggregate, and nulls are passed over")
    func groups() throws {
        let query = try Clauses(
            """
            SELECT auction, COUNT(*) AS n, SUM(price) AS total, AVG(price) AS mean, MAX(price) - MIN(price) AS spread,
                   COUNT(price), COUNT(auction)
            FROM PCOLLECTION GROUP BY auction HAVING COUNT(*) > 1
            """, over: schema)
        let grouping = try #require(query.grouping)
        #expect(grouping.keys.map(\.expression.type) == [.int64])
        #expect(grouping.keys.map(\.name) == ["auction"])
        #expect(grouping.aggregates.map(\.fold) == [.count, .sum, .sum, .maximum, .minimum])
        #expect(
            grouping.aggregates.map(\.name) == ["COUNT(*)", "SUM(price)", "COUNT(price)", "MAX(price)", "MIN(price)"])
        #expect(grouping.having != nil)
        #expect(query.outputs.map(\.name) == ["auction", "n", "total", "mean", "spread", "EXPR$5", "EXPR$6"])
        #expect(query.outputs.map(\.isNullable) == [false, false, true, true, true, false, false])
    }

    @Test("groups by an expression, and a key inside another expression")
    func expressions() throws {
        let query = try Clauses(
            "SELECT auction % 10 + 1 AS shard, COUNT(*) AS n FROM PCOLLECTION GROUP BY auction % 10", over: schema)
        #expect(query.outputs.map(\.name) == ["shard", "n"])
    }

    @Test("DISTINCT is a group for each different row")
    func distinct() throws {
        let query = try Clauses("SELECT DISTINCT channel FROM PCOLLECTION", over: schema)
        #expect(query.grouping?.aggregates.isEmpty == true)
        #expect(query.outputs.map(\.name) == ["channel"])
    }

    @Test("different values are counted by a fold of their own")
    func distinctCount() throws {
        let query = try Clauses(
            "SELECT COUNT(DISTINCT channel) AS n, COUNT(channel) AS m FROM PCOLLECTION", over: schema)
        let grouping = try #require(query.grouping)
        #expect(grouping.aggregates.map(\.fold) == [.countDistinct, .sum])
        #expect(grouping.aggregates.map(\.name) == ["COUNT(DISTINCT channel)", "COUNT(channel)"])
        #expect(grouping.schema.fields.map(\.type) == [.int64, .int64])
        #expect(query.outputs.map(\.isNullable) == [false, false])
    }

    @Test("a second field of a name gets a number, and that is said")
    func numbered() throws {
        let query = try Clauses("SELECT auction, price AS auction, price AS auction0 FROM PCOLLECTION", over: schema)
        #expect(query.outputs.map(\.name) == ["auction", "auction0", "auction00"])
        #expect(query.warnings.map(\.offset) == [16, 34])
        #expect(query.warnings.first?.message.contains("so this one is called 'auction0'") == true)
    }

    @Test(
        "what does not map is refused by name, with its place",
        arguments: [
            ("SELECT a FROM PCOLLECTION", 7, "the row has no field 'a'"),
            ("SELECT bids.auction FROM PCOLLECTION", 7, "the row has no field 'bids'"),
            ("SELECT p.auction FROM PCOLLECTION AS b", 7, "the row has no field 'p'"),
            ("SELECT auction FROM bids", 20, "there is no input called 'bids'"),
            ("SELECT auction FROM PCOLLECTION ORDER BY auction", 32, "ORDER BY is not supported"),
            ("SELECT auction FROM PCOLLECTION LIMIT 3", 32, "LIMIT is not supported"),
            ("SELECT auction FROM PCOLLECTION UNION SELECT 1", 32, "UNION is not supported"),
            ("WITH a AS (SELECT 1) SELECT * FROM a", 0, "WITH is not supported"),
            ("SELECT price, COUNT(*) FROM PCOLLECTION GROUP BY auction", 7, "'price' is neither in GROUP BY"),
            ("SELECT *, COUNT(*) FROM PCOLLECTION GROUP BY auction", 7, "'*' cannot stand"),
            ("SELECT SUM(DISTINCT price) FROM PCOLLECTION", 7, "SUM(DISTINCT …) is not supported"),
            ("SELECT COUNT(DISTINCT tags) FROM PCOLLECTION", 22, "COUNT(DISTINCT …) takes plain values"),
            ("SELECT 1 + (SELECT 1) FROM PCOLLECTION", 12, "queries inside an expression"),
            ("SELECT SUM(channel) FROM PCOLLECTION", 11, "SUM takes numbers, not string"),
            ("SELECT MAX(MIN(price)) FROM PCOLLECTION", 11, "an aggregate cannot stand inside another"),
            ("SELECT SUM(price) OVER () FROM PCOLLECTION", 18, "OVER is not supported"),
            ("SELECT auction PCOLLECTION", 26, "FROM should stand here, not the end"),
            ("SELECT auction FROM PCOLLECTION WHERE price", 38, "this is to be a condition, not integer"),
            ("SELECT auction FROM PCOLLECTION GROUP BY 1", 41, "rows cannot be grouped by a literal"),
            ("UPDATE x", 0, "SELECT should stand here, not 'UPDATE'"),
        ])
    func refusals(_ text: String, _ offset: Int, _ message: String) throws {
        let error = #expect(throws: ExpressionError.self) { try Clauses(text, over: schema) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.offset == offset)
    }
}
