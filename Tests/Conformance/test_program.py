"""The program around the front door: where it listens, what it prints, and how it goes."""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest

import grpc
from google.api_core import exceptions
from google.cloud import pubsub_v1
from google.pubsub_v1.services.publisher import PublisherClient as PublisherGapic
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from server import AGAINST, Case, Program, Receiver, address, follows_the_service, no_emulator_variable, publisher


def run(*arguments):
    """What a command of the program printed; fails the case when it does not end."""
    return subprocess.run(
        [os.environ["CONFORMANCE_BINARY"], *map(str, arguments)], capture_output=True, text=True, timeout=60)


@unittest.skipIf(AGAINST, "is about the program")
class Listening(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="conformance-listen-"))
        (self.folder / "streamtop.yaml").write_text("pubsub:\n  topics: []\n")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def start(self, *options):
        """The running program, once it has said where it listens for its own commands or for Pub/Sub."""
        process = subprocess.Popen(
            [os.environ["CONFORMANCE_BINARY"], "run", self.folder, "--data", self.folder / "data", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait, 30)
        self.addCleanup(process.terminate)
        return process

    def await_env(self, process):
        """What `streamtop env` prints once the program answers."""
        end = time.monotonic() + 30
        while True:
            answer = run("env", "--data", self.folder / "data")
            if "no streamtop" not in answer.stderr.lower() and answer.returncode == 0:
                return answer
            if time.monotonic() > end or process.poll() is not None:
                return answer
            time.sleep(0.2)

    def test_env_points_a_shell_at_it(self):
        process = self.start("--pubsub-listen", "0")
        exports = dict(re.findall(r"^export (\w+)=(\S+)$", self.await_env(process).stdout, re.M))
        host, port = exports["PUBSUB_EMULATOR_HOST"].strip("'\"").rsplit(":", 1)
        self.assertEqual("127.0.0.1", host)
        socket.create_connection((host, int(port)), timeout=5).close()

    def test_off_serves_nobody_and_says_so(self):
        process = self.start("--pubsub-listen", "off")
        end, answer = time.monotonic() + 30, None
        while time.monotonic() < end:
            answer = run("env", "--data", self.folder / "data")
            if "--pubsub-listen off" in answer.stderr:
                break
            time.sleep(0.2)
        self.assertIn("start it without --pubsub-listen off", answer.stderr)
        self.assertNotEqual(0, answer.returncode)
        self.assertEqual("", answer.stdout)
        self.assertIsNone(process.poll())

    def test_a_port_that_is_taken_is_an_error_when_it_was_asked_for(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            process = self.start("--pubsub-listen", str(port))
            _, stderr = process.communicate(timeout=60)
        self.assertEqual(1, process.returncode, stderr)
        self.assertIn(f"Pub/Sub cannot listen on 127.0.0.1:{port}: another program listens there", stderr)
        self.assertIn("--pubsub-listen", stderr)

    def test_another_port_is_found_when_none_was_asked_for(self):
        try:
            taken = socket.create_server(("127.0.0.1", 8085))
        except OSError:
            taken = None  # Somebody else has it: as good.
        try:
            printed = self.await_env(self.start()).stdout
        finally:
            if taken:
                taken.close()
        self.assertRegex(printed, r"PUBSUB_EMULATOR_HOST=\S*127\.0\.0\.1:\d+")
        self.assertNotIn("127.0.0.1:8085", printed)


@unittest.skipIf(AGAINST, "is about the program")
class Restarting(unittest.TestCase):
    def test_clients_outlive_a_restart(self):
        program = Program()
        self.addCleanup(program.stop)
        before = os.environ.get("PUBSUB_EMULATOR_HOST")
        os.environ["PUBSUB_EMULATOR_HOST"] = program.address
        try:
            client, reader = pubsub_v1.PublisherClient(), pubsub_v1.SubscriberClient()
        finally:
            os.environ.pop("PUBSUB_EMULATOR_HOST")
            if before:
                os.environ["PUBSUB_EMULATOR_HOST"] = before
        topic, name = "projects/restart/topics/top", "projects/restart/subscriptions/sub"
        client.create_topic(name=topic)
        reader.create_subscription(name=name, topic=topic)
        with Receiver(reader, name) as receiver:
            client.publish(topic, b"before").result(timeout=20)
            receiver.wait(1)
            time.sleep(0.5)  # The library's acknowledgement goes out.
            start = time.monotonic()
            program.process.terminate()
            # Open streams do not hold it up.
            program.process.wait(timeout=15)
            print(f"ended with a stream open in {time.monotonic() - start:.1f} s", flush=True)
            self.assertFalse(receiver.future.done())
            program.start()
            client.publish(topic, b"after").result(timeout=30)
            self.assertEqual([b"before", b"after"], [m.data for m in receiver.wait(2, 60)])
            self.assertFalse(receiver.future.done())

    def test_a_stream_ends_with_unavailable(self):
        program = Program()
        self.addCleanup(program.stop)
        channel = grpc.insecure_channel(program.address)
        topic, name = "projects/restart/topics/top", "projects/restart/subscriptions/sub"
        PublisherGrpcTransport(channel=channel).create_topic({"name": topic})
        transport = SubscriberGrpcTransport(channel=channel)
        transport.create_subscription(pubsub_v1.types.Subscription(name=name, topic=topic))
        held = threading.Event()

        def requests():
            yield pubsub_v1.types.StreamingPullRequest(subscription=name, stream_ack_deadline_seconds=10)
            held.wait(30)

        stream = transport.streaming_pull(requests())
        next(stream)
        program.process.terminate()
        with self.assertRaises(grpc.RpcError) as caught:
            for _ in stream:
                pass
        held.set()
        self.assertEqual(grpc.StatusCode.UNAVAILABLE, caught.exception.code())
        program.process.wait(timeout=15)


class Sizes(Case):
    """10 MB a request, over gRPC as over REST (which test_publishing has)."""

    def reader(self):
        """Without these limits a gRPC client reads 4 MB at most; with the emulator's variable set nobody can set them."""
        channel = grpc.insecure_channel(address(), options=[("grpc.max_receive_message_length", -1)])
        with no_emulator_variable():
            return pubsub_v1.SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))

    def test_ten_megabytes_go_and_more_do_not(self):
        topic = self.topic()
        name = self.subscription(topic)
        client = publisher()
        client.publish(topic, b"x" * 9_990_000).result(timeout=60)
        (received,) = self.pull(name, 1, 30, ack=True, client=self.reader())
        self.assertEqual(9_990_000, len(received.message.data))
        with self.assertRaises(exceptions.InvalidArgument):
            PublisherGapic.publish(client, topic=topic, messages=[{"data": b"x" * 10_000_001}])

    def test_large_messages_on_a_stream(self):
        topic = self.topic()
        name = self.subscription(topic)
        for _ in range(3):
            self.publisher.publish(topic, b"y" * 9_000_000).result(timeout=60)
        with Receiver(self.reader(), name) as receiver:
            self.assertEqual([9_000_000] * 3, [len(m.data) for m in receiver.wait(3, 60)])

    @follows_the_service
    def test_answers_fit_into_what_any_client_reads(self):
        topic = self.topic()
        name = self.subscription(topic)
        for _ in range(8):
            self.publisher.publish(topic, b"z" * 950_000).result(timeout=60)
        self.assertEqual(8, len(self.pull(name, 8, 30, ack=True)))


if __name__ == "__main__":
    unittest.main()
