"""What the end-to-end checks share: starting the real binary, and where the recordings are."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKSPACE = ROOT / "sample-data" / "subway"
RECORDINGS = ROOT.parent / "shared" / "data" / "mta-ace"


def recordings_or_exit():
    """The folder of recordings; where it is absent the check says so and ends well."""
    if RECORDINGS.is_dir():
        return RECORDINGS
    print(f"skipped: {RECORDINGS} is not here")
    sys.exit(0)


def replay_command(binary, data, recordings):
    return [
        str(binary), "run", str(WORKSPACE), "--data", str(data), "--replay", str(recordings),
        "--resume", "--fast", "--until-idle",
    ]


def sql(binary, data, query):
    """The result of a query on a data folder, as JSON lines."""
    command = [str(binary), "sql", query, "--data", str(data), "--format", "json"]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=clean_environment()).stdout


def clean_environment():
    environment = dict(os.environ)
    environment.pop("STREAMTOP_DATA", None)
    return environment


ROWS = "SELECT * FROM mta_updates.realtime_updates"
ACTIVITY = "SELECT * FROM mta_updates.line_activity ORDER BY window_start, route_id, direction"


def verify(binary, data, recordings):
    """Compares both tables with an independent decoding of the recordings; returns its exit code."""
    rows, activity = data / "rows.json", data / "activity.json"
    rows.write_text(sql(binary, data, ROWS))
    activity.write_text(sql(binary, data, ACTIVITY))
    checker = pathlib.Path(__file__).with_name("verify_subway.py")
    stops = RECORDINGS / "stops.csv"
    return subprocess.run([sys.executable, checker, recordings, stops, rows, activity]).returncode
