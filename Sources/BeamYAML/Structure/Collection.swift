import Columnar
import Dataflow

/// What flows along an edge: Beam's PCollection.
struct Collection {
    var edge: Edge
    /// What is known of its rows; nil where an error upstream keeps it from being known.
    var rows: Rows?

    /// Stands for the output of a transform that has an error.
    static let unknown = Collection(edge: Edge(step: -1), rows: nil)
}

/// What is known of the rows of a collection.
struct Rows {
    var schema: Schema
    var windowing: WindowFunction = .global
    /// Whether it may never end.
    var isUnbounded = false
    /// The Enrichment since which Beam knows no fields: a callable can still read the row.
    var schemaLostBy: String?
    /// Fields that Beam's rows lack where an Enrichment found nothing.
    var possiblyAbsent: Set<String> = []
}

/// The outputs of a transform.
struct Outputs {
    /// Nil for a sink.
    var main: Collection?
    /// Every output that has a name.
    var named: [String: Named] = [:]

    struct Named {
        var collection: Collection
        /// The transform whose error output it is.
        var errorsOf: TransformSpec?
    }
}
