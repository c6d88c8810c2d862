/// What is to be measured.
enum Scenario: String, CaseIterable {
    /// What the disk allows: a loop that writes and flushes.
    case disk
    /// Durable publishes.
    case publish
    /// Deliver and acknowledge a backlog.
    case deliver
    /// Bytes on disk for one topic and several subscriptions.
    case fanOut = "fan-out"
    /// Memory with a backlog that nobody reads.
    case waiting
    /// Memory with a backlog that is handed out and not acknowledged.
    case leased
    /// Many subscriptions: creation, publishing, waking up.
    case createMany = "create-many"
    /// The same after a restart.
    case openMany = "open-many"
    /// Many retained messages: backlog, seeking.
    case retain
    /// The same after a restart.
    case openRetained = "open-retained"
}

/// The command line.
struct Options {
    var scenario: Scenario
    /// Of the broker; what it leaves stays there.
    var folder: String
    var messages = 1_000_000
    /// Bytes of a message's data.
    var bytes = 200
    /// Messages a publish, and a pull.
    var batch = 1000
    /// Tasks that publish, or consume.
    var tasks = 1
    var topics = 1
    var subscriptions = 1
    /// A time between the first and the last message, in microseconds since the epoch.
    var middle = 1
    var isExactlyOnce = false
    /// Every subscription has a filter that lets nothing pass.
    var isFiltered = false
    /// Deliver to a pipeline in the process, which reads without ack deadlines.
    var isPipeline = false

    struct Misuse: Error, CustomStringConvertible { var description: String }

    init(_ arguments: some Sequence<String>) throws(Misuse) {
        var arguments = Array(arguments)[...]
        let scenarios = Scenario.allCases.map(\.rawValue).joined(separator: ", ")
        guard let name = arguments.popFirst(), let scenario = Scenario(rawValue: name) else {
            throw Misuse(description: "the first argument is the scenario: \(scenarios)")
        }
        self.scenario = scenario
        folder = ""
        while let option = arguments.popFirst() {
            switch option {
            case "--folder": folder = arguments.popFirst() ?? ""
            case "--exactly-once": isExactlyOnce = true
            case "--filtered": isFiltered = true
            case "--pipeline": isPipeline = true
            case "--messages": messages = try Options.number(option, &arguments)
            case "--bytes": bytes = try Options.number(option, &arguments)
            case "--batch": batch = try Options.number(option, &arguments)
            case "--tasks": tasks = try Options.number(option, &arguments)
            case "--topics": topics = try Options.number(option, &arguments)
            case "--middle": middle = try Options.number(option, &arguments)
            case "--subscriptions": subscriptions = try Options.number(option, &arguments)
            default: throw Misuse(description: "\(option) is no option")
            }
        }
        if folder.isEmpty { throw Misuse(description: "--folder is missing: where the broker keeps its files") }
    }

    private static func number(_ option: String, _ arguments: inout ArraySlice<String>) throws(Misuse) -> Int {
        guard let text = arguments.popFirst(), let number = Int(text), number > 0 else {
            throw Misuse(description: "\(option) needs a number above 0")
        }
        return number
    }
}
