#!/usr/bin/env python3
"""Runs the engine's two reference jobs on a million bids, beside other systems in the same run, and prints one table.

    engine.py path/to/streamtop [--bids 1000000] [--runs 5] [--workers 2] [--peers duckdb,bytewax,pathway,beam]

  filter_join  read JSON lines, keep price >= 500000, join a CSV of 10,000 auctions, write CSV
  windows      read JSON lines, count and highest price per auction in event-time windows of ten seconds, write CSV

Times are of whole processes, medians of the runs (peers other than DuckDB: one run). Every result has its rows counted,
and streamtop's are compared with DuckDB's row by row. Beam's Python runner gets a fifth of the bids. Exit code 1 when
rows differ.
"""

import argparse
import os
import pathlib
import subprocess
import sys

import measuring

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = {
    "duckdb": ["duckdb==2.0.0"], "bytewax": ["bytewax==0.21.1"], "pathway": ["pathway==0.33.0"],
    "beam": ["apache-beam==2.77.0"],
}
BEAM_SHARE = 5


def data(bids):
    folder = measuring.CACHE / f"bids-{bids}"
    if not (folder / "complete").exists():
        print(f"== writing {bids:,} bids into {folder}", flush=True)
        subprocess.run([sys.executable, HERE / "generate_bids.py", "--bids", str(bids), "--folder", folder], check=True)
        (folder / "complete").touch()
    return folder


def lines(paths):
    """The rows of CSV files without their headers, sorted."""
    rows = []
    for path in paths:
        with open(path) as file:
            rows += [line.rstrip("\r\n") for line in file][1:]
    return sorted(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--bids", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--workers", type=int, default=min(8, os.cpu_count() or 1))
    parser.add_argument("--peers", default="duckdb,bytewax,pathway,beam")
    options = parser.parse_args()
    binary = options.binary.resolve()
    names = [name for name in options.peers.split(",") if name]
    folder, rows, failed = data(options.bids), [], False

    for job in ["filter_join", "windows"]:
        def clean():
            for path in folder.glob(f"{job}.csv*"):
                path.unlink()

        bound = None
        for name in names:
            python = measuring.environment(name, PACKAGES[name])
            source = data(options.bids // BEAM_SHARE) if name == "beam" else folder
            output = measuring.CACHE / f"{job}-{name}.csv"
            output.unlink(missing_ok=True)
            runs = options.runs if name == "duckdb" else 1
            taken = measuring.measure(
                [python, HERE / "peers" / f"{name}_jobs.py", job, source, output, options.workers], runs, source)
            if name == "duckdb":
                bound = taken.seconds
            note = f" (1/{BEAM_SHARE} of the bids)" if name == "beam" else ""
            rows.append([job, name + note, f"{taken.seconds:.2f} s", "", f"{taken.processor_seconds:.2f} s",
                         f"{taken.peak_megabytes:.0f} MB", ""])
        for workers in sorted({1, options.workers}):
            ours = measuring.measure(
                [binary, "pipeline", "run", HERE / "pipelines" / f"{job}.yaml", "--workers", workers], options.runs,
                folder, before=clean)
            mine = lines(sorted(folder.glob(f"{job}.csv-*")))
            verdict = f"{len(mine):,}"
            if "duckdb" in names:
                theirs = lines([measuring.CACHE / f"{job}-duckdb.csv"])
                if job == "windows":
                    # A file is a window there, and its name says which.
                    theirs = sorted(",".join(r.split(",")[:1] + r.split(",")[2:]) for r in theirs)
                same = mine == theirs
                failed = failed or not same
                verdict += ", equal" if same else f", DIFFERENT from {len(theirs):,}"
            rows.append([job, f"streamtop, {workers} worker{'s' if workers > 1 else ''}", f"{ours.seconds:.2f} s",
                         f"{ours.seconds / bound:.1f} ×" if bound else "", f"{ours.processor_seconds:.2f} s",
                         f"{ours.peak_megabytes:.0f} MB", verdict])
        clean()
    measuring.table(["job", "system", "time", "of DuckDB's", "processor", "peak", "rows"], rows)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
