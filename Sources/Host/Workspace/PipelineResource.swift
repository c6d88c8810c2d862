/// A pipeline to run, with the field names of Dataflow's launch request as far as they apply.
public struct PipelineResource: Sendable, Hashable, Codable {
    /// The size of a job's worker pool, and what its steps may keep.
    public struct Environment: Sendable, Hashable, Codable {
        /// Workers at the start, 1 to 8; afterwards what was last set by hand.
        public var numWorkers: Int?
        /// Most workers, 1 to 8.
        public var maxWorkers: Int?
        /// Bytes of a step's open windows beyond which they go to a file.
        public var maxStateBytes: Int?
        /// Bytes of a step's sessions and waiting rows beyond which the pipeline fails.
        public var maxMemoryBytes: Int?
    }

    /// The pipeline's identity in the warehouse and on the screen.
    public var jobName: String
    /// The Beam YAML file, relative to the workspace.
    public var yamlPipelineFile: String
    /// Nil: one worker, at most eight.
    public var environment: Environment?
    /// Where elements go that a step rejects and that have no error output: a topic.
    public var deadLetterTopic: String?
    /// The variables of the file's templates, as of Beam's `--jinja_variables`.
    public var jinjaVariables: TemplateVariables?

    private enum CodingKeys: String, CodingKey {
        case jobName, yamlPipelineFile, environment, deadLetterTopic
        case jinjaVariables = "jinja_variables"
    }
}
