import Testing

@testable import GoogleAPI

@Suite struct PathTemplateTests {
    @Test(
        arguments: [
            ("{projects/*/topics/*}", "/v1/projects/p/topics/t", "projects/p/topics/t"),
            ("{projects/*/topics/*}", "/v1/projects/p/topics/t%2Bx%2D", "projects/p/topics/t+x-"),
            ("{projects/*/topics/*}", "/v1/projects/p/topics/t:publish", nil),
            ("{projects/*/topics/*}", "/v1/projects/p/topics/", nil),
            ("{projects/*/topics/*}", "/v1/projects/p/subscriptions/t", nil),
            ("{projects/*/topics/*}", "/v2/projects/p/topics/t", nil),
            ("{projects/*/topics/*}", "/v1/projects/p/topics/%zz", nil),
            ("{projects/*/topics/*}:publish", "/v1/projects/p/topics/t:publish", "projects/p/topics/t"),
            ("{projects/*/topics/*}:publish", "/v1/projects/p/topics/t:pull", nil),
            ("{projects/*}/topics", "/v1/projects/p/topics", "projects/p"),
            ("{projects/*}/topics", "/v1/projects/p/topics/t", nil),
            ("{projects/*/topics/*}/subscriptions", "/v1/projects/p/topics/t/subscriptions", "projects/p/topics/t"),
            ("{projects/*}/schemas:validate", "/v1/projects/p/schemas:validate", "projects/p"),
            ("{projects/*/schemas/*}", "/v1/projects/p/schemas/s@0a1b", "projects/p/schemas/s@0a1b"),
        ] as [(String, String, String?)])
    func paths(template: String, path: String, variable: String?) {
        let found = RestPath(path).flatMap { PathTemplate(stringLiteral: template).match($0) }
        #expect(found == variable)
    }

    @Test(arguments: [
        ("/v1/x?pageSize=5&pageToken=a%3D%3D", ["pageSize": "5", "pageToken": "a=="]),
        ("/v1/x", [:]), ("/v1/x?", [:]), ("/v1/x?flag", ["flag": ""]), ("/v1/x?a=b+c", ["a": "b c"]),
    ])
    func queries(uri: String, expected: [String: String]) throws {
        let request = try #require(RestRequest(verb: "GET", uri: uri, body: []))
        #expect(Dictionary(uniqueKeysWithValues: request.query) == expected)
        #expect(request.path == "/v1/x")
    }

    @Test func brokenPercentEncodingIsNoRequest() {
        #expect(RestRequest(verb: "GET", uri: "/v1/x?a=%f", body: []) == nil)
        #expect(RestRequest(verb: "GET", uri: "/v1/x?a=%ff", body: []) == nil)
    }
}
