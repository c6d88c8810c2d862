internal import Logging
public import Pipes
public import Run
internal import Time

/// The service `mta-processor-endpoint`: polls the feed, turns its protobuf into JSON and publishes one message.
///
/// The request is a task's. Its name is the poll's identity: it goes to the feed as `Idempotency-Key`, and the event's id
/// follows from it, so that a task that is tried again publishes the same event and not another one.
///
/// A feed that fails, says nothing or talks nonsense makes the answer a 5xx; the task then waits and is tried again. A feed
/// that has nothing new (304) is a success without a message.
///
/// Environment: `FEED_URL` (required), `TOPIC` (`mta-gtfs-ace`).
public struct MTAProcessor: RequestHandler {
    /// How long the feed may take.
    static let feedTimeout = Duration.seconds(30)

    /// Made anew for each instance of the service; there is nothing to set.
    public init() {}

    /// Polls and publishes: 200, 204 when there is nothing new, 405 for other methods than POST, 500 without a feed's URL,
    /// 502 and 504 when the feed fails. Throws what the broker does.
    public func handle(_ request: HTTPRequest, context: ServiceContext) async throws -> HTTPResponse {
        guard request.method == "POST" else {
            return HTTPResponse(status: 405, text: "mta-processor-endpoint takes POST, not \(request.method)")
        }
        guard let url = context.environment["FEED_URL"], !url.isEmpty else {
            return HTTPResponse(
                status: 500, text: "mta-processor-endpoint has no feed: set FEED_URL in the service's environment")
        }
        let poll = Poll(request: request, time: context.clock.now)
        switch await answer(of: url, to: poll, through: context.http) {
        case .nothingNew:
            return HTTPResponse(status: 204)
        case .failure(let status, let reason):
            context.logger.warning("poll failed: \(reason)")
            return HTTPResponse(status: status, text: reason)
        case .feed(let feed):
            let topic = context.environment["TOPIC"] ?? "mta-gtfs-ace"
            let message = try poll.message(of: feed)
            _ = try await context.publisher.publish([message], to: topic)
            let vehicles = feed.entity.count(where: \.hasVehicle)
            return HTTPResponse(
                status: 200, text: "published \(vehicles) vehicles to \(topic) as \(poll.eventID)")
        }
    }

    private enum Answer {
        case feed(GTFSFeedMessage)
        case nothingNew
        case failure(status: Int, String)
    }

    /// Asks the feed. 502 and 504 are a gateway's words for another's failure; 503 and 429 would slow the whole queue.
    private func answer(of url: String, to poll: Poll, through http: any HTTPTarget) async -> Answer {
        let response: HTTPResponse
        do {
            var headers = ["Accept": "application/x-protobuf, application/octet-stream, */*"]
            headers["Idempotency-Key"] = poll.taskName
            response = try await http.send(HTTPRequest(url: url, headers: headers), timeout: Self.feedTimeout)
        } catch let failure as HTTPFailure where failure.reason == .timeout {
            return .failure(status: 504, "the feed \(url) did not answer in time: \(failure)")
        } catch {
            return .failure(status: 502, "the feed \(url) cannot be reached: \(error)")
        }
        guard response.status != 304 else { return .nothingNew }
        guard response.isSuccess else {
            let words = String(decoding: response.body.prefix(200), as: UTF8.self).split(whereSeparator: \.isNewline)
            return .failure(
                status: 502, "the feed \(url) answered \(response.status)" + (words.first.map { ": \($0)" } ?? ""))
        }
        do {
            return .feed(try GTFSFeedMessage(feed: response.body))
        } catch {
            return .failure(status: 502, "\(url): \(error)")
        }
    }
}
