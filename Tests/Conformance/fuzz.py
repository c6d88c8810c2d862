"""Random and hostile bytes for the front door: it must neither fall, nor hang, nor grow. See README.md beside this.

    python3 Tests/Conformance/fuzz.py [.build/debug/streamtop] [--seconds 60] [--seed N] [--first ROUND]

Every round is one kind of attack, made from the seed and the round's number: after each, the program must still run,
answer a request by REST and one by gRPC within bounds, and stay below a bound of memory. Now and then it is killed and
started on what it has stored until then. A long run goes in legs, each a process with a program of its own: Google's gRPC
library, which half of the attacks use, does not outlive everything that it is made to send.
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
# How long the answer to a healthy request may take while an attack goes on, and how much memory may be resident.
PATIENCE, MEGABYTES = 20, 1024
FOLDER_MEGABYTES = 1500
LEG_SECONDS = 900


class Fuzzer:
    def __init__(self, seed):
        import grpc
        import fuzz_messages
        import fuzz_wire
        import server

        self.grpc, self.messages, self.wire = grpc, fuzz_messages, fuzz_wire
        self.seed, self.server = seed, server
        self.requests, self.answers, self.kinds = 0, collections.Counter(), collections.Counter()
        self.peak, self.slowest, self.restarts = 0, 0.0, 0
        self.ack_ids, self.kept = [], []
        self.program = server.Program()
        self.attend()
        self.attacks = [
            (6, self.unary), (3, self.rest), (2, self.streams), (1, self.rest_targets), (1, self.http1),
            (1, self.frames), (1, self.broken_sessions), (1, self.hostile_sessions), (0.5, self.slow_clients),
            (0.1, self.crowd), (0.2, self.deaf_clients), (0.1, self.bomb),
        ]

    def attend(self):
        self.channel = self.grpc.insecure_channel(self.program.address, [
            ("grpc.initial_reconnect_backoff_ms", 50), ("grpc.max_reconnect_backoff_ms", 300),
            ("grpc.max_receive_message_length", -1), ("grpc.use_local_subchannel_pool", 1)])
        self.furnish()

    def furnish(self):
        """What the attacks are to find; they delete it, too."""
        for kind, body in [("topics", b"{}"), ("subscriptions", None)]:
            for index in range(4):
                if kind == "subscriptions":
                    body = (f'{{"topic": "{self.messages.PROJECT}/topics/top{index}", "enableExactlyOnceDelivery": '
                            f'{str(index == 1).lower()}, "enableMessageOrdering": {str(index > 1).lower()}}}').encode()
                self.wire.exchange(self.program.address, self.wire.http1(
                    "PUT", f"/v1/{self.messages.PROJECT}/{kind}/{kind[:3]}{index}", body, ["Connection: close"]),
                    close=False)

    # The attacks. Each makes some requests from what chance gives.

    def unary(self, chance):
        """Calls of every method with messages that are right, nearly right, and wrong."""
        calls = []
        for _ in range(60):
            path, request = chance.choice(chance.choice([self.messages.METHODS, self.messages.OFTEN]))
            call = self.channel.unary_unary(path, request_serializer=None, response_deserializer=None)
            data = self.messages.protobuf(chance, request, self.ack_ids)
            calls.append((path, call.future(data, timeout=chance.choice([0.05, 0.3, 2, 2]))))
        for path, call in calls:
            error = call.exception()
            self.count(error.code().name if error is not None and hasattr(error, "code") else "OK")
            if error is None and path.endswith("/Pull"):
                pulled = self.messages.types.PullResponse.pb().FromString(call.result())
                self.ack_ids = [one.ack_id for one in pulled.received_messages][:50] or self.ack_ids

    def rest(self, chance):
        """The same by REST."""
        with contextlib.suppress(OSError), self.wire.connection(self.program.address) as socket_:
            for _ in range(25):
                verb, path, kind, request = chance.choice(self.messages.ROUTES)
                if chance.random() < 0.05:
                    verb = chance.choice(["GET", "POST", "PUT", "PATCH", "DELETE"])
                path = path.format(self.messages.name(chance, kind)) if kind else path
                body = self.messages.body(chance, request, self.ack_ids) if request else b""
                socket_.sendall(self.wire.http1(verb, urllib.parse.quote(path, safe="/:{}"), body))
                if ":pull" in path and chance.random() < 0.5:
                    return
                answer = self.wire.receive(socket_, 0.05)
                self.count(answer[9:12].decode("latin-1") or "no answer yet")

    def rest_targets(self, chance):
        """Paths and queries that no client would send."""
        for _ in range(10):
            verb, path, kind, _ = chance.choice(self.messages.ROUTES)
            path = path.format(self.messages.name(chance, kind)) if kind else path
            pairs = [(chance.choice(self.messages.PARAMETERS), chance.choice(
                ["", "-1", "1", "99999999999", "labels", "%", "%zz", "%ff", "a+b", "\u00e9", "x" * 3000]))
                for _ in range(chance.randrange(4))]
            target = path + "?" + "&".join("=".join(pair) for pair in pairs)
            if chance.random() < 0.4:
                target = self.messages.mangled(chance, target).replace("\r", "").replace("\n", "")
            answer = self.wire.exchange(self.program.address, self.wire.http1(verb, target), 0.1)
            self.count(answer[9:12].decode("latin-1") or "closed")

    def http1(self, chance):
        for _ in range(5):
            answer = self.wire.exchange(self.program.address, self.wire.hostile_http1(chance), 0.2)
            self.count(answer[9:12].decode("latin-1") or "closed")

    def frames(self, chance):
        for _ in range(5):
            self.wire.exchange(self.program.address, self.wire.random_frames(chance), 0.1, chance.random() < 0.5)
            self.count("frames")

    def broken_sessions(self, chance):
        for _ in range(5):
            data = self.wire.session(chance)
            data = self.messages.mutated(chance, data) if chance.random() < 0.8 else data[:chance.randrange(len(data))]
            self.wire.exchange(self.program.address, data, 0.1, chance.random() < 0.5)
            self.count("broken sessions")

    def hostile_sessions(self, chance):
        for _ in range(3):
            self.wire.exchange(self.program.address, self.wire.hostile_session(chance), 0.3, chance.random() < 0.5)
            self.count("hostile sessions")

    def streams(self, chance):
        """StreamingPull: what opens it, and what comes later, in any order and twice."""
        request = self.messages.STREAMING_PULL_REQUEST
        for _ in range(4):
            ended = threading.Event()
            wishes = []
            for index in range(chance.randrange(1, 12)):
                one = request()
                if index == 0 and chance.random() < 0.9:
                    one.subscription = self.messages.name(chance, "subscriptions")
                    one.stream_ack_deadline_seconds = chance.choice([10, 10, 600, 0, -1, 2**31 - 1])
                    one.max_outstanding_messages = chance.choice([0, 1, -5, 1000, 2**63 - 1, -2**63])
                    one.max_outstanding_bytes = chance.choice([0, 1, -5, 2**63 - 1])
                elif chance.random() < 0.4:
                    self.messages.fill(chance, one, self.ack_ids)
                else:
                    ids = [self.messages.string(chance, request.DESCRIPTOR.fields_by_name["ack_ids"], self.ack_ids)
                           for _ in range(chance.choice([1, 10, 3000 if chance.random() < 0.1 else 2]))]
                    one.modify_deadline_ack_ids.extend(ids)
                    one.modify_deadline_seconds.extend(chance.choices([0, 10, 600, 601, -1], k=len(ids)))
                    one.ack_ids.extend(ids)
                data = one.SerializeToString()
                wishes.append(self.messages.mutated(chance, data) if chance.random() < 0.1 else data)

            def requests(wishes=wishes, ended=ended):
                yield from wishes
                ended.wait(0.3)

            call = self.channel.stream_stream(self.messages.STREAMING_PULL)(requests(), timeout=2)
            try:
                for index, answer in enumerate(call):
                    with contextlib.suppress(Exception):
                        pulled = self.messages.types.StreamingPullResponse.pb().FromString(answer)
                        self.ack_ids = [one.ack_id for one in pulled.received_messages][:50] or self.ack_ids
                    if index >= chance.randrange(5):
                        break
                call.cancel()
                self.count("stream cancelled")
            except self.grpc.RpcError as error:
                self.count(error.code().name)
            ended.set()

    def slow_clients(self, chance):
        """Connections that begin something and leave it there; they stay open for some rounds."""
        with contextlib.suppress(OSError):
            for _ in range(chance.choice([10, 100, 300])):
                data = chance.choice([
                    lambda: b"", lambda: b"P", lambda: b"PRI * HTTP/2.0\r\n", lambda: b"POST /v1/projects/fuzz/topics HT",
                    lambda: b"POST /v1/x HTTP/1.1\r\nHost: f\r\nContent-Length: 16000000\r\n\r\n" + b"x" * 5000,
                    lambda: self.wire.PREFACE, lambda: self.wire.session(chance)[:chance.randrange(20, 300)],
                    lambda: self.wire.http1("POST", "/v1/projects/fuzz/subscriptions/sub0:pull", b'{"maxMessages":1}'),
                ])()
                socket_ = socket.create_connection(self.place, timeout=3)
                socket_.sendall(data)
                self.kept.append(socket_)
                self.count("slow clients")
        for socket_ in self.kept[::7]:
            with contextlib.suppress(OSError):
                socket_.sendall(b"x")
        while len(self.kept) > 700:
            self.kept.pop(0).close()
        if chance.random() < 0.3:
            self.let_go(chance)

    def crowd(self, chance):
        """More connections than there are places for: those who are served go on being served."""
        crowd = []
        with contextlib.suppress(OSError):
            for _ in range(2500):
                crowd.append(socket.create_connection(self.place, timeout=3))
                self.count("crowd")
        self.channel_answers()
        for socket_ in crowd:
            socket_.close()
        self.let_go(chance)

    def deaf_clients(self, chance):
        """They ask for much and read nothing."""
        data = b"x" * 1_000_000
        publish = self.messages.types.PublishRequest.pb()(topic=f"{self.messages.PROJECT}/topics/top0")
        publish.messages.add(data=data)
        call = self.channel.unary_unary("/google.pubsub.v1.Publisher/Publish")
        for _ in range(5):
            with contextlib.suppress(self.grpc.RpcError):
                call(publish.SerializeToString(), timeout=5)
        pull = b'{"maxMessages":1000,"returnImmediately":true}'
        opening = self.messages.STREAMING_PULL_REQUEST(
            subscription=f"{self.messages.PROJECT}/subscriptions/sub0", stream_ack_deadline_seconds=10)
        with contextlib.suppress(OSError):
            for index in range(20):
                socket_ = socket.create_connection(self.place, timeout=3)
                socket_.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                if index % 2:
                    socket_.sendall(self.wire.http1("POST", "/v1/projects/fuzz/subscriptions/sub0:pull", pull) * 20)
                else:
                    windows = struct.pack(">HI", 4, 2**31 - 1)
                    socket_.sendall(
                        self.wire.PREFACE + self.wire.frame(self.wire.SETTINGS, 0, 0, windows)
                        + self.wire.frame(self.wire.WINDOW_UPDATE, 0, 0, struct.pack(">I", 2**30))
                        + self.wire.frame(self.wire.HEADERS, 4, 1, self.wire.call_headers(self.messages.STREAMING_PULL))
                        + self.wire.frame(self.wire.DATA, 0, 1, self.wire.message(opening.SerializeToString())))
                self.kept.append(socket_)
                self.count("deaf clients")

    def bomb(self, chance):
        self.wire.exchange(self.program.address, self.wire.compressed_bomb(), 0.5)
        self.count("bombs")

    def let_go(self, chance):
        for socket_ in self.kept:
            if chance.random() < 0.5:
                # With a reset.
                socket_.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            socket_.close()
        self.kept = []

    # What must hold after each.

    def health(self):
        """Why the program is not well; None: it is."""
        if (code := self.program.process.poll()) is not None:
            return f"it has ended with {code}"
        begin = time.monotonic()
        if len(self.kept) < 500:
            answer = b""
            while not answer.startswith(b"HTTP/1.1 200") and time.monotonic() < begin + PATIENCE:
                answer = self.wire.exchange(
                    self.program.address, self.wire.http1("GET", "/v1/projects/health/topics", headers=[
                        "Connection: close"]), PATIENCE, close=False)
            if not answer.startswith(b"HTTP/1.1 200"):
                return f"REST does not answer within {PATIENCE} s: {answer[:200]}"
        if reason := self.channel_answers():
            return reason
        self.slowest = max(self.slowest, time.monotonic() - begin)
        self.peak = max(self.peak, megabytes := self.resident())
        if megabytes > MEGABYTES:
            return f"{megabytes:.0f} MB are resident; {MEGABYTES} are allowed"
        return None

    def channel_answers(self):
        call = self.channel.unary_unary("/google.pubsub.v1.Publisher/ListTopics")
        try:
            call(b"\x0a\x0fprojects/health", timeout=PATIENCE, wait_for_ready=True)
        except self.grpc.RpcError as error:
            return f"gRPC does not answer within {PATIENCE} s: {error.code().name} {error.details()}"

    def resident(self):
        with contextlib.suppress(OSError, StopIteration):
            with open(f"/proc/{self.program.process.pid}/status") as status:
                return int(next(line for line in status if line.startswith("VmRSS")).split()[1]) / 1024
        return 0.0

    @property
    def place(self):
        host, port = self.program.address.rsplit(":", 1)
        return host, int(port)

    def count(self, answer):
        self.requests += 1
        self.answers[answer] += 1

    def round(self, number):
        chance = random.Random(f"{self.seed}:{number}")
        attack = chance.choices([one for _, one in self.attacks], [weight for weight, _ in self.attacks])[0]
        self.kinds[attack.__name__] += 1
        if number % 10 == 0:
            self.furnish()
        with contextlib.suppress(OSError):
            attack(chance)
        return attack.__name__, self.health()

    def restart(self, fresh=False):
        """Killed, and started on what it has stored, which is put away when there is too much."""
        self.channel.close()
        self.let_go(random.Random(0))
        self.program.kill()
        size = sum(file.stat().st_size for file in self.program.folder.rglob("*") if file.is_file()) / (1 << 20)
        if fresh or size > FOLDER_MEGABYTES:
            self.program.stop()
            self.program = self.server.Program()
        else:
            self.program.start()
        self.restarts += 1
        self.attend()


def last_words(lines):
    """What a program wrote of its end: why, and where."""
    begin = next((index for index, line in enumerate(lines) if "Fatal error" in line), max(0, len(lines) - 20))
    where = next((index for index, line in enumerate(lines) if line.endswith("crashed:")), len(lines))
    return lines[begin:begin + 3] + lines[where:where + 60]


class Tally:
    """What legs have done, in a file, so that nothing is lost with a process that ends badly."""

    def __init__(self, file):
        self.file = file
        self.rounds, self.requests, self.restarts, self.peak, self.slowest, self.pid = 0, 0, 0, 0.0, 0.0, 0
        self.kinds, self.answers = collections.Counter(), collections.Counter()
        self.findings = []

    def keep(self, fuzzer, rounds):
        self.rounds, self.requests, self.restarts = rounds, fuzzer.requests, fuzzer.restarts
        self.pid = fuzzer.program.process.pid
        self.peak, self.slowest, self.kinds, self.answers = fuzzer.peak, fuzzer.slowest, fuzzer.kinds, fuzzer.answers
        values = {key: value for key, value in vars(self).items() if key != "file"}
        self.file.with_suffix(".new").write_text(json.dumps(values))
        self.file.with_suffix(".new").rename(self.file)

    def add_leg(self):
        """Adds what a leg has left in the file; how many rounds that were."""
        with contextlib.suppress(FileNotFoundError):
            leg = json.loads(self.file.read_text())
            self.file.unlink()
            self.rounds += leg["rounds"]
            self.requests += leg["requests"]
            self.restarts += leg["restarts"]
            self.peak, self.slowest = max(self.peak, leg["peak"]), max(self.slowest, leg["slowest"])
            self.kinds.update(leg["kinds"])
            self.answers.update(leg["answers"])
            self.findings += leg["findings"]
            self.pid = leg["pid"]
            return leg["rounds"]
        return 0


def run_leg(binary, seconds, seed, number, rounds, file):
    os.environ["CONFORMANCE_BINARY"] = binary
    fuzzer, tally = Fuzzer(seed), Tally(file)
    start = restarted = time.monotonic()
    first = number
    while time.monotonic() < start + seconds and len(tally.findings) < 10 and number < first + rounds:
        name, reason = fuzzer.round(number)
        if reason:
            with contextlib.suppress(subprocess.TimeoutExpired):
                # One that is about to end writes first where it was.
                reason += f"; it ended with {fuzzer.program.process.wait(timeout=30)}"
            tally.findings.append(f"round {number} ({name}): {reason}")
            print(f"!! {tally.findings[-1]} (seed {seed})", flush=True)
            print("\n".join("   " + line for line in last_words(fuzzer.program.lines)), flush=True)
            fuzzer.restart(fresh=True)
        number += 1
        if time.monotonic() - restarted > min(300, seconds / 3):
            fuzzer.restart()
            restarted = time.monotonic()
        tally.keep(fuzzer, number - first)
    fuzzer.program.kill()
    fuzzer.program.stop()


def runs(pid):
    """Whether a process is there and not only waits to be buried."""
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def run(binary, seconds, seed, number, rounds):
    print(f"fuzz.py: {binary}, {seconds:.0f} s, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        tally = Tally(pathlib.Path(folder) / "leg.json")
        environment = {**os.environ, "TMPDIR": folder, "GRPC_VERBOSITY": "NONE"}
        start = time.monotonic()
        while (left := start + seconds - time.monotonic()) > 0 and tally.rounds < rounds and not tally.findings:
            leg = [sys.executable, "-W", "ignore", __file__, binary, "--seconds", str(min(left, LEG_SECONDS)),
                   "--seed", str(seed), "--first", str(number + tally.rounds), "--rounds", str(rounds - tally.rounds),
                   "--leg", str(tally.file)]
            process = subprocess.Popen(leg, start_new_session=True, env=environment)
            code = process.wait()
            done = tally.add_leg()
            print(f"   {time.monotonic() - start:.0f} s: {tally.rounds} rounds, {tally.requests} requests, at most "
                  f"{tally.peak:.0f} MB", flush=True)
            if code < 0:
                print(f"   the client ended with signal {-code} in round {number + tally.rounds}", flush=True)
                if done and not runs(tally.pid):
                    tally.findings.append(f"round {number + tally.rounds}: the program has ended, as its client has")
                tally.rounds += 1
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            elif code > 0 or done == 0:
                tally.findings.append(f"the leg from round {number + tally.rounds} ended with {code}")
    print(f"{tally.rounds} rounds, {tally.requests} requests and sessions in {time.monotonic() - start:.0f} s, "
          f"{tally.restarts} restarts; at most {tally.peak:.0f} MB resident; "
          f"the slowest healthy answers took {tally.slowest:.1f} s")
    print("   attacks: " + ", ".join(f"{name} {count}" for name, count in tally.kinds.most_common()))
    print("   answers: " + ", ".join(f"{name} {count}" for name, count in tally.answers.most_common(24)))
    found = f"{len(tally.findings)} FOUND (seed {seed}): " + "; ".join(tally.findings)
    print(found if tally.findings else "no crash, no hang, no growth", flush=True)
    return 1 if tally.findings else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", nargs="?", default=str(ROOT / ".build" / "debug" / "streamtop"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--first", type=int, default=0, help="the first round's number")
    parser.add_argument("--rounds", type=int, default=1 << 40, help="how many")
    parser.add_argument("--leg", type=pathlib.Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    try:
        import google.pubsub_v1  # noqa: F401
    except ImportError:
        import run as conformance

        python = str(conformance.interpreter())
        os.execv(python, [python, "-W", "ignore", __file__, *sys.argv[1:]])
    for variable in ("PUBSUB_EMULATOR_HOST", "STREAMTOP_DATA", "GOOGLE_APPLICATION_CREDENTIALS"):
        os.environ.pop(variable, None)
    binary = str(pathlib.Path(arguments.binary).resolve())
    attack = (binary, arguments.seconds, arguments.seed, arguments.first, arguments.rounds)
    if arguments.leg is None:
        sys.exit(run(*attack))
    run_leg(*attack, arguments.leg)
    # Threads of the gRPC library may never end.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
