internal import Pipes
internal import Time

/// One poll of the feed and the identity that it gives to its event.
struct Poll: Hashable {
    /// The task's name; nil when somebody calls the service by hand.
    var taskName: String?
    /// The same for every try of a task, and different for different tasks.
    var eventID: String
    /// When this try was made.
    var time: Timestamp

    init(request: HTTPRequest, time: Timestamp) {
        taskName = request.header("X-CloudTasks-TaskName")
        self.time = time
        let queue = request.header("X-CloudTasks-QueueName") ?? ""
        // A call by hand is known by its time alone.
        let name = taskName.map { "task:\(queue)/\($0)" } ?? "poll:\(time.rfc3339)"
        eventID = NameUUID(name: name).description
    }

    /// The message to publish: the feed as JSON, with what subscribers need in order to tell doubles
    /// (`unique_event_id`) and to know the event's time (`feed_timestamp`, milliseconds; absent when the feed has none).
    func message(of feed: GTFSFeedMessage) throws -> OutgoingMessage {
        var attributes = ["unique_event_id": eventID]
        if feed.header.timestamp > 0 { attributes["feed_timestamp"] = String(feed.header.timestamp * 1000) }
        return OutgoingMessage(data: try feed.eventJSON(id: eventID, polledAt: time), attributes: attributes)
    }
}
