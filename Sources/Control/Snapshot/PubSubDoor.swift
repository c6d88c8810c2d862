/// Where Pub/Sub's clients are served.
public struct PubSubDoor: Sendable, Hashable, Codable {
    /// `HOST:PORT`, for gRPC and REST.
    public var address: String
    /// The project of the workspace's topics and subscriptions.
    public var project: String

    /// An address that is open.
    public init(address: String, project: String) {
        self.address = address
        self.project = project
    }

    /// The environment variables that point clients here, in a shell's words: Google's libraries read the first two,
    /// `gcloud` the others.
    public var shellExports: [String] {
        [
            "export PUBSUB_EMULATOR_HOST=\(address)",
            "export PUBSUB_PROJECT_ID=\(project)",
            "export CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB=http://\(address)/",
            "export CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true",
            "export CLOUDSDK_CORE_PROJECT=\(project)",
        ]
    }
}
