#!/usr/bin/env python3
"""Measures the release binary as a person meets it, and prints three figures (median of several runs):

  first frame    launch → first drawn frame, on a pseudo-terminal, fresh data folder
  idle load      the dashboard's own processor use, share of a core, idle workspace, 4 frames a second
  freshness      publish → row visible, p99, one resumed trigger

    dashboard.py path/to/streamtop [--runs 5] [--idle 20] [--live 65]

First frame and idle load are compared with `btop` in the same run where it is installed.
"""

import argparse
import fcntl
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import tempfile
import termios
import time

WORKSPACE = pathlib.Path(__file__).resolve().parents[1] / "sample-data" / "subway"


def launch(command):
    """Starts a program on a 120×40 pseudo-terminal; returns its pid and the terminal's descriptor."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    return pid, terminal


def read_until(terminal, text, patience=20):
    """Reads until `text` was printed; returns the seconds."""
    start, seen = time.monotonic(), b""
    while time.monotonic() - start < patience:
        if select.select([terminal], [], [], 0.05)[0]:
            seen += os.read(terminal, 65536)
            if text in seen:
                return time.monotonic() - start
    raise SystemExit(f"never printed {text!r}; got {seen[-500:]!r}")


def drain(terminal, seconds):
    """Lets the program draw for a while."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            try:
                os.read(terminal, 65536)
            except OSError:  # the program has ended
                return


def end(pid, terminal):
    os.kill(pid, signal.SIGTERM)
    drain(terminal, 0.2)
    os.close(terminal)
    os.waitpid(pid, 0)


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def first_frame(command, text, runs):
    times = []
    for _ in range(runs):
        start = time.monotonic()
        pid, terminal = launch(command())
        read_until(terminal, text)
        times.append(time.monotonic() - start)
        end(pid, terminal)
    return times


def idle_load(command, text, seconds):
    pid, terminal = launch(command())
    read_until(terminal, text)
    drain(terminal, 3)
    before = cpu_seconds(pid)
    drain(terminal, seconds)
    load = (cpu_seconds(pid) - before) / seconds
    end(pid, terminal)
    return load


def freshness(binary, folder, seconds):
    data = folder / "live"
    process = subprocess.Popen(
        [binary, "run", str(WORKSPACE), "--data", str(data), "--resume", "--for", f"{seconds}s"], stderr=subprocess.DEVNULL)
    time.sleep(seconds - 3)
    snapshot = json.loads(subprocess.run([binary, "snapshot", "--data", str(data)], check=True, capture_output=True).stdout)
    process.wait()
    return snapshot["freshness"]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--idle", type=int, default=20)
    arguments.add_argument("--live", type=int, default=65)
    options = arguments.parse_args()
    binary = str(pathlib.Path(options.binary).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        count = iter(range(1000))

        def streamtop():
            return [binary, str(WORKSPACE), "--data", str(folder / f"data-{next(count)}")]

        times = first_frame(streamtop, b"PAUSED", options.runs)
        print(f"first frame    median {statistics.median(times) * 1000:.0f} ms of {options.runs} (bound 200 ms): "
              + " ".join(f"{t * 1000:.0f}" for t in times))
        load = statistics.median(idle_load(streamtop, b"PAUSED", options.idle) for _ in range(3))
        print(f"idle load      median {load * 100:.2f} % of a core over 3 × {options.idle} s (bound 2 %)")
        if shutil.which("btop"):
            peer = statistics.median(idle_load(lambda: ["btop"], b"cpu", options.idle) for _ in range(3))
            print(f"               btop here: {peer * 100:.2f} %")
        figures = freshness(binary, folder, options.live)
        print(f"freshness      p50 {figures['p50'] * 1000:.0f} ms, p99 {figures['p99'] * 1000:.0f} ms, "
              f"max {figures['max'] * 1000:.0f} ms over {figures['count']} (bound: p99 500 ms)")


if __name__ == "__main__":
    main()
