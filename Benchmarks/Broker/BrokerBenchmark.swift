/// Measures the Pub/Sub broker in this process, without the network: one scenario a run, so that the peak memory is that
/// scenario's. `Benchmarks/broker.py` runs them all and compares.
///
///     BrokerBenchmark SCENARIO --folder EMPTY_FOLDER [--messages 1000000] [--batch 1000] …
///
/// Writes one figure a line, name and number, separated by a tab.
@main
struct BrokerBenchmark {
    static func main() async throws {
        let options: Options
        do { options = try Options(CommandLine.arguments.dropFirst()) } catch { fail("\(error)", status: 64) }
        do {
            var figures = Figures()
            try await run(options, &figures)
            figures.add("peak_megabytes", Machine.peakMegabytes)
            figures.write()
        } catch {
            fail("\(options.scenario): \(error)", status: 1)
        }
    }

    private static func run(_ options: Options, _ figures: inout Figures) async throws {
        switch options.scenario {
        case .disk: try DiskBound(options).run(&figures)
        case .publish: try await PublishScenario(options).run(&figures)
        case .deliver: try await DeliverScenario(options).run(&figures)
        case .fanOut: try await FanOutScenario(options).run(&figures)
        case .waiting: try await BacklogScenario(options).run(&figures, isLeased: false)
        case .leased: try await BacklogScenario(options).run(&figures, isLeased: true)
        case .createMany: try await ManySubscriptionsScenario(options).create(&figures)
        case .openMany: try await ManySubscriptionsScenario(options).open(&figures)
        case .retain: try await RetainedScenario(options).publish(&figures)
        case .openRetained: try await RetainedScenario(options).open(&figures)
        }
    }

    private static func fail(_ text: String, status: Int32) -> Never {
        Machine.writeError("BrokerBenchmark: \(text)\n")
        Machine.exit(status)
    }
}
