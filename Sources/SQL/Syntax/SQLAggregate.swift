/// The functions of SQL that aggregate.
enum SQLAggregate: String, CaseIterable {
    case count = "COUNT", sum = "SUM", minimum = "MIN", maximum = "MAX", average = "AVG"
}
