#!/usr/bin/env python3
"""Writes messages with fastavro and protobuf and records their bytes, and the rows they stand for, in recordings.json.

Needs the packages fastavro and protobuf from PyPI, and the compiler protoc (Debian: protobuf-compiler).
"""
import base64
import io
import json
import os
import subprocess
import tempfile
from datetime import datetime, timezone

import fastavro
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

HERE = os.path.dirname(os.path.abspath(__file__))


def at(micros):
    return datetime.fromtimestamp(micros // 1_000_000, timezone.utc).replace(microsecond=micros % 1_000_000)


def plain(value):
    """A value as JSON has it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return value


AVRO = [
    ({"type": "record", "name": "Atoms", "fields": [
        {"name": "b", "type": "boolean"}, {"name": "i", "type": "int"}, {"name": "l", "type": "long"},
        {"name": "f", "type": "float"}, {"name": "d", "type": "double"}, {"name": "s", "type": "string"},
        {"name": "y", "type": "bytes"}, {"name": "x", "type": {"type": "fixed", "name": "Two", "size": 2}},
        {"name": "e", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B", "C"]}}]},
     [dict(b=True, i=1, l=-1, f=0.5, d=0.1, s="Grüße ✓", y=b"\x00\xff", x=b"ab", e="C"),
      dict(b=False, i=-2**31, l=2**63 - 1, f=-0.0, d=1e300, s="", y=b"", x=b"\x00\x00", e="A"),
      dict(b=False, i=2**31 - 1, l=-2**63, f=3.4028234663852886e38, d=-5e-324, s="a" * 70, y=b"z" * 200, x=b"\xff\x80",
           e="B")]),
    ({"type": "record", "name": "Nulls", "namespace": "demo", "fields": [
        {"name": "first", "type": ["null", "long"]}, {"name": "last", "type": ["string", "null"]},
        {"name": "one", "type": ["double"]}, {"name": "part", "type": ["null", {
            "type": "record", "name": "Part", "fields": [{"name": "n", "type": "int"},
                {"name": "t", "type": ["null", "string"]}]}]},
        {"name": "again", "type": "Part"}]},
     [dict(first=None, last=None, one=1.0, part=None, again=dict(n=0, t=None)),
      dict(first=7, last="x", one=-2.5, part=dict(n=3, t="in"), again=dict(n=-4, t=""))]),
    ({"type": "record", "name": "Lists", "fields": [
        {"name": "n", "type": {"type": "array", "items": "long"}},
        {"name": "t", "type": {"type": "array", "items": ["null", "string"]}},
        {"name": "deep", "type": {"type": "array", "items": {"type": "array", "items": "boolean"}}},
        {"name": "rows", "type": {"type": "array", "items": {
            "type": "record", "name": "R", "fields": [{"name": "a", "type": "string"}]}}}]},
     [dict(n=[], t=[], deep=[], rows=[]),
      dict(n=[1, -300, 2**40], t=["a", None, ""], deep=[[True], [], [False, True]], rows=[dict(a="x"), dict(a="y")])]),
    ({"type": "record", "name": "Maps", "fields": [
        {"name": "m", "type": {"type": "map", "values": "int"}},
        {"name": "n", "type": ["null", {"type": "map", "values": ["null", {"type": "array", "items": "string"}]}]}]},
     [dict(m={}, n=None), dict(m={"a": 1, "b": -1}, n={"": ["x"], "z": None})]),
    ({"type": "record", "name": "Times", "fields": [
        {"name": "ms", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "us", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]}]},
     [dict(ms=at(1_700_000_000_123_000), us=at(1_700_000_000_123_456)), dict(ms=at(-1_000), us=None)]),
]

PROTO3 = """syntax = "proto3";
package demo;
message Bid {
  enum Kind { UNKNOWN = 0; GOOD = 1; BAD = -1; }
  message Part { string name = 1; sint32 weight = 2; }
  int64 auction = 1;
  optional string channel = 2;
  repeated int32 prices = 3;
  Kind kind = 4;
  repeated Part parts = 5;
  Part main = 6;
  oneof choice { bytes raw = 7; double rate = 8; }
  uint32 u = 16;
  uint64 v = 17;
  sint64 w = 18;
  fixed32 x = 19;
  fixed64 y = 20;
  sfixed32 z = 21;
  sfixed64 zz = 22;
  float f = 23;
  bool b = 24;
  string s = 25;
  bytes bb = 26;
  repeated Kind kinds = 27;
  repeated string words = 28;
  repeated double numbers = 29;
  map<string, int64> counts = 30;
  map<string, Part> by_name = 31;
}
"""
PROTO2 = """syntax = "proto2";
message Old {
  required int32 id = 1;
  optional bool flag = 2;
  repeated sint64 deltas = 3;
}
"""
EMPTY = dict(
    auction=0, channel=None, prices=[], kind="UNKNOWN", parts=[], main=None, raw=None, rate=None, u=0, v=0, w=0, x=0,
    y=0, z=0, zz=0, f=0.0, b=False, s="", bb=b"", kinds=[], words=[], numbers=[],
    counts={}, by_name={})
PROTO = [
    ("demo.Bid", PROTO3, [
        EMPTY,
        EMPTY | dict(
            auction=-5, channel="", prices=[1, -1, 300], kind="BAD", parts=[dict(name="a", weight=-3),
            dict(name="", weight=0)], main=dict(name="m", weight=2**31 - 1), raw=b"", u=2**32 - 1, v=2**63 - 1,
            w=-2**63, x=7, y=8, z=-9, zz=-10, f=1.5, b=True, s="é", bb=b"\x00", kinds=["GOOD", "BAD", "UNKNOWN"],
            words=["", "w"], numbers=[0.0, -2.5], counts={"a": -1},
            by_name={"x": dict(name="in", weight=0)}),
        EMPTY | dict(rate=0.0, main=dict(name="", weight=0), f=-0.0, counts={"": 0}),
    ]),
    ("Old", PROTO2, [dict(id=0, flag=None, deltas=[]), dict(id=-1, flag=False, deltas=[1, -1, 2**40])]),
]


def fill(message, row):
    for key, value in row.items():
        field = message.DESCRIPTOR.fields_by_name[key]
        number = lambda v: field.enum_type.values_by_name[v].number if field.enum_type else v
        if value is None:
            continue
        if key == "counts":
            getattr(message, key).update(value)
        elif key == "by_name":
            for name, part in value.items():
                fill(getattr(message, key)[name], part)
        elif isinstance(value, dict):
            getattr(message, key).SetInParent()
            fill(getattr(message, key), value)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    fill(getattr(message, key).add(), item)
                else:
                    getattr(message, key).append(number(item))
        else:
            setattr(message, key, number(value))
    return message


def message_class(name, text):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "m.proto"), "w") as file:
            file.write(text)
        target = os.path.join(folder, "m.bin")
        subprocess.run(["protoc", "-I", folder, "--descriptor_set_out", target, "m.proto"], check=True)
        with open(target, "rb") as file:
            files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    pool.Add(files.file[0])
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


recordings = []
for schema, rows in AVRO:
    messages = []
    for row in rows:
        buffer = io.BytesIO()
        fastavro.schemaless_writer(buffer, fastavro.parse_schema(json.loads(json.dumps(schema))), row)
        messages.append({"payload": buffer.getvalue().hex(), "row": json.dumps(plain(row), ensure_ascii=False)})
    recordings.append({"language": "avro", "definition": json.dumps(schema), "messages": messages})
for name, text, rows in PROTO:
    kind = message_class(name, text)
    messages = [{"payload": fill(kind(), row).SerializeToString(deterministic=True).hex(), "row": json.dumps(plain(row), ensure_ascii=False)}
                for row in rows]
    recordings.append({"language": "proto", "definition": text, "messages": messages})
with open(os.path.join(HERE, "recordings.json"), "w") as file:
    json.dump(recordings, file, indent=1, ensure_ascii=False)
    file.write("\n")
