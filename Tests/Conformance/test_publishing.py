"""Topics, and publishing with batches, ordering keys and flow control."""

import unittest

from google.api_core import exceptions
from google.cloud import pubsub_v1
from google.protobuf import duration_pb2, field_mask_pb2

from server import PROJECT, Case, follows_the_service, publisher, rest_publisher


class Topics(Case):
    def test_life_of_a_topic(self):
        name = self.topic(labels={"team": "rail"}, message_retention_duration=duration_pb2.Duration(seconds=600))
        topic = self.publisher.get_topic(topic=name)
        self.assertEqual("rail", topic.labels["team"])
        self.assertEqual(600, topic.message_retention_duration.total_seconds())
        self.assertIn(name, [t.name for t in self.publisher.list_topics(project=PROJECT)])
        self.publisher.delete_topic(topic=name)
        with self.assertRaises(exceptions.NotFound) as caught:
            self.publisher.get_topic(topic=name)
        self.assertIn(f"Resource not found (resource={name.split('/')[-1]}).", caught.exception.message)

    def test_a_topic_there_is(self):
        name = self.topic()
        with self.assertRaises(exceptions.AlreadyExists) as caught:
            self.publisher.create_topic(name=name)
        self.assertIn("Resource already exists in the project", caught.exception.message)

    def test_update_by_mask(self):
        name = self.topic(labels={"a": "1"}, message_retention_duration=duration_pb2.Duration(seconds=600))
        changed = self.publisher.update_topic(
            topic={"name": name, "labels": {"b": "2"}}, update_mask=field_mask_pb2.FieldMask(paths=["labels"]))
        self.assertEqual({"b": "2"}, dict(changed.labels))
        self.assertEqual(600, changed.message_retention_duration.total_seconds())
        for paths in ([], ["name"], ["nonsense"]):
            with self.assertRaises(exceptions.InvalidArgument):
                self.publisher.update_topic(
                    topic={"name": name}, update_mask=field_mask_pb2.FieldMask(paths=paths))

    def test_names_are_checked(self):
        for name in (f"{PROJECT}/topics/1a", f"{PROJECT}/topics/goog-x", f"{PROJECT}/topics/ab", "ab", "topics/abc"):
            with self.subTest(name), self.assertRaises(exceptions.InvalidArgument):
                self.publisher.create_topic(name=name)

    def test_lists_have_pages(self):
        project = self.unique("x").replace("/x/", "-pages-").replace("projects/conformance", "projects/pages")
        project = "projects/pages" + str(abs(hash(project)) % 10**9)
        names = sorted(f"{project}/topics/page-{i}" for i in range(5))
        for name in names:
            self.publisher.create_topic(name=name)
        pager = self.publisher.list_topics(request={"project": project, "page_size": 2})
        pages = [[topic.name for topic in page.topics] for page in pager.pages]
        self.assertEqual(names, [name for page in pages for name in page])
        self.assertEqual([2, 2, 1], [len(page) for page in pages])

    def test_subscriptions_of_a_topic(self):
        topic = self.topic()
        names = sorted(self.subscription(topic) for _ in range(2))
        self.assertEqual(names, list(self.publisher.list_topic_subscriptions(topic=topic)))

    def test_rest_has_the_same(self):
        client, name = rest_publisher(), self.unique("topics")
        self.assertEqual(name, client.create_topic(request={"name": name, "labels": {"a": "b"}}).name)
        self.assertEqual({"a": "b"}, dict(client.get_topic(request={"topic": name}).labels))
        changed = client.update_topic(request={"topic": {"name": name}, "update_mask": {"paths": ["labels"]}})
        self.assertEqual({}, dict(changed.labels))
        self.assertIn(name, [t.name for t in client.list_topics(request={"project": PROJECT, "page_size": 1})])
        answer = client.publish(request={"topic": name, "messages": [{"data": b"\xff\x00x", "attributes": {"k": "v"}}]})
        self.assertEqual(1, len(answer.message_ids))
        client.delete_topic(request={"topic": name})
        with self.assertRaises(exceptions.NotFound):
            client.get_topic(request={"topic": name})


class Publishing(Case):
    def test_batches(self):
        topic = self.topic()
        subscription = self.subscription(topic)
        client = publisher(batch_settings=pubsub_v1.types.BatchSettings(max_messages=100, max_latency=0.05))
        sent = [b"%d" % number for number in range(1000)]
        futures = [client.publish(topic, data) for data in sent]
        ids = [future.result(timeout=30) for future in futures]
        self.assertEqual(1000, len(set(ids)))
        got = self.pull(subscription, 1000, 30, ack=True)
        self.assertEqual(sorted(sent), sorted(m.message.data for m in got))

    def test_everything_of_a_message_arrives(self):
        topic = self.topic()
        subscription = self.subscription(topic)
        attributes = {"plain": "x", "ümlaut": "ß🚇", "empty": ""}
        number = self.publisher.publish(topic, bytes(range(256)), **attributes).result(timeout=20)
        (received,) = self.pull(subscription, 1)
        self.assertEqual(bytes(range(256)), received.message.data)
        self.assertEqual(attributes, dict(received.message.attributes))
        self.assertEqual(number, received.message.message_id)
        self.assertIsNotNone(received.message.publish_time)
        self.assertEqual(0, received.delivery_attempt)

    def test_flow_control_blocks_and_goes_on(self):
        topic = self.topic()
        options = pubsub_v1.types.PublisherOptions(
            flow_control=pubsub_v1.types.PublishFlowControl(
                message_limit=10, limit_exceeded_behavior=pubsub_v1.types.LimitExceededBehavior.BLOCK))
        client = publisher(publisher_options=options)
        futures = [client.publish(topic, b"x") for _ in range(200)]
        self.assertEqual(200, len({future.result(timeout=30) for future in futures}))

    def test_ordering_keys(self):
        topic = self.topic()
        subscription = self.subscription(topic, enable_message_ordering=True)
        client = publisher(publisher_options=pubsub_v1.types.PublisherOptions(enable_message_ordering=True))
        for number in range(50):
            for key in ("A", "C", "E"):
                client.publish(topic, b"%d" % number, ordering_key=key)
        client.stop()
        seen = {"A": [], "C": [], "E": []}
        for _ in range(60):
            for received in self.pull(subscription, 150, 0.5, ack=True):
                seen[received.message.ordering_key].append(int(received.message.data))
            if all(len(numbers) >= 50 for numbers in seen.values()):
                break
        for key, numbers in seen.items():
            self.assertEqual(list(range(50)), numbers, key)

    def test_what_may_not_be_published(self):
        topic = self.topic()
        client = rest_publisher()
        for messages in ([], [{}], [{"data": b"x"}] * 1001, [{"data": b"x", "attributes": {"": "v"}}],
                         [{"data": b"x", "attributes": {"k" * 257: "v"}}]):
            with self.subTest(count=len(messages)), self.assertRaises(exceptions.BadRequest):
                client.publish(request={"topic": topic, "messages": messages})
        with self.assertRaises(exceptions.NotFound):
            client.publish(request={"topic": topic + "-not", "messages": [{"data": b"x"}]})

    @follows_the_service
    def test_too_much_at_once(self):
        topic, client = self.topic(), rest_publisher()
        with self.assertRaises(exceptions.BadRequest):
            client.publish(request={"topic": topic, "messages": [{"data": b"x" * 10_000_001}]})
        client.publish(request={"topic": topic, "messages": [{"data": b"x" * 9_999_000}]})
        self.publisher.publish(topic, b"x" * 9_999_000).result(timeout=30)


if __name__ == "__main__":
    unittest.main()
