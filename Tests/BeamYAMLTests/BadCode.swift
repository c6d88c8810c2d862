/// Files whose code, windows or values are wrong.
enum BadCode {
    static let all: [BadPipeline] = [
        BadPipeline(
            "expressions",
            #"""
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [{entity: 1, text: a}]}}
                - type: MapToFields
                  config:
                    language: python
                    fields:
                      a: entitiy + 1
                      b: "entity + text"
                      c:
                        callable: |
                          import math
                          lambda row: (
                              row.entity +
                              row.entitty)
                      d: >-
                        entity is None or
                        texd == 'x'
                      e: 'text == ''x'' and text.uper()'
                      f: {expression: entity, output_type: string}
                      g: {expression: entity, output_type: strng}
                      h: {callable: "def f(row): return 1"}
                      i: {path: x.py, name: f}
                      j: {expresion: entity}
                      k: [entity]
                      l:
            """#,
            [
                "p.yaml:9:14: unknown field 'entitiy'; did you mean 'entity'? fields are entity, text",
                "p.yaml:10:22: unsupported operand types for +: 'int' and 'str'; make the number text with str(…)",
                "p.yaml:16:23: unknown field 'entitty'; did you mean 'entity'? fields are entity, text",
                "p.yaml:19:13: unknown field 'texd'; did you mean 'text'? fields are entity, text",
                "p.yaml:20:38: 'str' has no attribute 'uper' that is supported; did you mean 'upper'? there are capitalize, center, count, encode, endswith, find, format, index, isalnum, isalpha, isascii, isdecimal, isdigit, islower, isnumeric, isspace, isupper, join, ljust, lower, lstrip, partition, removeprefix, removesuffix, replace, rfind, rindex, rjust, rpartition, rsplit, rstrip, split, startswith, strip, swapcase, title, upper, zfill",
                "p.yaml:21:48: 'f' is integer, not string as its 'output_type' says",
                "p.yaml:22:48: 'strng' is not a type; did you mean 'string'? types are array, boolean, bytes, integer, number, object, string",
                "p.yaml:23:26: a callable that is a definition is not supported; write it as 'lambda row: …'",
                "p.yaml:24:21: there is no Python to run 'x.py'",
                "p.yaml:25:14: 'j' needs an 'expression' or a 'callable'",
                "p.yaml:25:15: 'j' has no parameter 'expresion'; did you mean 'expression'? parameters are expression, callable, path, name, output_type",
                "p.yaml:26:14: 'k' is an expression, not a list; put it in quotes",
                "p.yaml:27:13: 'l' is an expression, not nothing; put it in quotes",
            ]),
        BadPipeline(
            "generic expressions",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{entity: 1, text: a}]}}
                - {type: Filter, input: A, config: {keep: entity >= 1}}
                - {type: Filter, input: A, config: {keep: entitty > 1}}
                - {type: Filter, input: A, config: {keep: text == "a"}}
                - {type: Filter, input: A, config: {keep: text > 1}}
                - {type: MapToFields, input: A, config: {fields: {a: entity + 1, b: text, c: "1.5", d: '"x"', e: {callable: "lambda row: 1"}}}}
                - {type: MapToFields, input: A, config: {language: java, fields: {a: entity}}}
                - {type: MapToFields, input: A, config: {language: pyton, fields: {a: entity}}}
            """#,
            [
                "p.yaml:4:47: warning: Apache Beam 2.77 takes only '<' and '>' without a language; write 'language: python'",
                "p.yaml:5:47: 'entitty' is neither a field nor a literal; did you mean 'entity'? fields are entity, text; code needs 'language: python'",
                "p.yaml:6:47: warning: Apache Beam 2.77 takes only '<' and '>' without a language; write 'language: python'",
                "p.yaml:7:52: '>' is not supported between 'str' and 'int'",
                "p.yaml:8:58: 'entity + 1' is neither a field nor a literal; fields are entity, text; code needs 'language: python'",
                "p.yaml:8:113: a callable needs a language; write 'language: python'",
                "p.yaml:9:56: the language 'java' is not supported; write it in 'python' or 'sql'",
                "p.yaml:10:56: 'pyton' is not a language; did you mean 'python'? languages are generic, python, sql",
            ]),
        BadPipeline(
            "append and drop",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{a: 1, b: x}]}}
                - {type: MapToFields, input: A, config: {drop: a, fields: {c: a}}}
                - {type: MapToFields, input: A, config: {append: true, drop: [d], fields: {b: c}}}
                - {type: MapToFields, input: A, config: {append: true, fields: {c: b}}}
                - {type: MapToFields, input: A, config: {append: maybe, fields: {c: b}}}
                - {type: MapToFields, input: A, config: {}}
            """#,
            [
                "p.yaml:4:46: fields can be dropped only where others are appended; write 'append: true', or leave the fields out of 'fields'",
                "p.yaml:5:67: unknown field 'd'; fields are a, b",
                "p.yaml:5:80: the row has a field 'b' already; drop it, or choose another name",
                "p.yaml:5:83: 'c' is neither a field nor a literal; fields are a, b; code needs 'language: python'",
                "p.yaml:7:54: 'append' is true or false, not text",
                "p.yaml:8:14: MapToFields needs 'fields'",
            ]),
        BadPipeline(
            "timestamps",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{at: x}]}}
                - {type: AssignTimestamps, input: A, config: {timestamp: at}}
                - {type: LogForTesting, input: A, config: {level: WARN}}
            """#,
            [
                "p.yaml:4:62: 'timestamp' is string; a time is a timestamp, or seconds since 1970; convert it with int(…) or float(…)",
                "p.yaml:5:55: 'level' is one of DEBUG, ERROR, INFO, not 'WARN'",
            ]),
        BadPipeline(
            "code that needs the row of a failed step",
            #"""
            pipeline:
              type: chain
              transforms:
                - {type: Create, config: {elements: [{at: x}]}}
                - {type: MapToFields, config: {fields: {b: att}}}
                - {type: Filter, config: {language: python, keep: "b +"}}
                - {type: Explode, config: {feilds: b}}
            """#,
            [
                "p.yaml:5:48: 'att' is neither a field nor a literal; did you mean 'at'? fields are at; code needs 'language: python'",
                "p.yaml:6:59: the expression ends too early",
                "p.yaml:7:14: Explode needs 'fields'",
                "p.yaml:7:32: Explode has no parameter 'feilds'; did you mean 'fields'? parameters are fields, cross_product, error_handling",
            ]),
        BadPipeline(
            "explode",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{a: [1], b: [x], c: 1}]}}
                - {type: Explode, input: A, config: {fields: [a, b]}}
                - {type: Explode, input: A, config: {fields: c}}
                - {type: Explode, input: A, config: {fields: aa, cross_product: 1}}
                - {type: Explode, input: A}
            """#,
            [
                "p.yaml:4:42: 'cross_product' must be given where several fields are exploded; true: all combinations; false: side by side",
                "p.yaml:5:50: 'c' is integer; Explode needs a list",
                "p.yaml:6:50: unknown field 'aa'; fields are a, b, c",
                "p.yaml:6:69: 'cross_product' is true or false, not a number",
                "p.yaml:7:14: Explode needs 'fields'",
            ]),
        BadPipeline(
            "combine",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{key: a, value: 1}]}}
                - {type: Combine, input: A, config: {group_by: kee, combine: {value: sum}}}
                - {type: Combine, input: A, config: {group_by: key, combine: {value: summ}}}
                - {type: Combine, input: A, config: {group_by: key, combine: {total: {value: key, fn: mean}}}}
                - {type: Combine, input: A, config: {group_by: key, combine: {total: sum}}}
                - {type: Combine, input: A, config: {group_by: key, combine: {key: {value: value, fn: sum}}}}
                - {type: Combine, input: A, config: {group_by: key, combine: {total: {value: value + 1, fn: {type: sum, config: {}}}}}}
                - {type: Combine, input: A, config: {combine: {value: sum}}}
            """#,
            [
                "p.yaml:4:52: unknown field 'kee'; did you mean 'key'? fields are key, value",
                "p.yaml:5:74: 'summ' is not a combining function; did you mean 'sum'? functions are sum, max, min, all, any, mean, count, group, concat",
                "p.yaml:6:82: there is no mean of string",
                "p.yaml:7:67: unknown field 'total'; fields are key, value",
                "p.yaml:8:67: 'key' is a field of 'group_by' already; choose another name",
                "p.yaml:9:109: functions with a 'config' are not supported",
                "p.yaml:10:14: Combine needs 'group_by'",
            ]),
        BadPipeline(
            "an endless input without windows",
            #"""
            pipeline:
              type: chain
              transforms:
                - {type: ReadFromPubSub, config: {topic: projects/p/topics/events, format: RAW}}
                - {type: Combine, config: {group_by: [], combine: {n: {value: payload, fn: count}}}}
                - {type: LogForTesting}
            """#,
            [
                "p.yaml:5:14: Combine of an input that never ends needs windows; write 'windowing: {type: fixed, size: 60s}' on it or before it"
            ]),
        BadPipeline(
            "durations",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{a: 1}]}}
                - {type: WindowInto, input: A, windowing: {type: fixed, size: 30x}}
                - {type: WindowInto, input: A, windowing: {type: fixed, size: 0s}}
                - {type: WindowInto, input: A, windowing: {type: slding, size: 1m}}
                - {type: WindowInto, input: A, windowing: {type: sliding, size: 1m}}
                - {type: WindowInto, input: A, windowing: {type: sessions, size: 1m, gap: soon}}
                - {type: WindowInto, input: A, config: {windowing: {type: fixed, size: 1d}}}
                - {type: WindowInto, input: A}
                - {type: LogForTesting, input: A, windowing: 30s}
            """#,
            [
                "p.yaml:4:67: 'size' is a duration, not '30x'; write a number and a unit: 500ms, 30s, 5m, 1h, 1d",
                "p.yaml:5:67: 'size' is more than zero",
                "p.yaml:6:54: 'type' is one of global, fixed, sliding, sessions, not 'slding'; did you mean 'sliding'?",
                "p.yaml:7:47: 'sliding' windowing needs 'period'",
                "p.yaml:8:64: 'sessions' windowing has no parameter 'size'; parameters are type, gap",
                "p.yaml:8:79: 'gap' is a duration, not 'soon'; write a number and a unit: 500ms, 30s, 5m, 1h, 1d",
                "p.yaml:9:76: warning: a day is 24 hours here, but Apache Beam 2.77 takes 'd' for 12 hours; write hours: '24h'",
                "p.yaml:10:14: WindowInto needs 'windowing'; write 'windowing: {type: fixed, size: 30s}'",
                "p.yaml:11:50: 'windowing' is a map with 'type', not text",
            ]),
        BadPipeline(
            "windowing info",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{timestamp: 1}]}}
                - {type: ExtractWindowingInfo, input: A, config: {fields: [window_stat]}}
                - {type: ExtractWindowingInfo, input: A, config: {fields: [window_object]}}
                - {type: ExtractWindowingInfo, input: A}
            """#,
            [
                "p.yaml:4:64: 'window_stat' is not known of a window; did you mean 'window_start'? parameters are timestamp, window_start, window_end, window_string, window_type, pane_info",
                "p.yaml:5:64: 'window_object' is a Python object, which no field can hold; use window_start and window_end",
                "p.yaml:6:14: the row has a field 'timestamp' already; choose another: 'fields: {other: timestamp}'",
            ]),
        BadPipeline(
            "create",
            #"""
            pipeline:
              transforms:
                - {type: Create, name: A, config: {elements: [{a: 1}, {a: x}]}}
                - {type: Create, name: B, config: {elements: {a: 1}}}
                - {type: Create, name: C, config: {elements: [2020-01-01]}}
                - {type: Create, name: D, config: {elements: [[1, x]]}}
            """#,
            [
                "p.yaml:3:59: the values are integer and string; a field has one type",
                "p.yaml:4:50: 'elements' is a list, not a map",
                "p.yaml:5:51: a date is not supported as a value; put it in quotes for text",
                "p.yaml:6:55: the values are integer and string; a field has one type",
            ]),
    ]
}
