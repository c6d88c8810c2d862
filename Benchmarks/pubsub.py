#!/usr/bin/env python3
"""Measures the broker through its front door, with Google's own Python client, beside Google's emulator in the same run.

    pubsub.py path/to/streamtop [--messages 400000] [--seconds 10] [--emulator /path/to/pubsub-emulator | none]

  batches        Publish of 1,000 messages of 200 bytes, 8 requests under way, messages a second
  one by one     Publish of one message at a time, median and 99th percentile of the time until it is acknowledged
  StreamingPull  the subscriber of google-cloud-pubsub with a callback that acknowledges, messages a second
  Pull           unary Pull of up to 1,000 and Acknowledge, messages a second
  memory         resident memory of the server with everything published and nothing acknowledged

streamtop acknowledges a publish when it is on the disk; the emulator keeps everything in memory. The emulator is looked
for in the installation of gcloud.
"""

import argparse
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import measuring

PACKAGES = ["google-cloud-pubsub==2.44.0"]
EMULATOR = pathlib.Path("/usr/lib/google-cloud-sdk/platform/pubsub-emulator")
PROJECT = "bench"
SIZE = 200
BATCH = 1000


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process, patience=60):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server does not answer")


def resident_megabytes(pid):
    """Of a process and its children."""
    total, queue = 0, [pid]
    while queue:
        pid = queue.pop()
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            queue += map(int, pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return total / 1024


def measure_inside(address, pid, messages, seconds):
    """Runs in the environment that has Google's client; prints one line a figure."""
    os.environ["PUBSUB_EMULATOR_HOST"] = address
    import grpc
    from google.cloud import pubsub_v1
    from google.pubsub_v1.types import pubsub as types

    publisher, subscriber = pubsub_v1.PublisherClient(), pubsub_v1.SubscriberClient()
    topic = publisher.topic_path(PROJECT, "bench")
    publisher.create_topic(name=topic)
    paths = {name: subscriber.subscription_path(PROJECT, name) for name in ("pull", "stream")}
    subscriber.create_subscription(name=paths["pull"], topic=topic)

    channel = grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", -1)])
    publish = channel.unary_unary("/google.pubsub.v1.Publisher/Publish", lambda data: data, lambda data: data)
    payload = os.urandom(SIZE)
    single = types.PublishRequest.serialize(
        types.PublishRequest(topic=topic, messages=[types.PubsubMessage(data=payload)]))
    many = types.PublishRequest.serialize(
        types.PublishRequest(topic=topic, messages=[types.PubsubMessage(data=payload)] * BATCH))

    for _ in range(200):
        publish(single)
    times = []
    end = time.perf_counter() + seconds / 2
    while time.perf_counter() < end:
        start = time.perf_counter()
        publish(single)
        times.append(time.perf_counter() - start)
    times.sort()
    print("one by one, p50", f"{statistics.median(times) * 1000:.2f} ms")
    print("one by one, p99", f"{times[len(times) * 99 // 100] * 1000:.2f} ms")

    under_way = threading.Semaphore(8)
    start = time.perf_counter()
    futures = []
    for _ in range(messages // BATCH):
        under_way.acquire()
        future = publish.future(many)
        future.add_done_callback(lambda _: under_way.release())
        futures.append(future)
    for future in futures:
        future.result()
    print("batches of 1,000", f"{messages / (time.perf_counter() - start):,.0f} msg/s")
    print("memory with the backlog", f"{resident_megabytes(pid):.0f} MB")

    pull = channel.unary_unary(
        "/google.pubsub.v1.Subscriber/Pull", lambda data: data, types.PullResponse.deserialize)
    acknowledge = channel.unary_unary("/google.pubsub.v1.Subscriber/Acknowledge", lambda data: data, lambda data: data)
    request = types.PullRequest.serialize(types.PullRequest(
        subscription=paths["pull"], max_messages=BATCH, return_immediately=True))
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        received = [message.ack_id for message in pull(request).received_messages]
        if not received:
            break
        acknowledge(types.AcknowledgeRequest.serialize(
            types.AcknowledgeRequest(subscription=paths["pull"], ack_ids=received)))
        count += len(received)
    print("Pull and Acknowledge", f"{count / (time.perf_counter() - start):,.0f} msg/s")

    subscriber.create_subscription(name=paths["stream"], topic=topic)
    for _ in range(min(messages, 100_000) // BATCH):
        publish(many)
    state = {"count": 0, "first": None, "last": None}

    def receive(message):
        message.ack()
        now = time.perf_counter()
        state["first"] = state["first"] or now
        state["last"] = now
        state["count"] += 1

    stream = subscriber.subscribe(paths["stream"], receive)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end and state["count"] < min(messages, 100_000):
        time.sleep(0.05)
    stream.cancel()
    stream.result()
    if state["count"] > 1:
        print("StreamingPull", f"{state['count'] / (state['last'] - state['first']):,.0f} msg/s")


def run(name, command, port, python, options):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        result = subprocess.run(
            [python, __file__, "--inside", f"127.0.0.1:{port}", str(process.pid), str(options.messages),
             str(options.seconds)], capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise SystemExit(f"{name}: {result.stderr[-3000:]}")
        figures = {}
        for line in result.stdout.splitlines():
            words = line.rsplit(" ", 2)
            figures[words[0]] = " ".join(words[1:])
        return figures
    finally:
        process.terminate()
        process.wait(20)


def main():
    if sys.argv[1:2] == ["--inside"]:
        address, pid, messages, seconds = sys.argv[2:6]
        return measure_inside(address, int(pid), int(messages), float(seconds))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--messages", type=int, default=400_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--emulator", default=str(EMULATOR))
    options = parser.parse_args()
    python = measuring.environment("pubsub", PACKAGES)
    systems = {}
    with tempfile.TemporaryDirectory() as folder:
        workspace = pathlib.Path(folder) / "workspace"
        workspace.mkdir()
        (workspace / "streamtop.yaml").write_text("pubsub: {}\n")
        port = free_port()
        systems["streamtop, durable"] = run(
            "streamtop",
            [options.binary.resolve(), "run", workspace, "--data", f"{folder}/data", "--pubsub-listen",
             f"127.0.0.1:{port}"], port, python, options)
        emulator = pathlib.Path(options.emulator) / "bin" / "cloud-pubsub-emulator"
        if options.emulator != "none" and emulator.exists() and shutil.which("java"):
            port = free_port()
            systems["Google's emulator, in memory"] = run(
                "emulator",
                [emulator, "--host=127.0.0.1", f"--port={port}"], port, python, options)
        else:
            print("Google's emulator is not installed here (gcloud components install pubsub-emulator), or java is not")
    names = list(systems)
    figures = list(systems[names[0]])
    measuring.table(
        ["", *names], [[figure, *(systems[name].get(figure, "") for name in names)] for figure in figures])


if __name__ == "__main__":
    main()
