import ArgumentParser
import Foundation
import Host
import Logging

/// The flags that every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder for everything that lasts.",
            discussion: "Default: a folder for the workspace under $XDG_STATE_HOME/streamtop.", valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The dashboard's theme: a name, or the path of a btop .theme file.", valueName: "name"))
    var theme: String?

    @Option(help: ArgumentHelp("Least level that is logged: debug, info, warning or error.", valueName: "level"))
    var logLevel: LogLevel = .info

    /// The levels by their names.
    enum LogLevel: String, ExpressibleByArgument, CaseIterable {
        case debug, info, warning, error

        var level: Logger.Level {
            switch self {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        }
    }
}

/// What the dashboard and headless runs have in common.
struct StackOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Poll this feed instead of the simulator.", discussion: "New York's needs no key.", valueName: "url"))
    var feed: String?

    @Option(
        help: ArgumentHelp(
            "Serve the .pb recordings of a folder as the feed, in name order, one a poll.", valueName: "dir"))
    var replay: String?

    @Flag(
        help: "Let time run as fast as the work allows; with --replay it starts at the first recording's header time.")
    var fast = false

    @Flag(help: "Resume the paused triggers at the start.")
    var resume = false

    @Option(
        help: ArgumentHelp(
            "Serve /metrics and /v1/snapshot over HTTP, for scrapers.", discussion: "PORT alone means loopback.",
            valueName: "host:port"))
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "Serve Pub/Sub's clients (gRPC and REST) there; off: nowhere.",
            discussion: "Default: 127.0.0.1:8085, or a free port when another program has that one.",
            valueName: "host:port"))
    var pubsubListen: String?

    func validate() throws {
        if feed != nil, replay != nil {
            throw ValidationError("--feed and --replay exclude each other: name one source of the feed")
        }
        if let feed {
            guard let url = URL(string: feed), ["http", "https"].contains(url.scheme), url.host() != nil else {
                throw ValidationError("'\(feed)' is not a URL; write --feed https://HOST/PATH")
            }
        }
        if let pubsubListen, PubSubListen(pubsubListen) == nil {
            throw ValidationError(
                "'\(pubsubListen)' is not an address; write --pubsub-listen PORT, --pubsub-listen HOST:PORT or "
                    + "--pubsub-listen off")
        }
        if let listen, AdminServer.Address(listen) == nil {
            throw ValidationError("'\(listen)' is not an address; write --listen PORT or --listen HOST:PORT")
        }
    }
}
