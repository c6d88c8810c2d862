import Pipes
import PipesTestSupport
import Time

extension FakeSubscription {
    /// Publishes a row in JSON, with its event time in milliseconds and an id as attributes.
    func publish(_ row: String, time: Int64, id: String) { publish([row], attributes: ["time": "\(time)", "id": id]) }
}
