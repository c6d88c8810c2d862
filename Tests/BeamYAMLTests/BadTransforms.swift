/// Files in which a transform is used wrongly.
enum BadTransforms {
    static let all: [BadPipeline] = [
        BadPipeline(
            "Partition",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{k: a, n: 1}]}}
                - {type: Partition, name: P, input: A, config: {by: n, outputs: [a, a]}}
                - {type: Partition, name: Q, input: A, config: {by: k, outputs: [a, b], error_handling: {output: b}}}
                - {type: Partition, name: R, input: A, config: {by: k, outputs: [a, b]}}
                - {type: LogForTesting, input: R}
                - {type: LogForTesting, name: L, input: R.c}
                - {type: LogForTesting, name: M, input: P.a}
            """#,
            [
                "p.yaml:4:57: 'by' is integer; it gives the name of an output, which is text; write 'language: python' and str(…)",
                "p.yaml:4:73: the output 'a' stands twice",
                "p.yaml:5:102: the error output 'b' is among the 'outputs'",
                "p.yaml:5:102: no transform reads the error output 'Q.b'; name it as the input of one, or remove 'error_handling'",
                "p.yaml:7:36: 'R' has 2 outputs; name one: R.a, R.b",
                "p.yaml:8:45: 'R' has no output 'c'; outputs are a, b",
            ]),
        BadPipeline(
            "AssertEqual, Reshuffle, StripErrorMetadata",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [1]}}
                - {type: AssertEqual, name: B, input: A, config: {elements: [1, {element: 2024-01-01}]}}
                - {type: Reshuffle, input: A, config: {num_buckets: 0}}
                - {type: MapToFields, name: N, input: A, config: {fields: {n: element}}}
                - {type: StripErrorMetadata, name: C, input: N}
                - {type: LogForTesting, input: B}
            """#,
            [
                "p.yaml:4:66: an element to compare with is a map of fields, not a number; the rows of Create that are no maps have the field 'element': write {element: …}",
                "p.yaml:4:79: a date is not supported as a value; put it in quotes for text",
                "p.yaml:5:57: 'num_buckets' is one or more",
                "p.yaml:7:14: the input is not an error output: it has no field failed_row, element, record; read TRANSFORM.errors, as its 'error_handling' names it",
                "p.yaml:8:36: 'B' has no output to read",
            ]),
        BadPipeline(
            "ValidateWithSchema",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{k: a, n: 1}]}}
                - {type: ValidateWithSchema, name: B, input: A, config: {schema: {type: object, properties: {n: {type: string}}, required: [m], additionalProperties: false}}}
                - {type: ValidateWithSchema, name: C, input: A, config: {schema: {type: objekt}}}
                - {type: ValidateWithSchema, name: D, input: A, config: {schema: {type: object, properties: {n: {type: integer, minimun: 1}, k: {type: string, pattern: "("}}}}}
            """#,
            [
                "p.yaml:4:70: the schema requires 'm', which the row has not; fields are k, n",
                "p.yaml:4:70: the schema does not allow the field 'k'",
                "p.yaml:4:70: 'n' is integer, but the schema says 'string'",
                "p.yaml:5:77: 'type' is one of array, boolean, integer, number, object, string, not 'objekt'; did you mean 'object'?",
                "p.yaml:6:117: 'n' has no parameter 'minimun'; did you mean 'minimum'? words are type, properties, required, additionalProperties, items, enum, const, pattern, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, maxLength, minItems, maxItems, $comment, $id, $schema, default, description, examples, title",
                "p.yaml:6:157: 'pattern': a group without ')' at position 1 of the pattern is not supported",
            ]),
        BadPipeline(
            "ReadFromBigQuery",
            #"""
            pipeline:
              transforms:
                - {type: ReadFromBigQuery, name: A, config: {table: p.shop.thinks, schema: {}}}
                - {type: ReadFromBigQuery, name: B, config: {table: shop.things, fields: [id, nme]}}
                - {type: ReadFromBigQuery, name: C, config: {query: SELECT 1, fields: [a]}}
                - {type: ReadFromBigQuery, name: D, config: {query: SELECT 1 AS a, schema: {fields: [{name: a, type: INT}]}}}
                - {type: ReadFromBigQuery, name: E, config: {}}
                - {type: ReadFromBigQuery, name: F, config: {table: shop.things, fields: [name], row_restriction: id = 'x'}}
                - {type: LogForTesting, input: F}
            """#,
            [
                "p.yaml:3:57: there is no table 'shop.thinks'; did you mean 'shop.things'? tables are shop.things",
                "p.yaml:3:72: a table has its own schema; remove 'schema'",
                "p.yaml:4:83: the table 'shop.things' has no column 'nme'; did you mean 'name'? columns are id, name, size",
                "p.yaml:5:14: ReadFromBigQuery needs 'schema'",
                "p.yaml:5:67: 'fields' belongs to a table; put it into the query",
                "p.yaml:6:106: 'INT' is not a type of a query's column; types are BOOL, BOOLEAN, BYTES, FLOAT, FLOAT64, INT64, INTEGER, STRING, TIMESTAMP",
                "p.yaml:7:14: ReadFromBigQuery needs a 'table' or a 'query'",
            ]),
        BadPipeline(
            "what is not here",
            #"""
            pipeline:
              transforms:
                - {type: ReadFromParquet, config: {path: x}}
                - {type: WriteToAvro, config: {path: x}}
            """#,
            [
                "p.yaml:3:14: Apache Beam's transform 'ReadFromParquet' is not supported; convert the files with DuckDB, and read them with ReadFromJson",
                "p.yaml:4:14: Apache Beam's transform 'WriteToAvro' is not supported; use WriteToJson, and convert the files with DuckDB",
            ]),
    ]
}
