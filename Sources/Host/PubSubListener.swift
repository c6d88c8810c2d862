import Control
import GoogleAPI
import PubSub
import Time

/// Where Pub/Sub is served to clients outside of the process.
public enum PubSubListen: Sendable, Hashable {
    /// Nowhere.
    case off
    /// There, where somebody wants it so: it is an error when that is not possible.
    case at(AdminServer.Address)
    /// At the port of Google's emulator or, when another program has that, at one that is free.
    case anywhere

    /// Reads what `--pubsub-listen` takes; nil when it is neither an address nor `off`.
    public init?(_ text: String) {
        if text == "off" {
            self = .off
        } else if let address = AdminServer.Address(text) {
            self = .at(address)
        } else {
            return nil
        }
    }
}

/// Serves Pub/Sub beside the stack.
struct PubSubListener: Sendable {
    let listen: PubSubListen
    let broker: Broker
    let clock: any WallClock
    let log: EventLog

    /// The port of Google's emulator.
    private static let customary = 8085
    private static let loopback = "127.0.0.1"

    /// Serves until cancelled; `ready` is told where. Throws when an address that was asked for cannot be opened.
    func run(ready: @escaping @Sendable (PubSubDoor) async -> Void) async throws {
        switch listen {
        case .off: return
        case .at(let address):
            try await serve(address.host, address.port) { door in
                if !address.isLoopback {
                    log.add(
                        .warning, "pubsub",
                        "Pub/Sub serves whoever reaches \(door.address): nobody is asked who they are")
                }
                await ready(door)
            }
        case .anywhere:
            do {
                try await serve(Self.loopback, Self.customary, ready)
            } catch let error as PubSubServerError where error.isInUse {
                log.add(.warning, "pubsub", "\(error); clients find another port: see `streamtop env`")
                try await serve(Self.loopback, 0, ready)
            }
        }
    }

    private func serve(_ host: String, _ port: Int, _ ready: @escaping @Sendable (PubSubDoor) async -> Void)
        async throws
    {
        do {
            try await PubSubServer(broker: broker, clock: clock, host: host, port: port).run { address in
                await ready(PubSubDoor(address: address, project: broker.project))
            }
        } catch let error as PubSubServerError where listen != .anywhere {
            throw HostError(
                .listen, "\(error)",
                remedy:
                    "choose another address with --pubsub-listen HOST:PORT, or serve nobody with --pubsub-listen off")
        }
    }
}
