"""What the benchmark scripts share: a virtual environment of peers from PyPI, and measuring a command."""

import dataclasses
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
CACHE = pathlib.Path(os.environ.get("STREAMTOP_BENCH", ROOT / ".build" / "bench"))


def environment(name, packages):
    """A virtual environment in the cache with these packages; made when it is not there. Returns its python."""
    folder = CACHE / f"venv-{name}"
    python = folder / "bin" / "python"
    stamp = folder / "packages.txt"
    if not stamp.exists() or stamp.read_text() != " ".join(packages):
        print(f"== installing {' '.join(packages)} into {folder}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        stamp.write_text(" ".join(packages))
    return python


@dataclasses.dataclass
class Measured:
    """The medians of several runs of a command."""

    seconds: float
    processor_seconds: float
    peak_megabytes: float
    runs: list


def watch(pid, peaks):
    """Notes the largest resident memory, in megabytes. (What `wait4` tells begins with that of the process that forked.)"""
    while True:
        try:
            with open(f"/proc/{pid}/status") as file:
                line = next((line for line in file if line.startswith("VmHWM")), None)
        except OSError:
            return
        if line is None:
            return
        peaks[0] = max(peaks[0], int(line.split()[1]) / 1024)
        time.sleep(0.005)


def measure(command, runs, folder, before=None):
    """Runs a command `runs` times in `folder`; fails when it fails. Times are of the whole process."""
    results = []
    for _ in range(runs):
        if before:
            before()
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        peaks = [0]
        watcher = threading.Thread(target=watch, args=(process.pid, peaks))
        watcher.start()
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - start
        watcher.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))}: exit {process.returncode}\n{output.decode()[-2000:]}")
        results.append((elapsed, usage.ru_utime + usage.ru_stime, peaks[0]))
    return Measured(*(statistics.median(column) for column in zip(*results)), runs=results)


def table(header, rows):
    """Prints rows of text in columns, the first to the left and the others to the right."""
    widths = [max(len(str(row[index])) for row in [header, *rows]) for index in range(len(header))]
    for row in [header, *rows]:
        cells = [str(cell).rjust(width) for cell, width in zip(row, widths)]
        cells[0] = str(row[0]).ljust(widths[0])
        print("  ".join(cells).rstrip(), flush=True)
