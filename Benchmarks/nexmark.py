#!/usr/bin/env python3
"""Runs the eight Nexmark queries that Beam YAML can express, checks every row against DuckDB, and prints both times.

    nexmark.py path/to/streamtop [--events 1000000] [--runs 3] [--workers 2] [--only q3]

Times are of whole processes, reading JSON lines and writing CSV (q0: JSON), medians of the runs.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

import measuring

HERE = pathlib.Path(__file__).resolve().parent / "nexmark"

BIDS = "read_json('bids.jsonl', format='newline_delimited', columns={auction: 'BIGINT', bidder: 'BIGINT', price: 'BIGINT', channel: 'VARCHAR', url: 'VARCHAR', event_ms: 'BIGINT', extra: 'VARCHAR'})"
AUCTIONS = "read_json('auctions.jsonl', format='newline_delimited', columns={id: 'BIGINT', item: 'VARCHAR', initial_bid: 'BIGINT', reserve: 'BIGINT', event_ms: 'BIGINT', expires_ms: 'BIGINT', seller: 'BIGINT', category: 'BIGINT'})"
PERSONS = "read_json('persons.jsonl', format='newline_delimited', columns={id: 'BIGINT', name: 'VARCHAR', email: 'VARCHAR', city: 'VARCHAR', state: 'VARCHAR', event_ms: 'BIGINT'})"

# What each query means, said in SQL: it gives the expected rows and the peer's time.
QUERIES = {
    "q0": f"FROM {BIDS}",
    "q1": f"SELECT auction, bidder, price::DOUBLE * 0.908::DOUBLE AS price, event_ms FROM {BIDS}",
    "q2": f"SELECT auction, price FROM {BIDS} WHERE auction % 123 = 0",
    "q3": f"""SELECT a.id AS auction, name, city, state FROM {AUCTIONS} a JOIN {PERSONS} p ON a.seller = p.id
              WHERE category = 10 AND state IN ('OR', 'ID', 'CA')""",
    "q4": f"""SELECT category, avg(price) AS price FROM (
                SELECT a.id, category, max(price) AS price FROM {BIDS} b JOIN {AUCTIONS} a ON b.auction = a.id
                WHERE b.event_ms BETWEEN a.event_ms AND a.expires_ms GROUP BY ALL) GROUP BY ALL""",
    "q5": f"""WITH counted AS (
                SELECT auction, (event_ms // 2000 - k) * 2000 + 10000 AS window_end_ms, count(*) AS bids
                FROM {BIDS}, range(0, 5) AS s(k) GROUP BY ALL)
              SELECT auction, bids, window_end_ms FROM counted c
              WHERE bids = (SELECT max(bids) FROM counted d WHERE d.window_end_ms = c.window_end_ms)""",
    "q7": f"""WITH b AS (FROM {BIDS})
              SELECT auction, bidder, b.price, event_ms FROM b
              JOIN (SELECT event_ms // 10000 AS w, max(price) AS price FROM b GROUP BY ALL) h
              ON h.w = event_ms // 10000 AND h.price = b.price""",
    "q8": f"""SELECT p.id, name, a.id AS auction FROM {PERSONS} p JOIN {AUCTIONS} a
              ON p.id = a.seller AND p.event_ms // 10000 = a.event_ms // 10000""",
}

COMPARE = """
import collections, csv, datetime, json, sys
mine, theirs = sys.argv[1:]
def value(text):
    if isinstance(text, str):
        if len(text) > 18 and text[10:11] in ("T", " "):
            stamp = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
            if stamp.tzinfo is None: stamp = stamp.replace(tzinfo=datetime.timezone.utc)
            return round(stamp.timestamp() * 1000)
        try: return int(text)
        except ValueError: pass
        try: text = float(text)
        except ValueError: return text
    return float(f"{text:.9g}") if isinstance(text, float) else text
def rows(path):
    with open(path) as file:
        for row in (map(json.loads, file) if "json" in path else csv.DictReader(file)):
            yield tuple(value(v) for v in row.values())
a, b = collections.Counter(rows(mine)), collections.Counter(rows(theirs))
if a != b:
    print("missing", list((b - a).items())[:3], "surplus", list((a - b).items())[:3])
    sys.exit(1)
print(a.total())
"""

DUCK = """
import duckdb, os, sys
connection = duckdb.connect()
connection.execute(f"SET threads TO {sys.argv[3]}")
connection.execute(f"COPY ({sys.argv[1]}) TO '{sys.argv[2]}'" + (" (FORMAT json)" if "json" in sys.argv[2] else " (HEADER)"))
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=min(8, os.cpu_count() or 1))
    parser.add_argument("--only")
    options = parser.parse_args()
    binary = options.binary.resolve()
    python = measuring.environment("duckdb", ["duckdb==2.0.0"])
    folder = measuring.CACHE / f"nexmark-{options.events}"
    if not (folder / "complete").exists():
        print(f"== writing {options.events:,} events into {folder}", flush=True)
        subprocess.run([sys.executable, HERE / "generate.py", folder, "--events", str(options.events)], check=True)
        (folder / "complete").touch()

    rows, failed = [], False
    for path in sorted(HERE.glob("q*.yaml")):
        query, title = re.match(r"(q\d+)_(.*)\.yaml", path.name).groups()
        if options.only and options.only != query:
            continue
        kind = "json" if query == "q0" else "csv"

        def clean():
            shutil.rmtree(folder / "out", ignore_errors=True)
            (folder / "out").mkdir()

        clean()
        expected = folder / f"{query}-duckdb.{kind}"
        theirs = measuring.measure([python, "-c", DUCK, QUERIES[query], expected, options.workers], options.runs, folder)
        ours = measuring.measure(
            [binary, "pipeline", "run", path, "--workers", options.workers], options.runs, folder, before=clean)
        written = folder / "out" / f"{query}.{kind}-00000-of-00001"
        check = subprocess.run(
            [sys.executable, "-c", COMPARE, written, expected], capture_output=True, text=True, check=False)
        failed = failed or check.returncode != 0
        verdict = f"{int(check.stdout):,}" if check.returncode == 0 else "DIFFERENT"
        if check.returncode != 0:
            print(f"{query}: {check.stdout}{check.stderr[-500:]}")
        rows.append([
            f"{query} {title.replace('_', ' ')}", f"{ours.seconds:.2f} s", f"{theirs.seconds:.2f} s",
            f"{ours.seconds / theirs.seconds:.1f} ×", f"{ours.processor_seconds:.2f} s",
            f"{ours.peak_megabytes:.0f} MB", verdict])
    measuring.table(["query", "streamtop", "DuckDB", "ratio", "processor", "peak", "rows, all equal"], rows)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
