public import Control
public import Foundation
import Pipes

/// Speaks to a running instance through its admin socket.
public struct AdminClient: Sendable {
    private let folder: URL

    /// - Parameter folder: the instance's data folder.
    public init(folder: URL) { self.folder = folder }

    /// Every figure as JSON, or as OpenMetrics text.
    public func snapshot(openMetrics: Bool) async throws -> [UInt8] {
        try await call("GET", openMetrics ? "/metrics" : "/v1/snapshot")
    }

    /// Sends a command and returns what became of it.
    public func perform(_ command: Command) async throws -> CommandAnswer {
        let answer = try await call("POST", "/v1/commands", body: Array(JSONEncoder().encode(command)))
        return try JSONDecoder().decode(CommandAnswer.self, from: Data(answer))
    }

    private func call(_ method: String, _ path: String, body: [UInt8] = []) async throws -> [UInt8] {
        let socket = try AdminSocket(folder: folder).path()
        let host = socket.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? socket
        let http = OutboundHTTP()
        let result: Result<HTTPResponse, any Error>
        do {
            let request = HTTPRequest(method: method, url: "http+unix://\(host)\(path)", body: body)
            result = .success(try await http.send(request, timeout: .seconds(10)))
        } catch {
            result = .failure(error)
        }
        await http.close()
        switch result {
        case .success(let response) where response.isSuccess: return response.body
        case .success(let response):
            throw HostError(
                .notRunning,
                "the instance answered \(response.status): \(String(decoding: response.body, as: UTF8.self))")
        case .failure:
            throw HostError(
                .notRunning, "no streamtop answers on \(folder.path)",
                remedy: "start one, or name its data folder with --data DIR")
        }
    }
}
