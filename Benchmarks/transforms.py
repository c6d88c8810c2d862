#!/usr/bin/env python3
"""What each transform costs for an element, and how fast JSON is read alone, on the bids of generate_bids.py.

    transforms.py path/to/streamtop [--bids 1000000] [--runs 3]

Every line is a pipeline that reads the bids, applies the transform and keeps no row; what the same pipeline takes without
the transform is subtracted. Processor time of the whole process, one worker, medians of the runs.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import measuring

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = {"language": "python"}

TRANSFORMS = {
    "MapToFields, copy": [{"type": "MapToFields", "config": {"fields": {"auction": "auction", "price": "price"}}}],
    "MapToFields, arithmetic": [
        {"type": "MapToFields", "config": {**PYTHON, "append": True, "fields": {"euros": "price * 0.908 + 1"}}}],
    "MapToFields, text": [
        {"type": "MapToFields", "config": {**PYTHON, "append": True, "fields": {"c": "channel.lower() + '-' + url[:8]"}}}],
    "MapToFields, regular expression": [
        {"type": "MapToFields", "config": {**PYTHON, "append": True, "fields": {
            "host": {"callable": "import re\nlambda row: re.sub('^https?://([^/]*)/.*', r'\\1', row.url)"}}}}],
    "MapToFields, sql": [
        {"type": "MapToFields", "config": {"language": "sql", "append": True, "fields": {"euros": "price * 0.908 + 1"}}}],
    "MapToFields, CPython": [
        {"type": "MapToFields", "config": {**PYTHON, "append": True, "fields": {
            "euros": {"callable": "def euros(row) -> float:\n  return row.price * 0.908 + 1\n"}}}}],
    "Filter": [{"type": "Filter", "config": {**PYTHON, "keep": "price > 500000 and channel != 'Baidu'"}}],
    "AssignTimestamps": [{"type": "AssignTimestamps", "config": {**PYTHON, "timestamp": "event_ms / 1000"}}],
    "WindowInto, fixed": [{"type": "WindowInto", "config": {"windowing": {"type": "fixed", "size": "10s"}}}],
    "WindowInto, sliding by 5": [
        {"type": "WindowInto", "config": {"windowing": {"type": "sliding", "size": "10s", "period": "2s"}}}],
    "Reshuffle": [{"type": "Reshuffle"}],
    "Combine, sum of 10,000 keys": [
        {"type": "Combine", "config": {"group_by": "auction", "combine": {"price": "sum"}}}],
    "Combine, group of 10,000 keys": [
        {"type": "Combine", "config": {"group_by": "auction", "combine": {"price": "group"}}}],
    "Combine, sum of 50,000 texts": [
        {"type": "Combine", "config": {"group_by": "extra", "combine": {"price": "sum"}}}],
    "Sql, GROUP BY": [
        {"type": "Sql", "config": {"query": "SELECT auction, SUM(price) AS s FROM PCOLLECTION GROUP BY auction"}}],
}
NOTHING = {"type": "Filter", "config": {**PYTHON, "keep": "1 > 2"}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--bids", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    binary = options.binary.resolve()
    folder = measuring.CACHE / f"bids-{options.bids}"
    if not (folder / "complete").exists():
        subprocess.run(
            [sys.executable, HERE / "generate_bids.py", "--bids", str(options.bids), "--folder", folder], check=True)
        (folder / "complete").touch()

    with tempfile.TemporaryDirectory() as scratch:
        def seconds(steps):
            steps = [{"type": "ReadFromJson", "config": {"path": str(folder / "bids.jsonl")}}, *steps, NOTHING,
                     {"type": "WriteToJson", "config": {"path": f"{scratch}/out.json"}}]
            path = pathlib.Path(scratch) / "pipeline.yaml"
            path.write_text(json.dumps({"pipeline": {"type": "chain", "transforms": steps}}))
            command = [binary, "pipeline", "run", path, "--workers", "1"]
            return measuring.measure(command, options.runs, scratch).processor_seconds

        base = seconds([])
        size = (folder / "bids.jsonl").stat().st_size
        measuring.table(
            ["", "processor time", ""],
            [["JSON read alone, 7 of 7 fields", f"{base:.2f} s", f"{size / base / 1e6:,.0f} MB/s"]])
        rows = []
        for name, steps in TRANSFORMS.items():
            cost = (seconds(steps) - base) / options.bids * 1e9
            # Below that the difference of two runs means nothing.
            rows.append([name, f"{cost:,.0f} ns" if cost >= 10 else "under 10 ns"])
        measuring.table(["transform", "an element"], rows)


if __name__ == "__main__":
    main()
