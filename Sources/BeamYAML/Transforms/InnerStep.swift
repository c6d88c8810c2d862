import Columnar
import Dataflow

/// A step that a transform needs beside its own: what reads its input before it, or what one of its outputs comes from.
struct InnerStep {
    /// Where an inner step's rows come from.
    enum Input {
        /// The transform's input; for a branch, the transform's own step.
        case outer
        /// One of the transform's several inputs, by its number.
        case input(Int)
        /// An inner step of the same run, by its number.
        case inner(Int)
    }

    /// Behind the transform's name and a slash.
    var name: String
    /// The step's type, for people.
    var transform: String
    var operation: Operation
    var inputs: [Input] = [.outer]
    var schema: Schema
}

/// An output of a transform that has several, with the steps that make it of the transform's rows.
struct Branch {
    var name: String
    var steps: [InnerStep]
    var rows: Rows
}
