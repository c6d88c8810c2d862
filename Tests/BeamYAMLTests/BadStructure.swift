/// Files whose structure is wrong.
enum BadStructure {
    static let all: [BadPipeline] = [
        BadPipeline(
            "a transform that is not there",
            #"""
            pipeline:
              type: chain
              transforms:
                - type: Create
                  config: {elements: [{a: [1]}]}
                - type: Explod
                  config: {fields: a}
                - type: LogForTesting
            """#,
            [
                "p.yaml:6:13: 'Explod' is not a transform; did you mean 'Explode'?"
            ]),
        BadPipeline(
            "a transform of Beam that is not here",
            #"""
            pipeline:
              type: chain
              transforms:
                - type: MatchAll
                  config: {file_pattern: x}
                - type: LogForTesting
            """#,
            [
                "p.yaml:4:13: Apache Beam's transform 'MatchAll' is not supported; transforms are AssertEqual, AssignTimestamps, Combine, Create, Enrichment, Explode, ExtractWindowingInfo, Filter, Flatten, Join, LogForTesting, MapToFields, Partition, ReadFromBigQuery, ReadFromCsv, ReadFromJson, ReadFromPubSub, ReadFromText, Reshuffle, Sql, StripErrorMetadata, ValidateWithSchema, WindowInto, WriteToBigQuery, WriteToCsv, WriteToJson, WriteToPubSub, WriteToText"
            ]),
        BadPipeline(
            "unknown parts",
            #"""
            pipelin: {}
            pipeline:
              type: chian
              transfroms: []
              transforms:
                - type: Create
                  nam: x
                  elements: [1]
                  config: {elements: [1], elments: [2]}
            """#,
            [
                "p.yaml:1:1: 'pipelin' is not a part of a pipeline file; did you mean 'pipeline'? parts are pipeline, options, providers, tests",
                "p.yaml:3:9: 'type' is one of chain, composite, not 'chian'; did you mean 'chain'?",
                "p.yaml:4:3: 'transfroms' is not a part of a pipeline; did you mean 'transforms'? parts are type, transforms, extra_transforms, source, sink, windowing, resource_hints",
                "p.yaml:7:7: 'nam' is not a part of a transform; did you mean 'name'? parts are type, name, input, config, windowing, resource_hints",
                "p.yaml:8:7: 'elements' is a parameter of Create; put it under 'config:'",
                "p.yaml:9:31: Create has no parameter 'elments'; did you mean 'elements'? parameters are elements, reshuffle",
            ]),
        BadPipeline(
            "no pipeline",
            #"""
            options: {}
            """#,
            [
                "p.yaml:1:1: the file has no 'pipeline'"
            ]),
        BadPipeline(
            "no file",
            #"""

            """#,
            [
                "p.yaml:1:1: the file is empty"
            ]),
        BadPipeline(
            "a list",
            #"""
            - type: Create
            """#,
            [
                "p.yaml:1:1: a pipeline file is a map with the key 'pipeline'"
            ]),
        BadPipeline(
            "not YAML",
            #"""
            pipeline:
              type: chain
              transforms: [
            """#,
            [
                "p.yaml:4:1: this is not YAML: did not find expected node content"
            ]),
        BadPipeline(
            "a template",
            #"""
            # {{ comments }} at the top are none
            pipeline:
              # {{ comments }} below are
              type: chain
            """#,
            [
                "p.yaml:3:8: 'comments' is not defined; no variables are given"
            ]),
        BadPipeline(
            "a key twice",
            #"""
            pipeline:
              type: chain
              type: composite
              transforms: []
            """#,
            [
                "p.yaml:2:3: the key 'type' stands twice in this map"
            ]),
        BadPipeline(
            "providers",
            #"""
            pipeline: {type: chain, transforms: [{type: Create, config: {elements: [1]}}]}
            providers:
              - type: python
            """#,
            [
                "p.yaml:3:5: the provider needs 'transforms'"
            ]),
        BadPipeline(
            "missing inputs",
            #"""
            pipeline:
              transforms:
                - type: Create
                  name: A
                  input: B
                  config: {elements: [1]}
                - type: Filter
                  name: B
                  config: {keep: element > 1}
                - type: LogForTesting
                  input: Bee
                - type: LogForTesting
                  name: Other
                  input: A.err
            """#,
            [
                "p.yaml:3:13: Create reads no other transform; remove its 'input'",
                "p.yaml:7:13: Filter needs an input; write 'input:' and the name of a transform",
                "p.yaml:11:14: there is no transform 'Bee' to read from; transforms are A, B, LogForTesting, Other",
                "p.yaml:14:14: 'A' has no output 'err'; there are no outputs",
            ]),
        BadPipeline(
            "a cycle",
            #"""
            pipeline:
              transforms:
                - type: LogForTesting
                  name: A
                  input: C
                - type: LogForTesting
                  name: B
                  input: A
                - type: LogForTesting
                  name: C
                  input: B
                - type: LogForTesting
                  name: D
                  input: D
            """#,
            [
                "p.yaml:8:14: 'A' reads its own output, directly or through others",
                "p.yaml:14:14: 'D' reads its own output, directly or through others",
            ]),
        BadPipeline(
            "names twice",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [1]}}
                - {type: Create, name: A, config: {elements: [2]}}
                - {type: Create, config: {elements: [2]}}
                - {type: LogForTesting, input: A}
                - {type: LogForTesting, input: Create}
            """#,
            [
                "p.yaml:4:28: two transforms are called 'A'; give one of them another name",
                "p.yaml:6:36: 'A' may mean 2 transforms; give them names and read by name",
                "p.yaml:7:36: 'Create' may mean 3 transforms; give them names and read by name",
            ]),
        BadPipeline(
            "an input inside a chain",
            #"""
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [1]}}
                - {type: LogForTesting, input: Create}
            """#,
            [
                "p.yaml:5:36: a transform of a chain reads the one before it; remove its 'input', or write 'type: composite'"
            ]),
        BadPipeline(
            "errors that nobody reads",
            #"""
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [1]}}
                - type: MapToFields
                  name: Map
                  config:
                    language: python
                    fields: {x: 1 / element}
                    error_handling: {output: errors}
                - {type: LogForTesting}
            """#,
            [
                "p.yaml:10:34: no transform reads the error output 'Map.errors'; name it as the input of one, or remove 'error_handling'"
            ]),
        BadPipeline(
            "error_handling where Beam has none",
            #"""
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [{a: 1}]}}
                - {type: Combine, config: {group_by: a, combine: {n: {value: a, fn: count}}, error_handling: {output: e}}}
            """#,
            [
                "p.yaml:5:82: Combine has no parameter 'error_handling'; parameters are group_by, combine, language"
            ]),
        BadPipeline(
            "a sink has no output",
            #"""
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [{a: 1}]}}
                - {type: WriteToBigQuery, config: {table: d.t}}
                - {type: LogForTesting}
            """#,
            [
                "p.yaml:6:14: 'WriteToBigQuery' has no output to read"
            ]),
        BadPipeline(
            "extra transforms",
            #"""
            pipeline:
              type: chain
              transforms:
                - {type: Create, name: A, config: {elements: [{at: x}]}}
              extra_transforms:
                - {type: MapToFields, input: A, config: {fields: {b: at}}}
            """#,
            [
                "p.yaml:6:14: warning: Apache Beam 2.77 does not know MapToFields among 'extra_transforms'; write 'type: composite' and give every transform an 'input'"
            ]),
        BadPipeline(
            "composites",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{at: x}]}}
                - type: composite
                  name: Inner
                  input: A
                  transforms:
                    - {type: LogForTesting, name: L, input: input}
                    - {type: LogForTesting, name: M, input: inptu}
                  output: {one: L, two: N}
                - {type: LogForTesting, input: Inner}
                - {type: LogForTesting, input: Inner.three}
                - {type: chain, name: Empty, input: A}
                - {type: chain, name: C, input: A, transforms: [{type: LogForTesting, name: X}, {type: LogForTesting, name: Y}], output: X}
            """#,
            [
                "p.yaml:9:49: there is no transform 'inptu' to read from; did you mean 'input'? transforms are L, M, input",
                "p.yaml:10:29: there is no transform 'N' to read from; transforms are L, M, input",
                "p.yaml:11:36: 'Inner' has 2 outputs; name one: Inner.one, Inner.two",
                "p.yaml:12:36: 'Inner' has no output 'three'; outputs are one, two",
                "p.yaml:13:14: the chain has no transforms",
                "p.yaml:14:126: the output of a chain is that of its last transform, 'Y'",
            ]),
        BadPipeline(
            "values of the wrong kind",
            #"""
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [{a: 1}], reshuffle: 1}}
                - {type: Filter, config: {keep: [a]}}
                - {type: Filter, config: [keep]}
                - {type: Filter, config: {keep: null}}
                - just text
                - {name: x}
                - {type: LogForTesting, resource_hints: {}}
            """#,
            [
                "p.yaml:4:62: 'reshuffle' is true or false, not a number",
                "p.yaml:5:37: 'keep' is an expression, not a list; put it in quotes",
                "p.yaml:6:14: Filter needs 'keep'",
                "p.yaml:6:30: 'config' is a map, not a list",
                "p.yaml:7:31: Filter needs 'keep'",
                "p.yaml:8:7: a transform is a map with 'type', not text",
                "p.yaml:9:7: the transform needs 'type'",
                "p.yaml:10:29: warning: 'resource_hints' mean nothing on one machine",
            ]),
        BadPipeline(
            "flatten",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{a: 1}]}}
                - {type: Create, name: B, config: {elements: [{a: x}]}}
                - {type: LogForTesting, input: [A, B]}
                - {type: Flatten}
                - {type: Filter, name: F, input: {one: A, two: B}, config: {keep: a > 1}}
            """#,
            [
                "p.yaml:5:14: the inputs have 'a' as integer and as string; make them one type with MapToFields",
                "p.yaml:6:14: Flatten needs inputs; write 'input:' and a list of transforms",
                "p.yaml:7:14: Filter takes one input, not 2",
            ]),
    ]
}
