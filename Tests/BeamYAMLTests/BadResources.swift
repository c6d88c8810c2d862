/// Files that use Pub/Sub, the warehouse or Enrichment wrongly.
enum BadResources {
    static let all: [BadPipeline] = [
        BadPipeline(
            "reading Pub/Sub",
            #"""
            pipeline:
              transforms:
                - {type: ReadFromPubSub, name: A, config: {format: RAW}}
                - {type: ReadFromPubSub, name: B, config: {topic: events, subscription: events-sub, format: RAW}}
                - {type: ReadFromPubSub, name: C, config: {subscription: projects/p/subscriptions/event-sub, format: RAW}}
                - {type: ReadFromPubSub, name: D, config: {subscription: projects/p/topics/events-sub, format: RAW}}
                - {type: ReadFromPubSub, name: E, config: {subscription: events-sub, format: JSN}}
                - {type: ReadFromPubSub, name: F, config: {subscription: projects/p/subscriptions/events-sub, format: JSON}}
                - {type: ReadFromPubSub, name: G, config: {subscription: projects/p/subscriptions/events-sub, format: RAW, schema: {}}}
                - {type: ReadFromPubSub, name: H, config: {subscription: projects/p/subscriptions/events-sub, format: AVRO}}
                - {type: ReadFromPubSub, name: I, config: {subscription: projects/p/subscriptions/events-sub, format: RAW, attributes_map: m, attributes: [payload]}}
                - type: ReadFromPubSub
                  name: J
                  config:
                    subscription: projects/p/subscriptions/events-sub
                    format: JSON
                    schema:
                      type: object
                      required: [a, z]
                      properties:
                        a: {type: strin}
                        b: {type: array}
                        c: {type: object, additionalProperties: {type: string}}
                        d: [string]
                        e: {typ: string}
            """#,
            [
                "p.yaml:3:14: ReadFromPubSub needs a 'subscription' or a 'topic'",
                "p.yaml:4:55: ReadFromPubSub reads a subscription or a topic, not both",
                "p.yaml:5:62: there is no subscription 'event-sub'; did you mean 'events-sub'? subscriptions are events-sub, orders",
                "p.yaml:6:62: 'projects/p/topics/events-sub' is not the name of a subscription; write projects/PROJECT/subscriptions/NAME",
                "p.yaml:7:62: warning: Apache Beam needs the full name of a subscription; write projects/PROJECT/subscriptions/events-sub",
                "p.yaml:7:82: 'JSN' is not a format; did you mean 'JSON'? formats are AVRO, JSON, PROTO, RAW, STRING",
                "p.yaml:8:14: ReadFromPubSub needs 'schema'",
                "p.yaml:9:112: the format RAW takes no schema",
                "p.yaml:10:14: ReadFromPubSub needs 'schema'",
                "p.yaml:11:144: the row has a field 'payload' already",
                "p.yaml:19:25: 'z' is required but not a property; properties are a, b, c, d, e",
                "p.yaml:21:23: 'strin' is not a type; did you mean 'string'? types are array, boolean, bytes, integer, number, object, string",
                "p.yaml:22:16: the type needs 'items'",
                "p.yaml:23:16: objects with any keys are not supported",
                "p.yaml:24:16: a type is a map with 'type', not a list",
                "p.yaml:25:16: the type needs 'type'",
            ]),
        BadPipeline(
            "writing Pub/Sub",
            #"""
            pipeline:
              type: composite
              source: {type: Create, name: A, config: {elements: [{a: 1, b: x, c: y}]}}
              transforms:
                - {type: WriteToPubSub, name: W1, input: A, config: {topic: projects/p/topics/evnts, format: JSON}}
                - {type: WriteToPubSub, name: W2, input: A, config: {topic: projects/p/topics/events, format: RAW}}
                - {type: WriteToPubSub, name: W3, input: A, config: {topic: projects/p/topics/events, format: JSON, attributes: [a, bb]}}
                - {type: WriteToPubSub, name: W4, input: A, config: {topic: projects/p/topics/events, format: PROTO}}
                - {type: WriteToPubSub, name: W5, input: A, config: {topic: events, format: STRING, attributes: [b, c]}}
                - {type: WriteToPubSub, name: W7, input: A, config: {topic: projects/p/topics/events, format: JSON, attributes_map: b}}
                - {type: WriteToPubSub, name: W6, input: A}
            """#,
            [
                "p.yaml:5:65: there is no topic 'evnts'; did you mean 'events'? topics are events",
                "p.yaml:6:99: RAW writes one field, but there are a, b, c; keep one with MapToFields, or make the others attributes",
                "p.yaml:7:118: the attribute 'a' is integer; attributes are text; convert it with str(…) in MapToFields",
                "p.yaml:7:121: unknown field 'bb'; fields are a, b, c",
                "p.yaml:8:14: WriteToPubSub needs 'schema'",
                "p.yaml:9:65: warning: Apache Beam needs the full name of a topic; write projects/PROJECT/topics/events",
                "p.yaml:9:81: warning: Apache Beam writes no format STRING; write RAW, which takes text too",
                "p.yaml:9:81: RAW writes bytes or text, but 'a' is integer",
                "p.yaml:10:121: 'attributes_map' is a map of texts, but 'b' is string",
                "p.yaml:11:14: WriteToPubSub needs 'topic'",
                "p.yaml:11:14: WriteToPubSub needs 'format'",
            ]),
        BadPipeline(
            "definitions of messages",
            #"""
            pipeline:
              transforms:
                - type: ReadFromPubSub
                  name: A
                  config:
                    subscription: projects/p/subscriptions/events-sub
                    format: AVRO
                    schema:
                      type: record
                      name: Bid
                      fields:
                        - {name: a, type: long}
                        - {name: b, type: [null, string]}
                - type: ReadFromPubSub
                  name: B
                  config:
                    subscription: projects/p/subscriptions/events-sub
                    format: PROTO
                    schema: |
                      syntax = "proto3";
                      message Bid {
                        int64 auction;
                      }
                - type: ReadFromPubSub
                  name: C
                  config:
                    subscription: projects/p/subscriptions/events-sub
                    format: AVRO
                    schema: '{"type": "record", "name": "R", "fields": [{"name": "u", "type": ["int", "string"]}]}'
                - type: ReadFromPubSub
                  name: D
                  config:
                    subscription: projects/p/subscriptions/events-sub
                    format: PROTO
                    schema: {type: object}
                - type: Create
                  name: E
                  config: {elements: [{a: 1, b: x}]}
                - type: WriteToPubSub
                  name: W
                  input: E
                  config:
                    topic: projects/p/topics/events
                    format: AVRO
                    schema: {type: record, name: R, fields: [{name: a, type: string}, {name: b, type: string}]}
                - type: WriteToPubSub
                  name: X
                  input: E
                  config:
                    topic: projects/p/topics/events
                    format: PROTO
                    schema: message R { required int64 a = 1; }
            """#,
            [
                "p.yaml:13:32: field 'b' of 'Bid': a type of the Avro definition is null; the type's name is \"null\", in quotes",
                "p.yaml:22:1: '=' should stand here, not ';'",
                "p.yaml:29:17: field 'u' of 'R': a union of int, string has no place in a row; a union is of null and one type",
                "p.yaml:35:17: the 'schema' of the format PROTO is a protobuf definition, not a map; write the text of a .proto file, after 'schema: |'",
                "p.yaml:45:17: field 'a': a value of type integer cannot be written as Avro's string",
                "p.yaml:51:17: warning: Apache Beam's Python takes a JSON schema for PROTO, and rows in Beam's own coding, not protobuf; AVRO and JSON are the same there",
                "p.yaml:52:17: the definition has no field 'b'",
            ]),
        BadPipeline(
            "writing tables",
            #"""
            pipeline:
              type: composite
              source: {type: Create, name: A, config: {elements: [{id: x, nam: y, size: z}]}}
              transforms:
                - {type: WriteToBigQuery, name: W1, input: A, config: {table: shop.things}}
                - {type: WriteToBigQuery, name: W2, input: A, config: {table: shop.thing, create_disposition: CREATE_NEVER}}
                - {type: WriteToBigQuery, name: W3, input: A, config: {table: things, write_disposition: APPEND}}
                - {type: WriteToBigQuery, name: W4, input: A, config: {table: shop.new}}
            """#,
            [
                "p.yaml:5:67: the table 'shop.things' has no column 'nam'; did you mean 'name'? columns are id, name, size",
                "p.yaml:5:67: the column 'size' of 'shop.things' is number, but the rows have string",
                "p.yaml:6:67: there is no table 'shop.thing'; did you mean 'shop.things'? tables are shop.things",
                "p.yaml:7:67: 'things' is not the name of a table; write dataset.table or project.dataset.table",
                "p.yaml:7:94: 'write_disposition' is one of WRITE_APPEND, WRITE_EMPTY, WRITE_TRUNCATE, not 'APPEND'",
            ]),
        BadPipeline(
            "Enrichment",
            #"""
            pipeline:
              type: composite
              source: {type: Create, name: A, config: {elements: [{id: x, n: 1}]}}
              transforms:
                - type: Enrichment
                  name: E1
                  input: A
                  config:
                    enrichment_handler: BigTable
                    handler_config: {}
                - type: Enrichment
                  name: E2
                  input: A
                  config:
                    enrichment_handler: BigQuery
                    handler_config: {project: p, table_name: shop.thigs, row_restriction_template: "id = '{}'", fields: [id]}
                - type: Enrichment
                  name: E3
                  input: A
                  config:
                    enrichment_handler: BigQuery
                    handler_config:
                      project: p
                      table_name: p.shop.things
                      row_restriction_template: "id > '{}'"
                      fields: [id]
                - type: Enrichment
                  name: E4
                  input: A
                  config:
                    enrichment_handler: BigQuery
                    handler_config:
                      project: p
                      table_name: p.shop.things
                      row_restriction_template: "id = {} and nme = '{}'"
                      fields: [id, n]
                - type: Enrichment
                  name: E5
                  input: A
                  config:
                    enrichment_handler: BigQuery
                    handler_config:
                      project: p
                      table_name: p.shop.things
                      row_restriction_template: "id = '{}'"
                      fields: [n]
                      column_names: [sise, name AS]
                      query_fn: f
            """#,
            [
                "p.yaml:5:13: Enrichment is experimental in Apache Beam and has to be enabled; write 'options: {yaml_experimental_features: [Enrichment]}' at the top level",
                "p.yaml:9:29: the handler 'BigTable' is not supported; the one handler is BigQuery",
                "p.yaml:11:13: Enrichment is experimental in Apache Beam and has to be enabled; write 'options: {yaml_experimental_features: [Enrichment]}' at the top level",
                "p.yaml:16:50: there is no table 'shop.thigs'; did you mean 'shop.things'? tables are shop.things",
                "p.yaml:17:13: Enrichment is experimental in Apache Beam and has to be enabled; write 'options: {yaml_experimental_features: [Enrichment]}' at the top level",
                #"p.yaml:25:37: this condition is not supported: id > '{}'; write "column = '{}'", and several joined by 'and'"#,
                "p.yaml:27:13: Enrichment is experimental in Apache Beam and has to be enabled; write 'options: {yaml_experimental_features: [Enrichment]}' at the top level",
                "p.yaml:35:37: the column 'id' is string; write '{}' in quotes",
                "p.yaml:35:37: the table 'shop.things' has no column 'nme'; did you mean 'name'? columns are id, name, size",
                "p.yaml:37:13: Enrichment is experimental in Apache Beam and has to be enabled; write 'options: {yaml_experimental_features: [Enrichment]}' at the top level",
                "p.yaml:46:20: 'n' is integer, but the column 'id' is string; convert it with MapToFields",
                "p.yaml:47:26: the table 'shop.things' has no column 'sise'; did you mean 'size'? columns are id, name, size",
                "p.yaml:47:32: 'name AS' is not a column; write 'column' or 'column AS name'",
                "p.yaml:48:11: 'query_fn' is a Python function, which is not supported; use 'row_restriction_template' and 'fields'",
            ]),
        BadPipeline(
            "after Enrichment",
            #"""
            options: {yaml_experimental_features: [Enrichment]}
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [{key: x, name: y}]}}
                - type: Enrichment
                  config:
                    enrichment_handler: BigQuery
                    handler_config:
                      project: p
                      table_name: shop.things
                      row_restriction_template: "id = '{}'"
                      fields: [key]
                      column_names: [name, size]
                      throw_exception_on_empty_results: false
                - {type: Filter, config: {language: python, keep: size is not None}}
                - type: MapToFields
                  config:
                    language: python
                    fields:
                      size: {callable: "lambda row: row.size"}
                      key: {callable: "lambda row: row.key"}
                - {type: LogForTesting}
            """#,
            [
                "p.yaml:14:11: warning: Apache Beam matches what it finds to its row by 'key', which is not among the columns; add 'id AS key' to 'column_names'",
                "p.yaml:14:26: warning: the row has 'name' already and keeps it; write 'name AS other'",
                "p.yaml:16:55: warning: Apache Beam knows no fields after Enrichment ('Enrichment'), so an expression has none to use there; make the fields with MapToFields and callables first: 'lambda row: …'",
                "p.yaml:21:45: warning: in Apache Beam the row has no 'size' where Enrichment found nothing; write getattr(row, 'size', None)",
            ]),
    ]
}
