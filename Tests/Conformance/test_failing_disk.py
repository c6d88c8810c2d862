"""What a client and the dashboard see when the disk is full, or what was stored has changed."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import grpc
from google.api_core import exceptions
from google.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

import server

TOPIC, SUBSCRIPTION = f"{server.PROJECT}/topics/disk", f"{server.PROJECT}/subscriptions/disk"


@unittest.skipIf(server.AGAINST, "needs the program's own data folder")
class FailingDisk(unittest.TestCase):
    def open(self, folder):
        self.program = server.Program(folder)
        self.addCleanup(lambda: self.program.process.poll() is None and self.program.kill())
        self.clients()

    def clients(self):
        channel = grpc.insecure_channel(self.program.address, [
            ("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", -1)])
        self.publisher = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
        self.subscriber = SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))

    def furnish(self):
        self.publisher.create_topic(name=TOPIC)
        self.subscriber.create_subscription(name=SUBSCRIPTION, topic=TOPIC)

    def publish(self, count, size=100_000):
        """Numbered messages, in requests of their own, as far as they are acknowledged; and why no further."""
        published = []
        for number in range(self.next, self.next + count):
            data = b"%d " % number + b"x" * size
            self.next = number + 1
            try:
                self.publisher.publish(topic=TOPIC, messages=[{"data": data}], retry=None, timeout=20)
            except exceptions.GoogleAPICallError as error:
                return published, error
            published.append(number)
        return published, None

    def drain(self):
        numbers = []
        while True:
            answer = self.subscriber.pull(subscription=SUBSCRIPTION, max_messages=1000, return_immediately=True)
            if not answer.received_messages:
                return numbers
            numbers += [int(one.message.data.split(b" ")[0]) for one in answer.received_messages]
            self.subscriber.acknowledge(
                subscription=SUBSCRIPTION, ack_ids=[one.ack_id for one in answer.received_messages])

    def figures(self):
        """Of the topic, as the dashboard has them."""
        answer = subprocess.run(
            [os.environ["CONFORMANCE_BINARY"], "snapshot", "--data", str(self.program.folder / "data")],
            capture_output=True, text=True, timeout=30)
        self.assertEqual(0, answer.returncode, answer.stderr)
        return next(topic for topic in json.loads(answer.stdout)["topics"] if topic["name"] == TOPIC)

    def setUp(self):
        self.next = 0

    def small_disk(self, megabytes):
        if os.geteuid() != 0:
            self.skipTest("only root may make a small disk")
        folder = tempfile.mkdtemp(prefix="small-disk-")
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", folder], capture_output=True)
        if made.returncode != 0:
            shutil.rmtree(folder)
            self.skipTest("no small disk can be made here: " + made.stderr.decode().strip())
        self.addCleanup(lambda: subprocess.run(["umount", "-l", folder]))
        return folder

    def test_a_full_disk_refuses_by_name_and_loses_nothing(self):
        self.open(self.small_disk(24))
        self.furnish()
        ballast = pathlib.Path(self.program.folder) / "ballast"
        published, error = self.publish(2)
        ballast.write_bytes(b"x" * (8 << 20))
        more, error = self.publish(400)
        published += more
        self.assertIsInstance(error, exceptions.ResourceExhausted, error)
        self.assertIn(TOPIC, error.message)
        self.assertIn("No space left on device", error.message)
        self.assertIsNone(self.program.process.poll(), self.program.lines[-5:])
        figures = self.figures()
        self.assertIn("No space left", figures.get("problem") or "", figures)
        # It stays that way, whoever asks how often.
        for _ in range(20):
            self.assertIsInstance(self.publish(1)[1], exceptions.ResourceExhausted)
        # To the last byte: soon not even a topic can be remembered.
        with self.assertRaises(OSError), open(rest := ballast.with_name("rest"), "wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        with self.assertRaises(exceptions.ResourceExhausted):
            for number in range(200):
                self.publisher.create_topic(name=f"{TOPIC}-{number}", retry=None)
        self.assertIsNone(self.program.process.poll(), self.program.lines[-5:])
        ballast.unlink()
        rest.unlink()
        more, error = self.publish(3)
        self.assertIsNone(error)
        self.assertFalse(self.figures().get("problem"))
        self.assertEqual(published + more, sorted(self.drain()))

    def test_killed_on_a_full_disk_it_starts_again_with_what_it_acknowledged(self):
        self.open(self.small_disk(24))
        self.furnish()
        published, error = self.publish(400)
        self.assertIsInstance(error, exceptions.ResourceExhausted, error)
        self.program.kill()
        ballast = self.program.folder / "workspace"
        self.assertTrue(ballast.exists())
        subprocess.run(["mount", "-o", "remount,size=48m", str(self.program.folder)], check=True)
        self.program.start()
        self.clients()
        self.assertEqual(published, sorted(self.drain()))

    def test_damage_costs_what_it_hits_and_is_told(self):
        folder = tempfile.mkdtemp(prefix="damage-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.open(folder)
        self.furnish()
        published, error = self.publish(50)
        self.assertIsNone(error)
        self.program.kill()
        segment = next(pathlib.Path(folder).glob("data/pubsub/topics/*-disk/*.log"))
        with open(segment, "r+b") as file:
            file.seek(20 * 100_000 + 50_000)
            file.write(b"damaged")
        self.program.start()
        self.clients()
        numbers = sorted(self.drain())
        self.assertEqual(49, len(numbers))
        self.assertEqual([20], sorted(set(published) - set(numbers)))
        problem = self.figures().get("problem") or ""
        self.assertIn(str(segment), problem)
        self.assertIn("damaged", problem)
        more, error = self.publish(1)
        self.assertIsNone(error)
        self.assertEqual(more, self.drain())


if __name__ == "__main__":
    unittest.main()
