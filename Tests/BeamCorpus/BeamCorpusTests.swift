import CPython
import Testing

/// The pipeline files in `cases/` give here what `recordings/` says that Apache Beam gives; `record.py` records.
@Suite("Apache Beam's results") struct BeamCorpusTests {
    @Test("are ours, with one worker and with many", arguments: Case.all, [1, 8])
    func sameResult(_ given: Case, workers: Int) async throws {
        let actual = try await CaseRun(given).outcome(workers: workers)
        if case .refused(let reason) = actual, reason.contains("python3"), (try? PythonInstallation.find()) == nil {
            print("\(given.name) is not compared: it needs python3 on the PATH")
            return
        }
        if let reason = Case.unsupported[given.name] {
            guard case .refused = actual else {
                Issue.record("\(given.name) runs, so unsupported.txt need not name it (\(reason))")
                return
            }
            return
        }
        let difference = Difference(expected: try given.expected(), actual: actual)
        if !difference.lines.isEmpty {
            Issue.record("\(given.name):\n\(difference.lines.joined(separator: "\n"))")
        }
    }

    @Test("are recorded for every case, and for no other")
    func complete() throws {
        let recorded = Case.all.map(\.name)
        #expect(try Case.names() == recorded)
        #expect(Set(Case.unsupported.keys).subtracting(recorded) == [])
    }
}
