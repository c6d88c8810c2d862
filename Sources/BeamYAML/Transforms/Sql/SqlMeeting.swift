import Dataflow
import SQL

/// The windows in which the two sources of a query's join meet.
struct SqlMeeting {
    let join: SQLJoin
    /// Of the left and the right source.
    let rows: [Rows]
    let place: Place

    /// What is known of the joined rows, but their fields; nil where the sources cannot meet, and the reason is told.
    ///
    /// What never ends may be joined with what does and has no windows: its rows keep their times and windows then, as in
    /// Beam's side joins.
    func rows(_ findings: Findings) -> Rows? {
        let endless = rows.indices.filter { rows[$0].isUnbounded }
        if let main = endless.first, endless.count == 1, rows[1 - main].windowing == .global {
            guard !preserves(1 - main) else {
                findings.error(
                    "whether a row of \(name(1 - main)) finds a partner is never known, because \(name(main)) never ends",
                    at: place, suggestion: "write an inner or \(main == 0 ? "LEFT" : "RIGHT") JOIN, or join in windows")
                return nil
            }
            return rows[main]
        }
        guard rows[0].windowing == rows[1].windowing else {
            findings.error(
                "\(name(0)) and \(name(1)) have different windows (\(rows[0].windowing.words) and "
                    + "\(rows[1].windowing.words))",
                at: place, suggestion: "write 'windowing' on the Sql transform: it puts every input in these windows")
            return nil
        }
        if case .sessions = rows[0].windowing {
            findings.error(
                "rows in sessions are not joined", at: place,
                suggestion: "join in fixed or sliding windows, and put what comes out in sessions")
            return nil
        }
        guard endless.count < 2 || rows[0].windowing != .global else {
            findings.error(
                "\(name(0)) and \(name(1)) never end, so they have to be joined in windows", at: place,
                suggestion: "write 'windowing: {type: fixed, size: 60s}' on the Sql transform")
            return nil
        }
        var result = rows[0]
        result.isUnbounded = !endless.isEmpty
        return result
    }

    private func preserves(_ side: Int) -> Bool { join.kind == .full || join.kind == (side == 0 ? .left : .right) }

    private func name(_ side: Int) -> String { "'\(join.names[side])'" }
}
