import Foundation
import SwiftProtobuf

/// A part of a list, by the name that it starts after (Google's design guide AIP-158).
struct Page<Element> {
    var elements: [Element]
    /// Empty at the end.
    var nextToken: String

    static var defaultSize: Int { 100 }
    static var maximumSize: Int { 1000 }

    /// The page of `all`, ascending by `name`, that the token asks for. Throws INVALID_ARGUMENT for a negative size or
    /// a token that is none.
    init(of all: [Element], size: Int32, token: String, name: (Element) -> String) throws(APIError) {
        guard size >= 0 else { throw .invalidArgument("page_size is \(size); it must not be negative.") }
        let limit = size == 0 ? Page.defaultSize : min(Int(size), Page.maximumSize)
        var rest = all[...]
        if !token.isEmpty {
            guard let data = Data(base64Encoded: token), let after = String(data: data, encoding: .utf8) else {
                throw .invalidArgument("Invalid page token: '\(token)'. Give next_page_token of the page before.")
            }
            rest = all[(all.firstIndex { name($0) > after } ?? all.endIndex)...]
        }
        elements = Array(rest.prefix(limit))
        nextToken = rest.count > limit ? elements.last.map { Data(name($0).utf8).base64EncodedString() } ?? "" : ""
    }
}

/// A request for a page of a list.
protocol PageRequest: Message, Sendable {
    var pageSize: Int32 { get set }
    var pageToken: String { get set }
}

extension PBListTopicsRequest: PageRequest {}
extension PBListTopicSubscriptionsRequest: PageRequest {}
extension PBListTopicSnapshotsRequest: PageRequest {}
extension PBListSubscriptionsRequest: PageRequest {}
extension PBListSnapshotsRequest: PageRequest {}
extension PBListSchemasRequest: PageRequest {}
extension PBListSchemaRevisionsRequest: PageRequest {}

extension PageRequest {
    /// `pageSize` and `pageToken` of a URL.
    static var pageQuery: [String: RestBinding<Self>.Setter] {
        [
            "pageSize": { request, text in
                guard let size = Int32(text) else {
                    throw APIError.invalidArgument("Invalid value for pageSize: '\(text)' is no number.")
                }
                request.pageSize = size
            },
            "pageToken": { $0.pageToken = $1 },
        ]
    }
}
