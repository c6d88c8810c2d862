#!/usr/bin/env python3
"""Measures the Pub/Sub broker in a process of its own, without the network, beside what the disk allows and Redis.

    broker.py [path/to/BrokerBenchmark] [--only publish,deliver,…] [--runs 3] [--quick] [--folder FOLDER]

  publish        durable publishes of 200 bytes: in batches of 1,000 by 1 and 8 publishers, one by one by 1 and 64;
                 bound: a loop that writes the same bytes to one file and flushes it after each batch;
                 peer: Redis Streams with `appendfsync always`, 64 deep, where redis-server is installed
  deliver        a backlog of a million: deliver and acknowledge, 1 and 4 consumers, with and without exactly-once
  fan-out        bytes on disk with 10 subscriptions, by those with one
  memory         largest resident memory with a million messages that wait, and with a million that are handed out
  subscriptions  ten thousand on one topic and on a thousand: creation, publishing, waking up, opening, telemetry,
                 deletion
  retained       ten million messages: backlog and age at 10 thousand, 1 million and 10 million, seeking, opening

Without a path it builds the release binary. Every row is a process of its own; times are medians of the runs. Files go to
a folder that must be on a disk, not in memory: .build/bench, or --folder. Ends with 1 when a bound is missed.
"""

import argparse
import pathlib
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

import measuring

SIZE = 200
BATCH = 1000
# What a message takes in the journal: frame, flags and publish time beside its data.
STORED = SIZE + 17

missed = []


class Bench:
    """Runs scenarios of the binary, each in an empty folder on the disk."""

    def __init__(self, binary, folder, runs, scale):
        self.binary, self.folder, self.runs, self.scale = binary, folder, runs, scale

    def count(self, messages):
        return max(messages // self.scale, 10_000)

    def run(self, scenario, *options, folder=None, runs=None):
        """The medians of the scenario's figures, by name. With `folder` it runs once, there, and leaves its files."""
        results = []
        for _ in range(1 if folder else runs or self.runs):
            with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
                command = [self.binary, scenario, "--folder", folder or scratch, *options]
                ended = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
            if ended.returncode != 0:
                raise SystemExit(f"{' '.join(map(str, command))}: exit {ended.returncode}\n{ended.stderr[-2000:]}")
            lines = (line.split("\t") for line in ended.stdout.splitlines())
            results.append({name: float(value) for name, value in lines})
        return {name: statistics.median(result[name] for result in results) for name in results[0]}


def bound(what, value, limit, text, most=True):
    """Notes when a bound is missed; returns the cell that says so."""
    holds = value <= limit if most else value >= limit
    if not holds:
        missed.append(f"{what}: {text}")
    return f"{text} {'holds' if holds else 'MISSED'}"


def at_least(what, value, limit):
    return bound(what, value, limit, f"≥ {limit:,}", most=False)


def milliseconds(seconds):
    return f"{seconds * 1000:,.2f} ms"


# Publishing

def publish(bench):
    disk = {}
    for batch, messages in ((BATCH, bench.count(1_000_000)), (1, 2_000)):
        disk[batch] = bench.run("disk", "--batch", batch, "--messages", messages)
        disk[batch]["rate"] = messages / disk[batch]["seconds"]
    rows = [["the disk: write and flush, one batch after the other", f"{disk[BATCH]['rate']:,.0f}/s", "1.0",
             f"{BATCH:,}", milliseconds(disk[BATCH]["write_p50"]), milliseconds(disk[BATCH]["write_p99"]), ""]]
    for tasks in (1, 8):
        messages = bench.count(4_000_000)
        figures = bench.run("publish", "--tasks", tasks, "--batch", BATCH, "--messages", messages)
        rate = messages / figures["seconds"]
        limit = at_least("durable publishes in batches", rate, 1_000_000) if tasks == 8 else ""
        rows.append(
            [f"batches, {tasks} publisher{'s' if tasks > 1 else ''}", f"{rate:,.0f}/s",
             f"{rate / disk[BATCH]['rate']:.1f}", f"{messages / figures['syncs']:,.0f}",
             milliseconds(figures["publish_p50"]), milliseconds(figures["publish_p99"]), limit])
    peer = redis(bench)
    if peer:
        rows.append(["Redis Streams, appendfsync always, 64 deep", f"{peer:,.0f}/s", f"{peer / disk[BATCH]['rate']:.1f}",
                     "", "", "", ""])
    rows.append(["the disk: write and flush one message", f"{disk[1]['rate']:,.0f}/s", "1.0", "1",
                 milliseconds(disk[1]["write_p50"]), milliseconds(disk[1]["write_p99"]), ""])
    for tasks, messages in ((1, 2_000), (64, 50_000)):
        figures = bench.run("publish", "--tasks", tasks, "--batch", 1, "--messages", messages)
        rate = messages / figures["seconds"]
        limit = ""
        if tasks == 1:
            # Where the disk alone takes that long, the broker cannot be judged by it.
            limit = f"the disk alone takes {milliseconds(disk[1]['write_p50'])}"
            if disk[1]["write_p50"] < 0.0008:
                limit = bound("publish one by one", figures["publish_p50"], 0.001, "p50 < 1 ms")
        rows.append(
            [f"one by one, {tasks} publisher{'s' if tasks > 1 else ''}", f"{rate:,.0f}/s",
             f"{rate / disk[1]['rate']:.1f}", f"{messages / figures['syncs']:,.0f}",
             milliseconds(figures["publish_p50"]), milliseconds(figures["publish_p99"]), limit])
    measuring.table(["durable publish, 200 bytes", "messages", "× disk", "a flush", "p50", "p99", "bound"], rows)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def redis(bench):
    """XADD a second of a server of its own that flushes before it answers; None when Redis is not installed."""
    if not shutil.which("redis-server") or not shutil.which("redis-benchmark"):
        print("Redis is not installed here (apt-get install redis-server)")
        return None
    rates = []
    for _ in range(bench.runs):
        with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
            port = free_port()
            server = subprocess.Popen(
                ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes",
                 "--appendfsync", "always", "--save", "", "--auto-aof-rewrite-percentage", "0"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                wait_for(port)
                count = bench.count(1_000_000)
                start = time.perf_counter()
                subprocess.run(
                    ["redis-benchmark", "-p", str(port), "-n", str(count), "-P", "64", "-c", "50", "-q",
                     "XADD", "stream", "*", "data", "x" * SIZE],
                    stdout=subprocess.DEVNULL, check=True)
                rates.append(count / (time.perf_counter() - start))
            finally:
                server.terminate()
                server.wait(20)
    return statistics.median(rates)


def wait_for(port):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("redis-server does not answer")


# Delivering

def deliver(bench):
    messages = bench.count(1_000_000)
    rows = []
    for name, options in (
            ("1 consumer", ["--tasks", 1]),
            ("4 consumers", ["--tasks", 4]),
            ("1 consumer, exactly once", ["--tasks", 1, "--exactly-once"]),
            ("4 consumers, exactly once", ["--tasks", 4, "--exactly-once"]),
            ("a pipeline in the process", ["--tasks", 1, "--pipeline"])):
        figures = bench.run("deliver", "--messages", messages, "--batch", BATCH, *options)
        if figures["left"] or figures["messages"] != messages:
            raise SystemExit(f"deliver, {name}: {figures}")
        rate = messages / figures["seconds"]
        limit = at_least("deliver and acknowledge", rate, 1_000_000) if "--exactly-once" not in options else ""
        rows.append([name, f"{rate:,.0f}/s", f"{figures['processor_seconds'] / messages * 1e9:,.0f} ns",
                     f"{figures['syncs']:,.0f}", f"{figures['peak_megabytes']:.0f} MB", limit])
    measuring.table(
        [f"deliver + acknowledge, backlog of {messages:,}", "messages", "processor, each", "flushes", "memory", "bound"],
        rows)


# Fan-out

def fan_out(bench):
    messages = bench.count(500_000)
    figures = {
        count: bench.run("fan-out", "--subscriptions", count, "--messages", messages, runs=1) for count in (1, 10)}
    rows = []
    for key, name in (("bytes_published", "published"), ("bytes_acknowledged", "delivered and acknowledged by all")):
        one, ten = figures[1][key], figures[10][key]
        rows.append([name, f"{one / 1e6:,.1f} MB", f"{ten / 1e6:,.1f} MB", f"{ten / one:.3f}",
                     bound(f"fan-out, {name}", ten / one, 2, "< 2")])
    measuring.table([f"on disk, {messages:,} messages", "1 subscription", "10", "ratio", "bound"], rows)


# Memory

def memory(bench):
    messages = bench.count(1_000_000)
    rows = []
    for scenario, name in (("waiting", "nobody reads"), ("leased", "all handed out, none acknowledged")):
        figures = bench.run(scenario, "--messages", messages, "--batch", BATCH)
        peak = figures["peak_megabytes"]
        rows.append([name, f"{peak:.0f} MB", f"{figures['resident_megabytes']:.0f} MB",
                     f"{peak * 1e6 / messages:,.0f}", bound(f"memory, {name}", peak, 150, "< 150 MB")])
    measuring.table([f"memory, backlog of {messages:,}", "largest", "at the end", "bytes each", "bound"], rows)


# Subscriptions

def subscriptions(bench):
    count = max(10_000 // bench.scale, 100)
    rows = []
    columns = [{}, {}]
    for column, topics in zip(columns, (1, max(count // 10, 10))):
        column["topics"] = topics
        with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
            options = ["--topics", topics, "--subscriptions", count]
            messages, batch = (bench.count(1_000_000), BATCH) if topics == 1 else (bench.count(100_000), 10)
            column["created"] = bench.run(
                "create-many", *options, "--messages", messages, "--batch", batch, folder=folder)
            column["messages"], column["batch"] = messages, batch
            column["opened"] = bench.run("open-many", *options, folder=folder)

    def row(name, cell, check=None):
        rows.append([name, *(cell(column) for column in columns), check(columns) if check else ""])

    row("created", lambda c: f"{count / c['created']['create_subscriptions_seconds']:,.0f}/s")
    row("published, 8 publishers",
        lambda c: f"{c['messages'] / c['created']['publish_seconds']:,.0f}/s, by {c['batch']:,}")
    row("one waits: publish until it has it, p50", lambda c: milliseconds(c["created"]["wake_one_p50"]),
        lambda cs: bound("waking one", max(c["created"]["wake_one_p50"] for c in cs), 0.01, "< 10 ms"))
    row("all wait: until the last has acknowledged", lambda c: milliseconds(c["created"]["wake_all_seconds"]))
    row("telemetry, everything", lambda c: milliseconds(c["created"]["metrics_seconds"]),
        lambda cs: bound("telemetry", max(c["created"]["metrics_seconds"] for c in cs), 0.1, "< 100 ms"))
    row("opened again", lambda c: f"{c['opened']['open_seconds']:.2f} s",
        lambda cs: bound("opening", max(c["opened"]["open_seconds"] for c in cs), 5, "< 5 s"))
    row("telemetry then, the first", lambda c: milliseconds(c["opened"]["metrics_first_seconds"]))
    row("deleted, processor time of each",
        lambda c: f"{c['opened']['delete_subscriptions_processor_seconds'] / count * 1e6:,.0f} µs",
        lambda cs: bound(
            "deleting", max(c["opened"]["delete_subscriptions_processor_seconds"] for c in cs) / count, 0.001,
            "< 1 ms"))
    row("shut down", lambda c: f"{c['created']['shut_down_seconds']:.2f} s")
    row("memory, created", lambda c: f"{c['created']['resident_megabytes']:.0f} MB")
    row("memory, largest", lambda c: f"{c['created']['peak_megabytes']:.0f} MB",
        lambda cs: bound("memory", max(c["created"]["peak_megabytes"] for c in cs), 300, "< 300 MB"))
    row("memory, opened", lambda c: f"{c['opened']['resident_megabytes']:.0f} MB")
    measuring.table(
        [f"{count:,} subscriptions", *(f"{c['topics']:,} topic{'s' if c['topics'] > 1 else ''}" for c in columns),
         "bound"], rows)


# Retained messages

def retained(bench):
    messages = bench.count(10_000_000)
    need = messages * STORED * 1.2
    free = shutil.disk_usage(bench.folder).free
    if free < need:
        print(f"{messages:,} retained messages need {need / 1e9:.1f} GB in {bench.folder}; there are {free / 1e9:.1f} GB")
        return
    with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
        figures = bench.run("retain", "--messages", messages, folder=folder)
        opened = bench.run("open-retained", "--messages", messages, "--middle", int(figures["middle"]), folder=folder)
    counts = sorted({10_000, min(1_000_000, messages), messages})
    rows = []
    for key, name in (("query_{}_seconds", "backlog and age"), ("query_moved_{}_p50", "after an acknowledgement")):
        times = [figures[key.format(count)] for count in counts]
        rows.append([name, *(f"{seconds * 1e6:,.1f} µs" for seconds in times), f"{times[-1] / times[0]:.1f}",
                     bound(f"{name}, the largest by the smallest", times[-1] / times[0], 5, "O(1): < 5")])
    measuring.table(["messages that wait", *(f"{count:,}" for count in counts), "ratio", "bound"], rows)
    print()
    rows = []
    for name, key in (("seek to the middle", "seek_middle"), ("again", "seek_middle_again"),
                      ("seek to the start", "seek_back")):
        rows.append([name, *(milliseconds(run[f"{key}_seconds"]) for run in (figures, opened)), ""])
        rows.append(["  and pull 1,000", *(milliseconds(run[f"{key}_pull_seconds"]) for run in (figures, opened)), ""])
    rows.append(["open", "", f"{opened['open_seconds']:.2f} s",
                 bound("opening", opened["open_seconds"], 2, "< 2 s")])
    rows.append(["telemetry, the first", "", milliseconds(opened["metrics_first_seconds"]), ""])
    rows.append(["memory, largest", *(f"{run['peak_megabytes']:.0f} MB" for run in (figures, opened)),
                 bound("memory", max(run["peak_megabytes"] for run in (figures, opened)), 150, "< 150 MB")])
    measuring.table(
        [f"{messages:,} retained, {figures['bytes'] / 1e9:.1f} GB", "published", "opened again", "bound"], rows)


PARTS = {
    "publish": publish, "deliver": deliver, "fan-out": fan_out, "memory": memory, "subscriptions": subscriptions,
    "retained": retained,
}


def build():
    command = ["swift", "build", "-c", "release", "--product", "BrokerBenchmark"]
    print(f"== {' '.join(command)}", flush=True)
    subprocess.run(command, cwd=measuring.ROOT, check=True)
    return measuring.ROOT / ".build" / "release" / "BrokerBenchmark"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path, nargs="?")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, separated by commas")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything: does it run at all?")
    parser.add_argument("--folder", type=pathlib.Path, default=measuring.CACHE)
    options = parser.parse_args()
    unknown = [part for part in options.only.split(",") if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    options.folder.mkdir(parents=True, exist_ok=True)
    binary = (options.binary or build()).resolve()
    bench = Bench(binary, options.folder, options.runs, 10 if options.quick else 1)
    for part in options.only.split(","):
        PARTS[part](bench)
        print(flush=True)
    if missed:
        raise SystemExit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
