import Columnar
import Dataflow
import Testing

@Suite struct GraphTextTests {
    private var graph: Graph {
        let schema = Schema([Field("k", .string)])
        var builder = GraphBuilder("my \"graph\"")
        let read = builder.add(
            "Read", .readFiles(ReadFiles(pattern: "in*", format: .json)), schema: schema, handlesErrors: true)
        let keep = builder.add("Keep", .filter(LiteralExpression(.boolean(true), .boolean)))
        builder.add(
            "Count", .combine(Combine(keys: [field("k", in: schema)], aggregates: [])), from: [Edge(step: keep)])
        builder.add("Write", .writeFiles(WriteFiles(path: "out", format: .json, isWindowed: false)))
        builder.add("Log", .log(prefix: ""), from: [Edge(step: read, output: .errors)])
        return builder.graph
    }

    @Test func stagesEndWhereWindowsHoldRowsBack() {
        #expect(
            GraphText(graph).text == """
                stage 1
                  Read: Read in* (k: string)
                  Keep: Keep <- Read (k: string)
                  Log: Log <- Read (errors) (k: string)
                stage 2
                  Count: Count <- Keep (k: string)
                  Write: Write out <- Count (k: string)

                """)
    }

    @Test func dotHasAClusterForEachStage() {
        #expect(
            GraphText(graph).dot == #"""
                digraph "my \"graph\"" {
                  rankdir=LR;
                  node [shape=box];
                  subgraph cluster_1 {
                    label="stage 1";
                    s0 [label="Read\nRead in*"];
                    s1 [label="Keep\nKeep"];
                    s4 [label="Log\nLog"];
                  }
                  subgraph cluster_2 {
                    label="stage 2";
                    s2 [label="Count\nCount"];
                    s3 [label="Write\nWrite out"];
                  }
                  s0 -> s1;
                  s1 -> s2;
                  s2 -> s3;
                  s0 -> s4 [label="errors", style=dashed];
                }

                """#)
    }
}
