#!/usr/bin/env python3
"""Kills the real binary with SIGKILL at twenty random moments, restarting it each time, and checks that the rows are
those of an undisturbed run: none lost, none doubled.

    kill_and_restart.py path/to/streamtop [--seed N] [--kills N]

A run that ends before its moment counts as no kill: the data folder is thrown away and a new round begins, so that
every kill hits a program at work. Each round is compared at its end.
"""

import argparse
import pathlib
import random
import subprocess
import tempfile
import time

from streamtop_process import clean_environment, recordings_or_exit, replay_command, verify


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary", type=pathlib.Path)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    arguments.add_argument("--kills", type=int, default=20)
    options = arguments.parse_args()
    recordings = recordings_or_exit()
    binary = options.binary.resolve()
    moments = random.Random(options.seed)
    kills = rounds = 0
    # How long a whole run takes here: moments are drawn from it.
    with tempfile.TemporaryDirectory() as folder:
        span = complete(binary, pathlib.Path(folder) / "data", recordings)
    print(f"seed {options.seed}; an undisturbed run takes {span:.2f} s", flush=True)
    while kills < options.kills:
        rounds += 1
        with tempfile.TemporaryDirectory() as folder:
            data = pathlib.Path(folder) / "data"
            in_this_round = 0
            while kills < options.kills and in_this_round < 10:
                if not killed(binary, data, recordings, moments.uniform(0, span)):
                    break
                kills += 1
                in_this_round += 1
            complete(binary, data, recordings)
            if verify(binary, data, recordings) != 0:
                raise SystemExit(f"failed: wrong rows after {in_this_round} kills (seed {options.seed}, round {rounds})")
    print(f"{kills} kills in {rounds} rounds: every round ended with the same rows")


def killed(binary, data, recordings, after):
    """Starts a run and kills it after `after` seconds; false when it had ended by then."""
    with open(data.with_name("killed.log"), "ab") as log:
        process = subprocess.Popen(replay_command(binary, data, recordings), stderr=log, stdout=log, env=clean_environment())
        try:
            code = process.wait(timeout=after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True
    if code != 0:
        raise SystemExit(f"failed: a run ended by itself with code {code}:\n{data.with_name('killed.log').read_text()[-4000:]}")
    return False


def complete(binary, data, recordings):
    """Lets a run end by itself; returns its seconds."""
    start = time.monotonic()
    done = subprocess.run(
        replay_command(binary, data, recordings), timeout=120, env=clean_environment(), capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"failed: the run ended with code {done.returncode}:\n{done.stderr[-4000:]}")
    return time.monotonic() - start


if __name__ == "__main__":
    main()
