"""Seeking to a time and to snapshots; access policies."""

import datetime
import time
import unittest

from google.api_core import exceptions
from google.iam.v1 import iam_policy_pb2, policy_pb2

from server import PROJECT, Case, follows_the_service, rest_publisher, rest_subscriber


class Seeking(Case):
    def test_back_to_a_time(self):
        topic = self.topic()
        name = self.subscription(topic, retain_acked_messages=True)
        self.publish(topic, b"before")
        time.sleep(0.2)
        moment = datetime.datetime.now(datetime.timezone.utc)
        time.sleep(0.2)
        self.publish(topic, b"after")
        self.pull(name, 2, ack=True)
        self.assert_nothing(name)
        self.subscriber.seek(request={"subscription": name, "time": moment})
        self.assertEqual([b"after"], [m.message.data for m in self.pull(name, 2, 3)])

    def test_forward_to_now(self):
        topic = self.topic()
        name = self.subscription(topic)
        self.publish(topic, b"x", b"y")
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)
        self.subscriber.seek(request={"subscription": name, "time": later})
        self.assert_nothing(name)

    def test_snapshots(self):
        topic = self.topic()
        name, snapshot = self.subscription(topic), self.unique("snapshots")
        self.publish(topic, b"one")
        made = self.subscriber.create_snapshot(
            request={"name": snapshot, "subscription": name, "labels": {"why": "deploy"}})
        self.assertEqual(topic, made.topic)
        self.publish(topic, b"two")
        self.assertEqual(2, len(self.pull(name, 2, ack=True)))
        self.subscriber.seek(request={"subscription": name, "snapshot": snapshot})
        self.assertEqual([b"one", b"two"], sorted(m.message.data for m in self.pull(name, 2, ack=True)))
        self.assertIn(snapshot, [s.name for s in self.subscriber.list_snapshots(project=PROJECT)])
        changed = self.subscriber.update_snapshot(
            request={"snapshot": {"name": snapshot, "labels": {"a": "b"}}, "update_mask": {"paths": ["labels"]}})
        self.assertEqual({"a": "b"}, dict(changed.labels))
        self.subscriber.delete_snapshot(snapshot=snapshot)
        with self.assertRaises(exceptions.NotFound):
            self.subscriber.seek(request={"subscription": name, "snapshot": snapshot})

    def test_rest_has_snapshots_too(self):
        client, topic, snapshot = rest_subscriber(), self.topic(), self.unique("snapshots")
        name = self.subscription(topic)
        client.create_snapshot(request={"name": snapshot, "subscription": name})
        self.assertEqual(topic, client.get_snapshot(request={"snapshot": snapshot}).topic)
        self.assertIn(snapshot, list(rest_publisher().list_topic_snapshots(request={"topic": topic})))
        client.delete_snapshot(request={"snapshot": snapshot})
        with self.assertRaises(exceptions.NotFound):
            client.get_snapshot(request={"snapshot": snapshot})


@follows_the_service
class Access(Case):
    def test_policies_are_kept(self):
        for client in (self.publisher, rest_publisher()):
            with self.subTest(type(client).__name__):
                topic = self.topic()
                self.assertEqual([], list(client.get_iam_policy(request={"resource": topic}).bindings))
                policy = policy_pb2.Policy(
                    bindings=[policy_pb2.Binding(role="roles/pubsub.publisher", members=["user:a@example.org"])])
                client.set_iam_policy(request={"resource": topic, "policy": policy})
                (binding,) = client.get_iam_policy(request={"resource": topic}).bindings
                self.assertEqual("roles/pubsub.publisher", binding.role)
                stale = policy_pb2.Policy(etag=b"old")
                with self.assertRaises((exceptions.Aborted, exceptions.Conflict)):
                    client.set_iam_policy(request={"resource": topic, "policy": stale})
                answer = client.test_iam_permissions(
                    request={"resource": topic, "permissions": ["pubsub.topics.get"]})
                self.assertEqual(["pubsub.topics.get"], list(answer.permissions))


if __name__ == "__main__":
    unittest.main()
