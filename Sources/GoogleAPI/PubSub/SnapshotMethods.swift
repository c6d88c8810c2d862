import PubSub
import SwiftProtobuf

/// The snapshots of `google.pubsub.v1.Subscriber`.
struct SnapshotMethods: Sendable {
    let broker: Broker

    var all: [APIMethod] {
        let service = SubscriberMethods.service
        return [
            service.unary(
                "CreateSnapshot", [.whole(.put, "{projects/*/snapshots/*}") { $0.name = $1 }]
            ) { (request: PBCreateSnapshotRequest) in
                try FullName.check(request.name, in: .snapshots)
                try FullName.check(request.subscription, in: .subscriptions)
                try Unsupported.check(request)
                return PBSnapshot(
                    try await broker.createSnapshot(
                        request.name, ofSubscription: request.subscription, labels: request.labels))
            },
            service.unary(
                "GetSnapshot", [RestBinding(.get, "{projects/*/snapshots/*}", path: { $0.snapshot = $1 })]
            ) { (request: PBGetSnapshotRequest) in
                try FullName.check(request.snapshot, in: .snapshots)
                return PBSnapshot(try broker.snapshot(request.snapshot))
            },
            service.unary(
                "UpdateSnapshot", [.whole(.patch, "{projects/*/snapshots/*}") { $0.snapshot.name = $1 }], update),
            service.unary(
                "ListSnapshots",
                [
                    RestBinding(
                        .get, "{projects/*}/snapshots", path: { $0.project = $1 },
                        query: PBListSnapshotsRequest.pageQuery)
                ], list),
            service.unary(
                "DeleteSnapshot", [RestBinding(.delete, "{projects/*/snapshots/*}", path: { $0.snapshot = $1 })]
            ) { (request: PBDeleteSnapshotRequest) in
                try FullName.check(request.snapshot, in: .snapshots)
                try await broker.deleteSnapshot(request.snapshot)
                return Google_Protobuf_Empty()
            },
        ]
    }

    private func update(_ request: PBUpdateSnapshotRequest) async throws -> PBSnapshot {
        let snapshot = request.snapshot
        try FullName.check(snapshot.name, in: .snapshots)
        let mask = try UpdateMask(
            request.updateMask, of: "UpdateSnapshotRequest", resource: snapshot.name,
            allowed: ["labels", "expire_time"], fixed: ["name", "topic"])
        return PBSnapshot(
            try await broker.updateSnapshot(
                snapshot.name, labels: mask.fields.contains("labels") ? snapshot.labels : nil,
                expireTime: mask.fields.contains("expire_time") ? .init(snapshot.expireTime) : nil))
    }

    private func list(_ request: PBListSnapshotsRequest) throws -> PBListSnapshotsResponse {
        let prefix = try FullName.prefix(ofProject: request.project)
        let page = try Page(
            of: broker.snapshots.filter { $0.name.hasPrefix(prefix) }, size: request.pageSize,
            token: request.pageToken, name: \.name)
        var response = PBListSnapshotsResponse()
        response.snapshots = page.elements.map { PBSnapshot($0) }
        response.nextPageToken = page.nextToken
        return response
    }
}
