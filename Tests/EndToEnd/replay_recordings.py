#!/usr/bin/env python3
"""Replays the recordings once through the real binary and compares every row with an independent decoding.

    replay_recordings.py path/to/streamtop
"""

import pathlib
import subprocess
import sys
import tempfile

from streamtop_process import clean_environment, recordings_or_exit, replay_command, verify


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    recordings = recordings_or_exit()
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data"
        done = subprocess.run(
            replay_command(binary, data, recordings), timeout=120, env=clean_environment(), capture_output=True, text=True)
        if done.returncode != 0:
            print(done.stderr)
            sys.exit(f"failed: the run ended with code {done.returncode}")
        sys.exit(verify(binary, data, recordings))


if __name__ == "__main__":
    main()
