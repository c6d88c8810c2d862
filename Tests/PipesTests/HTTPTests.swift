import Pipes
import Testing
import Time

@Suite("HTTP messages between services")
struct HTTPTests {
    @Test("find headers whatever their case")
    func headers() {
        let request = HTTPRequest(url: "http://service/", headers: ["X-CloudTasks-QueueName": "q"])
        #expect(request.header("X-CloudTasks-QueueName") == "q")
        #expect(request.header("x-cloudtasks-queuename") == "q")
        #expect(request.header("X-Other") == nil)
        #expect(HTTPResponse(status: 429, headers: ["retry-after": "3"]).header("Retry-After") == "3")
    }

    @Test(
        "call 2xx a success",
        arguments: [(199, false), (200, true), (204, true), (299, true), (300, false), (500, false)])
    func success(status: Int, isSuccess: Bool) {
        #expect(HTTPResponse(status: status).isSuccess == isSuccess)
    }
}

@Suite("Timestamp attributes")
struct TimestampAttributeTests {
    @Test(
        "are milliseconds or RFC 3339",
        arguments: [
            ("1772239225123", Timestamp(millis: 1_772_239_225_123)), ("-1", Timestamp(millis: -1)),
            ("2026-02-28T00:40:25Z", Timestamp(seconds: 1_772_239_225)), ("soon", nil), ("", nil),
            ("99999999999999999999", nil), ("9223372036854775807", nil), ("-9223372036854775808", nil),
        ] as [(String, Timestamp?)])
    func parse(text: String, time: Timestamp?) {
        #expect(TimestampAttribute.parse(text) == time)
    }
}

@Suite("Table names")
struct TableNameTests {
    @Test(
        "have a dataset and a table, and perhaps a project",
        arguments: [
            ("a.b", TableName(dataset: "a", table: "b")), ("p.a.b", TableName(dataset: "a", table: "b")),
            ("p:a.b", TableName(dataset: "a", table: "b")), ("b", nil), ("", nil), (".b", nil), ("a.", nil),
            ("a.b.c.d", nil),
        ] as [(String, TableName?)])
    func parse(text: String, name: TableName?) {
        #expect(TableName(text) == name)
    }
}
