/// Why a schedule cannot be read.
public struct CronError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The whole schedule.
    public var schedule: String
    /// The field at fault: `minute`, `hour`, `day of month`, `month`, `day of week`; nil when it is the whole.
    public var field: String?
    /// Where the fault begins in the schedule, from 1, in characters.
    public var column: Int
    /// What is wrong.
    public var problem: String
    /// What to write instead.
    public var remedy: String

    /// Describes a fault in `schedule` at `column`.
    public init(schedule: String, field: String?, column: Int, problem: String, remedy: String) {
        self.schedule = schedule
        self.field = field
        self.column = column
        self.problem = problem
        self.remedy = remedy
    }

    /// The whole message, for people.
    public var description: String {
        "schedule '\(schedule)', column \(column)\(field.map { ", \($0)" } ?? ""): \(problem); \(remedy)"
    }
}
