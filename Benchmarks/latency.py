#!/usr/bin/env python3
"""Publish → row: how long an event takes from its publish to its visible row, at several rates.

    latency.py path/to/streamtop [--rates 1000,10000,50000] [--seconds 20]

Google's Python client publishes events through the front door at a steady rate to a running stack whose pipeline reads
JSON, filters, maps and writes to the warehouse. The figure is streamtop's own: publish time of an event → commit of its
row, over all events (`streamtop snapshot`).
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import measuring
from pubsub import free_port, wait_for

WORKSPACE = """
pubsub:
  topics: [{name: events}]
  subscriptions: [{name: events-sub, topic: events}]
dataflow:
  jobs: [{jobName: rows, yamlPipelineFile: rows.yaml}]
bigquery:
  datasets: [{datasetReference: {datasetId: bench}}]
"""
PIPELINE = """
pipeline:
  type: chain
  transforms:
    - type: ReadFromPubSub
      config:
        subscription: projects/streamtop/subscriptions/events-sub
        format: JSON
        schema:
          type: object
          properties: {id: {type: integer}, kind: {type: string}, price: {type: integer}}
    - type: Filter
      config: {language: python, keep: price >= 0}
    - type: MapToFields
      config:
        language: python
        fields: {id: id, kind: kind.upper(), euros: price * 0.908}
    - type: WriteToBigQuery
      config: {table: bench.rows, create_disposition: CREATE_IF_NEEDED}
"""


def publish_inside(address, rate, seconds):
    """Runs in the environment that has Google's client: batches of 10 ms at a steady rate."""
    import grpc
    from google.pubsub_v1.types import pubsub as types

    channel = grpc.insecure_channel(address)
    publish = channel.unary_unary("/google.pubsub.v1.Publisher/Publish", lambda data: data, lambda data: data)
    size = max(1, rate // 100)
    number, start, futures = 0, time.perf_counter(), []
    while (elapsed := time.perf_counter() - start) < seconds:
        if number > elapsed * rate:
            time.sleep(0.001)
            continue
        messages = [
            types.PubsubMessage(data=b'{"id":%d,"kind":"bid","price":%d}' % (number + n, n)) for n in range(size)]
        request = types.PublishRequest(topic="projects/streamtop/topics/events", messages=messages)
        futures.append(publish.future(types.PublishRequest.serialize(request)))
        number += size
    for future in futures:
        future.result()
    print(number)


def main():
    if sys.argv[1:2] == ["--inside"]:
        return publish_inside(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--rates", default="1000,10000,50000")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    binary = options.binary.resolve()
    python = measuring.environment("pubsub", ["google-cloud-pubsub==2.44.0"])
    rows = []
    for rate in map(int, options.rates.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            workspace = pathlib.Path(folder) / "workspace"
            workspace.mkdir()
            (workspace / "streamtop.yaml").write_text(WORKSPACE)
            (workspace / "rows.yaml").write_text(PIPELINE)
            port, data = free_port(), f"{folder}/data"
            process = subprocess.Popen(
                [binary, "run", workspace, "--data", data, "--pubsub-listen", f"127.0.0.1:{port}"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                wait_for(port, process)
                sent = subprocess.run(
                    [python, __file__, "--inside", f"127.0.0.1:{port}", str(rate), str(options.seconds)],
                    capture_output=True, text=True, check=True, env=os.environ)
                count, end, written = int(sent.stdout), time.monotonic() + 60, -1
                while written != count and time.monotonic() < end:
                    time.sleep(0.2)
                    answer = subprocess.run(
                        [binary, "sql", "SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS d FROM bench.rows", "--data", data,
                         "--format", "json"], capture_output=True, text=True, check=False).stdout
                    found = json.loads(answer or "[]")
                    written = int(found[0]["n"]) if found else 0
                snapshot = json.loads(subprocess.run(
                    [binary, "snapshot", "--data", data], capture_output=True, text=True, check=True).stdout)
                fresh = snapshot["freshness"]
                rows.append([f"{rate:,}/s", f"{count / options.seconds:,.0f}/s"]
                            + [f"{fresh[name] * 1000:.1f} ms" for name in ("p50", "p99", "max")]
                            + [f"{written:,} of {count:,}"])
            finally:
                process.terminate()
                process.wait(20)
    measuring.table(["wanted", "published", "p50", "p99", "largest", "rows"], rows)


if __name__ == "__main__":
    main()
