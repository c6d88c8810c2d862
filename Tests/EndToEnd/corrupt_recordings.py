#!/usr/bin/env python3
"""Replays the recordings with damaged ones among them through the real binary: a damaged recording costs its own poll
only, is tried again as the queue says, given up, counted and logged, and every other row is there.

    corrupt_recordings.py path/to/streamtop [--seed N]
"""

import argparse
import pathlib
import random
import re
import shutil
import subprocess
import tempfile

from streamtop_process import clean_environment, recordings_or_exit, replay_command, verify

# As the workspace's queue has it.
ATTEMPTS = 5


def spoil(recordings, folder, seed):
    """Copies the recordings with damaged ones between them; returns the names of the damaged ones."""
    whole = sorted(recordings.glob("*.pb"))
    folder.mkdir()
    for path in whole:
        shutil.copyfile(path, folder / path.name)
    chance = random.Random(seed)
    data = whole[1].read_bytes()
    damaged = {
        # "-" sorts before ".": each stands before the recording whose name it begins with.
        "poll2-truncated.pb": data[:chance.randrange(len(data) // 4, len(data) * 3 // 4)],
        "poll3-random.pb": chance.randbytes(5000),
        "poll4-empty.pb": b"",
    }
    for name, content in damaged.items():
        (folder / name).write_bytes(content)
    return sorted(damaged)


def check_log(log, damaged):
    """Each damaged recording is one task that failed every attempt and was given up with a reason."""
    given_up = re.findall(r" error queue \S+: task (\S+) was given up after (\d+) attempts: (.+)", log)
    for task, attempts, reason in given_up:
        print(f"{task}: given up after {attempts} attempts: {reason}")
    if len({task for task, _, _ in given_up}) != len(damaged) or len(given_up) != len(damaged):
        raise SystemExit(f"failed: {len(damaged)} recordings are damaged, {len(given_up)} tasks were given up\n{log}")
    for task, attempts, _ in given_up:
        tries = len(re.findall(rf" warning queue \S+: task {re.escape(task)}, attempt \d+: HTTP 502: ", log))
        if int(attempts) != ATTEMPTS or tries != ATTEMPTS - 1:
            raise SystemExit(f"failed: {task}: {attempts} attempts and {tries} retries, expected {ATTEMPTS}\n{log}")
    reasons = " ".join(reason for _, _, reason in given_up)
    for words in ("not a GTFS-realtime message", "is empty"):
        if words not in reasons:
            raise SystemExit(f"failed: no reason says {words!r}\n{log}")


def check_summary(progress, damaged):
    """The last line counts what was done and what was given up."""
    last = progress.strip().splitlines()[-1]
    print(last)
    match = re.search(r"(\d+) tasks done, (\d+) given up", last)
    if not match or int(match.group(2)) != len(damaged):
        raise SystemExit(f"failed: the last line does not count {len(damaged)} tasks given up")
    if "306 rows in mta_updates.realtime_updates" not in last:
        raise SystemExit("failed: the last line does not count 306 rows")


def run(binary, data, folder):
    done = subprocess.run(
        replay_command(binary, data, folder), timeout=120, env=clean_environment(), capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"failed: the run ended with code {done.returncode}\n{done.stderr}")
    return done.stderr


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary", type=pathlib.Path)
    arguments.add_argument("--seed", type=int, default=20260228)
    options = arguments.parse_args()
    recordings = recordings_or_exit()
    binary = options.binary.resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder, data = pathlib.Path(temporary) / "recordings", pathlib.Path(temporary) / "data"
        damaged = spoil(recordings, folder, options.seed)
        progress = run(binary, data, folder)
        check_log((data / "streamtop.log").read_text(), damaged)
        check_summary(progress, damaged)
        if verify(binary, data, folder) != 0:
            raise SystemExit(f"failed: wrong rows (seed {options.seed})")
        # Everything was served: a second run says so and changes nothing.
        if "were served in earlier runs" not in run(binary, data, folder):
            raise SystemExit("failed: a run without recordings left does not say so")
        if verify(binary, data, folder) != 0:
            raise SystemExit("failed: the second run changed rows")


if __name__ == "__main__":
    main()
