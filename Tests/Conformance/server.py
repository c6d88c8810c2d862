"""The server under test, and what the cases have in common."""

import atexit
import contextlib
import itertools
import os
import pathlib
import queue
import re
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

from google.api_core import client_options
from google.auth import credentials
from google.cloud import pubsub_v1
from google.pubsub_v1 import SchemaServiceClient
from google.pubsub_v1.services.publisher import PublisherClient as PublisherGapic
from google.pubsub_v1.services.subscriber import SubscriberClient as SubscriberGapic

PROJECT = "projects/conformance"
AGAINST = os.environ.get("CONFORMANCE_AGAINST")
_numbers = itertools.count(1)
_running = None


class Program:
    """The program on a data folder of its own, with a workspace that has nothing in it."""

    def __init__(self, folder=None):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="conformance-"))
        workspace = self.folder / "workspace"
        workspace.mkdir(exist_ok=True)
        (workspace / "streamtop.yaml").write_text("pubsub:\n  topics: []\n")
        # Any that is free; from then on the same.
        self.port = 0
        self.start()

    def start(self, wait=True):
        binary = os.environ["CONFORMANCE_BINARY"]
        command = [
            binary, "run", str(self.folder / "workspace"), "--data", str(self.folder / "data"), "--pubsub-listen",
            str(self.port),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        lines, self.lines = queue.Queue(), []
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()
        while wait:
            line = lines.get(timeout=60)
            if line is None:
                raise RuntimeError("the program ended: " + " | ".join(self.lines[-5:]))
            if found := re.search(r"export PUBSUB_EMULATOR_HOST=(\S+)", line):
                self.address = found.group(1)
                self.port = int(self.address.rsplit(":", 1)[1])
                return

    def _read(self, lines):
        for line in self.process.stderr:
            self.lines.append(line.strip())
            lines.put(line)
        lines.put(None)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)


def address():
    """HOST:PORT of the server under test, which is started the first time."""
    global _running
    if AGAINST:
        os.environ["PUBSUB_EMULATOR_HOST"] = AGAINST
        return AGAINST
    if _running is None:
        _running = Program()
        atexit.register(_running.stop)
        os.environ["PUBSUB_EMULATOR_HOST"] = _running.address
    return _running.address


@contextlib.contextmanager
def no_emulator_variable():
    """Google's library takes REST transports only while the emulator's variable is not set."""
    before = os.environ.pop("PUBSUB_EMULATOR_HOST", None)
    try:
        yield
    finally:
        if before is not None:
            os.environ["PUBSUB_EMULATOR_HOST"] = before


def publisher(**options):
    address()
    return pubsub_v1.PublisherClient(**options)


def subscriber():
    address()
    return pubsub_v1.SubscriberClient()


def rest(client):
    """A client of the library's generated layer over REST."""
    options = client_options.ClientOptions(api_endpoint=f"http://{address()}")
    with no_emulator_variable():
        return client(transport="rest", client_options=options, credentials=credentials.AnonymousCredentials())


def rest_publisher():
    return rest(PublisherGapic)


def rest_subscriber():
    return rest(SubscriberGapic)


def schemas(transport="grpc"):
    if transport == "rest":
        return rest(SchemaServiceClient)
    import grpc
    from google.pubsub_v1.services.schema_service.transports import SchemaServiceGrpcTransport

    channel = grpc.insecure_channel(address())
    return SchemaServiceClient(transport=SchemaServiceGrpcTransport(channel=channel))


def follows_the_service(case):
    """A case where Google's emulator is known to do otherwise than the service."""
    return unittest.skipIf(AGAINST, "follows the service: the emulator is known to differ")(case)


class Case(unittest.TestCase):
    """A topic and a subscription by names that nobody else has."""

    @classmethod
    def setUpClass(cls):
        cls.publisher, cls.subscriber = publisher(), subscriber()

    def unique(self, collection, stem="c"):
        return f"{PROJECT}/{collection}/{stem}-{os.getpid()}-{next(_numbers)}"

    def topic(self, **settings):
        name = self.unique("topics")
        self.publisher.create_topic(request={"name": name, **settings})
        return name

    def subscription(self, topic, **settings):
        name = self.unique("subscriptions")
        self.subscriber.create_subscription(request={"name": name, "topic": topic, **settings})
        return name

    def publish(self, topic, *messages, **attributes):
        return self.publisher.api.publish(
            topic=topic, messages=[{"data": message, "attributes": attributes} for message in messages]
        ).message_ids if hasattr(self.publisher, "api") else [
            self.publisher.publish(topic, message, **attributes).result(timeout=20) for message in messages
        ]

    def pull(self, subscription, count, seconds=15, ack=False, client=None):
        """Until `count` messages have come, or the time is over."""
        client = client or self.subscriber
        got, end = [], time.monotonic() + seconds
        while len(got) < count and time.monotonic() < end:
            answer = client.pull(
                subscription=subscription, max_messages=count - len(got), timeout=max(1, end - time.monotonic()),
                return_immediately=True)
            got += answer.received_messages
            if not answer.received_messages:
                time.sleep(0.05)
        if ack and got:
            client.acknowledge(subscription=subscription, ack_ids=[message.ack_id for message in got])
        return got

    def assert_nothing(self, subscription, seconds=0.5):
        self.assertEqual([], [m.message.data for m in self.pull(subscription, 1, seconds)])


class Receiver:
    """A streaming subscriber that keeps what it gets."""

    def __init__(self, client, subscription, on_message=None, **options):
        self.messages, self.changed = [], threading.Condition()
        self.on_message = on_message or (lambda message: message.ack())
        self.future = client.subscribe(subscription, callback=self._take, **options)

    def _take(self, message):
        with self.changed:
            self.messages.append(message)
            self.changed.notify_all()
        self.on_message(message)

    def wait(self, count, seconds=20):
        with self.changed:
            self.changed.wait_for(lambda: len(self.messages) >= count, timeout=seconds)
            return list(self.messages)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.future.cancel()
        with contextlib.suppress(Exception):
            self.future.result(timeout=10)
