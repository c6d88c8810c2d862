"""The reference field by field: which values are refused, with which code, and what is filled in."""

import gzip
import json
import unittest
import urllib.error
import urllib.request

from google.api_core import exceptions
from google.protobuf import duration_pb2, timestamp_pb2
from google.pubsub_v1 import types

from server import AGAINST, PROJECT, Case, address, follows_the_service, schemas

DAY = 86_400
AVRO = '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}]}'


def seconds(number):
    return duration_pb2.Duration(seconds=number)


def policy(topic, attempts):
    return {"dead_letter_topic": topic, "max_delivery_attempts": attempts}


def backoff(least, most):
    return {"minimum_backoff": seconds(least), "maximum_backoff": seconds(most)}


class Table(Case):
    def check(self, rows, call):
        """Each row: what is tried, the code that it fails with ("" for none; "*" before it: Google's emulator differs),
        and what `call` is given."""
        for what, code, *given in rows:
            if code.startswith("*"):
                if AGAINST:
                    continue
                code = code[1:]
            with self.subTest(what):
                got, told = "", ""
                try:
                    call(*given)
                except exceptions.GoogleAPICallError as failure:
                    got, told = failure.grpc_status_code.name, failure.message
                self.assertEqual(code, got, told)


class TopicRules(Table):
    def test_names(self):
        names = self.unique("topics").split("/")[-1]
        self.check([
            ("two letters", "INVALID_ARGUMENT", "ab"),
            ("256 letters", "INVALID_ARGUMENT", "a" * 256),
            ("255 letters", "", (names + "a" * 255)[:255]),
            ("a digit first", "INVALID_ARGUMENT", "1abc"),
            ("goog", "INVALID_ARGUMENT", "goog-abc"),
            ("goog further on", "", f"x-goog-{names}"),
            ("a space", "INVALID_ARGUMENT", "a b c"),
            ("a letter of another script", "INVALID_ARGUMENT", "café"),
            ("every mark", "", f"{names}-_.~+%"),
            ("a slash", "INVALID_ARGUMENT", "abc/def"),
            ("nothing", "INVALID_ARGUMENT", ""),
        ], lambda name: self.publisher.create_topic(name=f"{PROJECT}/topics/{name}"))
        self.check([
            ("without a project", "INVALID_ARGUMENT", "abc"),
            ("of another collection", "INVALID_ARGUMENT", f"{PROJECT}/subscriptions/abc"),
            ("an empty project", "*INVALID_ARGUMENT", "projects//topics/abc"),
        ], lambda name: self.publisher.create_topic(name=name))

    def test_declarations(self):
        self.check([
            ("retention below 10 minutes", "INVALID_ARGUMENT", {"message_retention_duration": seconds(599)}),
            ("retention of 10 minutes", "", {"message_retention_duration": seconds(600)}),
            ("retention of 31 days", "", {"message_retention_duration": seconds(31 * DAY)}),
            ("retention above 31 days", "INVALID_ARGUMENT", {"message_retention_duration": seconds(31 * DAY + 1)}),
            ("64 labels", "", {"labels": {f"k{n}": "v" for n in range(64)}}),
            ("65 labels", "*INVALID_ARGUMENT", {"labels": {f"k{n}": "v" for n in range(65)}}),
            ("a label's long key", "*INVALID_ARGUMENT", {"labels": {"k" * 64: "v"}}),
            ("a label's long value", "*INVALID_ARGUMENT", {"labels": {"k": "v" * 64}}),
            ("a label's key in capitals", "*INVALID_ARGUMENT", {"labels": {"K": "v"}}),
            ("a label's key from a digit on", "*INVALID_ARGUMENT", {"labels": {"1k": "v"}}),
            ("a label without a key", "*INVALID_ARGUMENT", {"labels": {"": "v"}}),
            ("a label without a value", "", {"labels": {"k": ""}}),
            ("a label of another script", "", {"labels": {"straße": "größe"}}),
            ("a schema that there is not", "NOT_FOUND",
             {"schema_settings": {"schema": f"{PROJECT}/schemas/not-there", "encoding": types.Encoding.JSON}}),
        ], lambda settings: self.topic(**settings))

    def test_what_there_is_not(self):
        missing, topic = f"{PROJECT}/topics/not-there", self.topic()
        self.check([
            ("get", "NOT_FOUND", lambda: self.publisher.get_topic(topic=missing)),
            ("delete", "NOT_FOUND", lambda: self.publisher.delete_topic(topic=missing)),
            ("update", "NOT_FOUND", lambda: self.publisher.update_topic(
                topic={"name": missing}, update_mask={"paths": ["message_retention_duration"]})),
            ("its subscriptions", "*NOT_FOUND", lambda: list(self.publisher.list_topic_subscriptions(topic=missing))),
            ("its snapshots", "*NOT_FOUND", lambda: list(self.publisher.list_topic_snapshots(topic=missing))),
            ("create again", "ALREADY_EXISTS", lambda: self.publisher.create_topic(name=topic)),
            ("a page that is none", "*INVALID_ARGUMENT", lambda: list(self.publisher.list_topics(
                request={"project": PROJECT, "page_token": "?"}))),
            ("a page of less than nothing", "*INVALID_ARGUMENT", lambda: list(self.publisher.list_topics(
                request={"project": PROJECT, "page_size": -1}))),
            ("no project", "*INVALID_ARGUMENT", lambda: list(self.publisher.list_topics(project=""))),
        ], lambda call: call())

    def test_updates(self):
        topic = self.topic(labels={"a": "b"})
        self.check([
            (f"mask {paths}", code, settings, paths) for paths, code, settings in [
                ("", "INVALID_ARGUMENT", {}),
                ("name", "INVALID_ARGUMENT", {}),
                ("nonsense", "INVALID_ARGUMENT", {}),
                ("state", "INVALID_ARGUMENT", {}),
                ("message_retention_duration", "INVALID_ARGUMENT", {"message_retention_duration": seconds(1)}),
                ("message_retention_duration", "", {"message_retention_duration": seconds(601)}),
                ("message_retention_duration", "", {}),
                ("labels", "*", {"labels": {"c": "d"}}),
                ("schema_settings", "NOT_FOUND", {"schema_settings": {
                    "schema": f"{PROJECT}/schemas/not-there", "encoding": types.Encoding.JSON}}),
                ("schema_settings", "", {}),
            ]
        ], lambda settings, paths: self.publisher.update_topic(
            topic={"name": topic, **settings}, update_mask={"paths": list(filter(None, [paths]))}))


class MessageRules(Table):
    def test_what_is_published(self):
        topic = self.topic()
        self.check([
            ("no messages", "INVALID_ARGUMENT", []),
            ("an empty message", "INVALID_ARGUMENT", [{}]),
            ("an ordering key alone", "INVALID_ARGUMENT", [{"ordering_key": "k"}]),
            ("an attribute alone", "", [{"attributes": {"k": "v"}}]),
            ("an attribute without a value", "", [{"attributes": {"k": ""}}]),
            ("an attribute without a key", "*INVALID_ARGUMENT", [{"attributes": {"": "v"}}]),
            ("100 attributes", "", [{"attributes": {f"k{n}": "v" for n in range(100)}}]),
            ("101 attributes", "*INVALID_ARGUMENT", [{"attributes": {f"k{n}": "v" for n in range(101)}}]),
            ("a key of 256 bytes", "", [{"attributes": {"k" * 256: "v"}}]),
            ("a key of 257 bytes", "*INVALID_ARGUMENT", [{"attributes": {"k" * 257: "v"}}]),
            ("a key of Google's", "*INVALID_ARGUMENT", [{"attributes": {"google": "v"}}]),
            ("a value of 1024 bytes", "", [{"attributes": {"k": "ä" * 512}}]),
            ("a value of 1026 bytes", "*INVALID_ARGUMENT", [{"attributes": {"k": "ä" * 513}}]),
            ("an ordering key of 1024 bytes", "", [{"data": b"x", "ordering_key": "k" * 1024}]),
            ("an ordering key of 1025 bytes", "*INVALID_ARGUMENT", [{"data": b"x", "ordering_key": "k" * 1025}]),
            ("two ordering keys", "*INVALID_ARGUMENT",
             [{"data": b"x", "ordering_key": "a"}, {"data": b"x", "ordering_key": "b"}]),
            ("1000 messages", "", [{"data": b"x"}] * 1000),
            ("1001 messages", "INVALID_ARGUMENT", [{"data": b"x"}] * 1001),
        ], lambda messages: self.publisher.api.publish(topic=topic, messages=messages))
        self.check([
            ("a topic that there is not", "NOT_FOUND", f"{PROJECT}/topics/not-there"),
            ("a topic's bare name", "INVALID_ARGUMENT", "not-there"),
        ], lambda name: self.publisher.api.publish(topic=name, messages=[{"data": b"x"}]))


class SubscriptionRules(Table):
    def test_declarations(self):
        topic, long = self.topic(), "a" * 245
        self.check([
            ("an ack deadline of 9 s", "*INVALID_ARGUMENT", {"ack_deadline_seconds": 9}),
            ("an ack deadline of 10 s", "", {"ack_deadline_seconds": 10}),
            ("an ack deadline of 600 s", "", {"ack_deadline_seconds": 600}),
            ("an ack deadline of 601 s", "INVALID_ARGUMENT", {"ack_deadline_seconds": 601}),
            ("an ack deadline below 0", "INVALID_ARGUMENT", {"ack_deadline_seconds": -1}),
            ("retention below 10 minutes", "INVALID_ARGUMENT", {"message_retention_duration": seconds(599)}),
            ("retention of 10 minutes", "", {"message_retention_duration": seconds(600)}),
            ("retention of 31 days", "*", {"message_retention_duration": seconds(31 * DAY)}),
            ("retention above 31 days", "INVALID_ARGUMENT", {"message_retention_duration": seconds(31 * DAY + 1)}),
            ("expiration before a day", "*INVALID_ARGUMENT",
             {"message_retention_duration": seconds(600), "expiration_policy": {"ttl": seconds(DAY - 1)}}),
            ("expiration after a day", "",
             {"message_retention_duration": seconds(600), "expiration_policy": {"ttl": seconds(DAY)}}),
            ("expiration before the end of retention", "*INVALID_ARGUMENT",
             {"expiration_policy": {"ttl": seconds(7 * DAY - 1)}}),
            ("expiration with the end of retention", "", {"expiration_policy": {"ttl": seconds(7 * DAY)}}),
            ("no expiration", "", {"expiration_policy": {}}),
            ("backoff", "", {"retry_policy": backoff(0, 600)}),
            ("a backoff above 10 minutes", "INVALID_ARGUMENT", {"retry_policy": backoff(10, 601)}),
            ("a backoff below 0", "INVALID_ARGUMENT", {"retry_policy": backoff(-1, 10)}),
            ("a backoff that shrinks", "INVALID_ARGUMENT", {"retry_policy": backoff(20, 10)}),
            ("no delivery attempts named", "", {"dead_letter_policy": policy(topic, 0)}),
            ("5 delivery attempts", "", {"dead_letter_policy": policy(topic, 5)}),
            ("100 delivery attempts", "", {"dead_letter_policy": policy(topic, 100)}),
            ("a dead letter topic that there is not", "NOT_FOUND",
             {"dead_letter_policy": policy(f"{PROJECT}/topics/not-there", 5)}),
            ("a dead letter topic's bare name", "*INVALID_ARGUMENT", {"dead_letter_policy": policy("not-there", 5)}),
            ("a filter", "", {"filter": 'attributes.k = "v" AND (attributes:a OR NOT hasPrefix(attributes.b, "c"))'}),
            ("a filter that is none", "*INVALID_ARGUMENT", {"filter": "route = A"}),
            ("AND and OR without parentheses", "*INVALID_ARGUMENT",
             {"filter": "attributes:a AND attributes:b OR attributes:c"}),
            ("a filter of 256 bytes", "", {"filter": f"attributes:{long}"}),
            ("a filter of 257 bytes", "*INVALID_ARGUMENT", {"filter": f"attributes:{long}a"}),
            ("65 labels", "*INVALID_ARGUMENT", {"labels": {f"k{n}": "v" for n in range(65)}}),
            ("a push endpoint that is no URL", "INVALID_ARGUMENT", {"push_config": {"push_endpoint": "example.com"}}),
            ("pushed exactly once", "*INVALID_ARGUMENT",
             {"push_config": {"push_endpoint": "https://example.com/"}, "enable_exactly_once_delivery": True}),
        ], lambda settings: self.subscription(topic, **settings))
        for attempts in (4, 101, -1):
            with self.subTest(attempts=attempts), self.assertRaises(exceptions.BadRequest):
                self.subscription(topic, dead_letter_policy=policy(topic, attempts))
        self.check([
            ("a topic that there is not", "NOT_FOUND", f"{PROJECT}/topics/not-there"),
            ("a topic's bare name", "INVALID_ARGUMENT", "not-there"),
            ("no topic", "INVALID_ARGUMENT", ""),
            ("the deleted topic", "INVALID_ARGUMENT", "_deleted-topic_"),
        ], self.subscription)

    def test_what_is_filled_in(self):
        topic = self.topic(message_retention_duration=seconds(700))
        made = self.subscriber.get_subscription(subscription=self.subscription(
            topic, retry_policy={}, dead_letter_policy=policy(topic, 0)))
        self.assertEqual(10, made.ack_deadline_seconds)
        self.assertEqual(7 * DAY, made.message_retention_duration.total_seconds())
        self.assertEqual(5, made.dead_letter_policy.max_delivery_attempts)
        self.assertEqual(10, made.retry_policy.minimum_backoff.total_seconds())
        self.assertEqual(600, made.retry_policy.maximum_backoff.total_seconds())
        for flag in ("retain_acked_messages", "enable_message_ordering", "enable_exactly_once_delivery", "detached"):
            self.assertFalse(getattr(made, flag), flag)
        self.assertEqual("", made.filter)
        if not AGAINST:
            self.assertEqual(31 * DAY, made.expiration_policy.ttl.total_seconds())
            self.assertEqual(700, made.topic_message_retention_duration.total_seconds())
            self.assertEqual(types.Subscription.State.ACTIVE, made.state)
            self.assertEqual(types.Topic.State.ACTIVE, self.publisher.get_topic(topic=topic).state)
        plain = self.subscriber.get_subscription(subscription=self.subscription(topic))
        self.assertNotIn("retry_policy", plain)
        self.assertNotIn("dead_letter_policy", plain)

    def test_updates(self):
        topic = self.topic()
        name = self.subscription(topic, filter="attributes:a", expiration_policy={"ttl": seconds(8 * DAY)})
        push = {"push_endpoint": "https://example.com/"}
        self.check([
            (f"mask {paths}", code, settings, paths) for paths, code, settings in [
                ("", "INVALID_ARGUMENT", {}),
                ("nonsense", "INVALID_ARGUMENT", {}),
                ("name", "INVALID_ARGUMENT", {}),
                ("topic", "INVALID_ARGUMENT", {"topic": topic}),
                ("filter", "INVALID_ARGUMENT", {"filter": "attributes:b"}),
                ("filter", "INVALID_ARGUMENT", {"filter": "attributes:a"}),
                ("enable_message_ordering", "INVALID_ARGUMENT", {"enable_message_ordering": True}),
                ("detached", "INVALID_ARGUMENT", {}),
                ("state", "INVALID_ARGUMENT", {}),
                ("ack_deadline_seconds", "INVALID_ARGUMENT", {"ack_deadline_seconds": 601}),
                ("ack_deadline_seconds", "", {"ack_deadline_seconds": 60}),
                ("message_retention_duration", "INVALID_ARGUMENT", {"message_retention_duration": seconds(1)}),
                ("message_retention_duration", "*INVALID_ARGUMENT", {"message_retention_duration": seconds(9 * DAY)}),
                ("message_retention_duration", "", {"message_retention_duration": seconds(DAY)}),
                ("expiration_policy", "*INVALID_ARGUMENT", {"expiration_policy": {"ttl": seconds(1)}}),
                ("expiration_policy", "*", {"expiration_policy": {"ttl": seconds(2 * DAY)}}),
                ("expiration_policy", "*", {"expiration_policy": {}}),
                ("retry_policy.nonsense", "INVALID_ARGUMENT", {}),
                ("push_config", "*", {"push_config": {**push, "attributes": {"x-goog-version": "v1"}}}),
                ("push_config.no_wrapper", "*", {"push_config": {"no_wrapper": {}}}),
                ("push_config.push_endpoint", "*", {"push_config": {"push_endpoint": "https://example.com/2"}}),
                ("retain_acked_messages", "", {"retain_acked_messages": True}),
                ("enable_exactly_once_delivery", "*INVALID_ARGUMENT", {"enable_exactly_once_delivery": True}),
                ("push_config", "", {}),
                ("enable_exactly_once_delivery", "", {"enable_exactly_once_delivery": True}),
                ("push_config", "*INVALID_ARGUMENT", {"push_config": push}),
                ("enable_exactly_once_delivery", "", {}),
                ("labels", "*", {"labels": {"a": "b"}}),
                ("retry_policy", "INVALID_ARGUMENT", {"retry_policy": backoff(20, 10)}),
                ("retry_policy", "", {"retry_policy": backoff(2, 10)}),
                ("retry_policy", "", {}),
                ("dead_letter_policy", "NOT_FOUND",
                 {"dead_letter_policy": policy(f"{PROJECT}/topics/not-there", 5)}),
                ("dead_letter_policy", "", {"dead_letter_policy": policy(topic, 7)}),
                ("dead_letter_policy", "", {}),
            ]
        ], lambda settings, paths: self.subscriber.update_subscription(
            subscription={"name": name, **settings}, update_mask={"paths": list(filter(None, [paths]))}))
        got = self.subscriber.get_subscription(subscription=name)
        self.assertEqual("attributes:a", got.filter)
        self.assertEqual(60, got.ack_deadline_seconds)
        self.assertNotIn("retry_policy", got)
        self.assertNotIn("dead_letter_policy", got)
        if not AGAINST:
            self.assertEqual(0, got.expiration_policy.ttl.total_seconds())

    @follows_the_service
    def test_updates_of_a_part(self):
        topic = self.topic()
        name = self.subscription(topic, retry_policy=backoff(20, 100), push_config={
            "push_endpoint": "https://example.com/", "attributes": {"x-goog-version": "v1"}})
        change = lambda path, **settings: self.subscriber.update_subscription(
            subscription={"name": name, **settings}, update_mask={"paths": [path]})
        push = change("push_config.no_wrapper", push_config={"no_wrapper": {"write_metadata": True}}).push_config
        self.assertTrue(push.no_wrapper.write_metadata)
        self.assertEqual("https://example.com/", push.push_endpoint)
        self.assertNotIn("no_wrapper", change("push_config.no_wrapper").push_config)
        retry = change("retry_policy.minimum_backoff", retry_policy=backoff(5, 7)).retry_policy
        self.assertEqual((5, 100), (retry.minimum_backoff.total_seconds(), retry.maximum_backoff.total_seconds()))
        with self.assertRaises(exceptions.InvalidArgument):
            change("retry_policy.minimum_backoff", retry_policy=backoff(101, 0))

    def test_calls(self):
        name, missing = self.subscription(self.topic()), f"{PROJECT}/subscriptions/not-there"
        client = self.subscriber
        deadline = lambda n, s: client.modify_ack_deadline(subscription=n, ack_ids=["x"], ack_deadline_seconds=s)
        self.check([
            ("get", "NOT_FOUND", lambda: client.get_subscription(subscription=missing)),
            ("delete", "NOT_FOUND", lambda: client.delete_subscription(subscription=missing)),
            ("update", "NOT_FOUND", lambda: client.update_subscription(
                subscription={"name": missing, "ack_deadline_seconds": 20},
                update_mask={"paths": ["ack_deadline_seconds"]})),
            ("pull", "NOT_FOUND", lambda: client.pull(subscription=missing, max_messages=1, timeout=5)),
            ("acknowledge", "NOT_FOUND", lambda: client.acknowledge(subscription=missing, ack_ids=["x"])),
            ("a deadline", "NOT_FOUND", lambda: deadline(missing, 10)),
            ("seek", "NOT_FOUND", lambda: client.seek(
                request={"subscription": missing, "time": timestamp_pb2.Timestamp(seconds=1)})),
            ("push", "NOT_FOUND", lambda: client.modify_push_config(subscription=missing, push_config={})),
            ("snapshot", "NOT_FOUND", lambda: client.create_snapshot(
                name=self.unique("snapshots"), subscription=missing)),
            ("detach", "*NOT_FOUND", lambda: self.publisher.detach_subscription(request={"subscription": missing})),
            ("create again", "ALREADY_EXISTS", lambda: client.create_subscription(name=name, topic=self.topic())),
            ("no messages wanted", "INVALID_ARGUMENT", lambda: client.pull(
                subscription=name, max_messages=0, timeout=5)),
            ("less than no messages wanted", "*INVALID_ARGUMENT", lambda: client.pull(
                subscription=name, max_messages=-1, timeout=5)),
            ("acknowledge nothing", "INVALID_ARGUMENT", lambda: client.acknowledge(subscription=name, ack_ids=[])),
            ("acknowledge nonsense", "INVALID_ARGUMENT", lambda: client.acknowledge(
                subscription=name, ack_ids=["x"])),
            ("a deadline of 601 s", "INVALID_ARGUMENT", lambda: deadline(name, 601)),
            ("a deadline below 0", "INVALID_ARGUMENT", lambda: deadline(name, -1)),
            ("seek nowhere", "INVALID_ARGUMENT", lambda: client.seek(request={"subscription": name})),
        ], lambda call: call())

    @follows_the_service
    def test_a_detached_subscription(self):
        topic = self.topic()
        name = self.subscription(topic)
        for _ in range(2):
            self.publisher.detach_subscription(request={"subscription": name})
        self.assertTrue(self.subscriber.get_subscription(subscription=name).detached)
        self.assertIn(name, [s.name for s in self.subscriber.list_subscriptions(project=PROJECT)])
        self.assertEqual([], list(self.publisher.list_topic_subscriptions(topic=topic)))
        self.check([
            ("pull", "FAILED_PRECONDITION", lambda: self.subscriber.pull(
                subscription=name, max_messages=1, timeout=5)),
            ("seek", "FAILED_PRECONDITION", lambda: self.subscriber.seek(
                request={"subscription": name, "time": timestamp_pb2.Timestamp(seconds=1)})),
            ("snapshot", "FAILED_PRECONDITION", lambda: self.subscriber.create_snapshot(
                name=self.unique("snapshots"), subscription=name)),
            ("delete", "", lambda: self.subscriber.delete_subscription(subscription=name)),
        ], lambda call: call())

    def test_the_topic_is_deleted(self):
        topic = self.topic()
        name = self.subscription(topic)
        self.publish(topic, b"x")
        self.publisher.delete_topic(topic=topic)
        self.assertEqual("_deleted-topic_", self.subscriber.get_subscription(subscription=name).topic)
        self.publisher.create_topic(name=topic)
        self.assertEqual([], list(self.publisher.list_topic_subscriptions(topic=topic)))
        self.publish(topic, b"y")
        self.assertEqual("_deleted-topic_", self.subscriber.get_subscription(subscription=name).topic)
        changed = self.subscriber.update_subscription(
            subscription={"name": name, "ack_deadline_seconds": 30}, update_mask={"paths": ["ack_deadline_seconds"]})
        self.assertEqual((30, "_deleted-topic_"), (changed.ack_deadline_seconds, changed.topic))
        self.subscriber.delete_subscription(subscription=name)

    @follows_the_service
    def test_messages_stay_when_the_topic_is_deleted(self):
        topic = self.topic()
        name = self.subscription(topic)
        self.publish(topic, b"x")
        self.publisher.delete_topic(topic=topic)
        self.assertEqual([b"x"], [m.message.data for m in self.pull(name, 1, ack=True)])


class SnapshotRules(Table):
    def test_snapshots(self):
        topic = self.topic()
        name, snapshot = self.subscription(topic), self.unique("snapshots")
        other, missing = self.subscription(self.topic()), f"{PROJECT}/snapshots/not-there"
        client = self.subscriber
        made = client.create_snapshot(name=snapshot, subscription=name)
        self.assertEqual(topic, made.topic)
        update = lambda paths, **settings: client.update_snapshot(
            snapshot={"name": snapshot, **settings}, update_mask={"paths": paths})
        later = lambda days: timestamp_pb2.Timestamp(seconds=int(made.expire_time.timestamp()) + days * DAY)
        self.check([
            ("create again", "ALREADY_EXISTS", lambda: client.create_snapshot(name=snapshot, subscription=name)),
            ("a bad name", "INVALID_ARGUMENT", lambda: client.create_snapshot(
                name=f"{PROJECT}/snapshots/1", subscription=name)),
            ("no name", "INVALID_ARGUMENT", lambda: client.create_snapshot(name="", subscription=name)),
            ("get", "NOT_FOUND", lambda: client.get_snapshot(snapshot=missing)),
            ("delete", "NOT_FOUND", lambda: client.delete_snapshot(snapshot=missing)),
            ("seek", "NOT_FOUND", lambda: client.seek(request={"subscription": name, "snapshot": missing})),
            ("seek to another topic's", "FAILED_PRECONDITION", lambda: client.seek(
                request={"subscription": other, "snapshot": snapshot})),
            ("seek", "", lambda: client.seek(request={"subscription": name, "snapshot": snapshot})),
            ("a mask of nothing", "*INVALID_ARGUMENT", lambda: update([])),
            ("its topic", "*INVALID_ARGUMENT", lambda: update(["topic"], topic=topic)),
            ("its end, later than 7 days", "*INVALID_ARGUMENT", lambda: update(["expire_time"], expire_time=later(1))),
            ("its end, in the past", "*INVALID_ARGUMENT", lambda: update(["expire_time"], expire_time=later(-8))),
            ("its end, sooner", "*", lambda: update(["expire_time"], expire_time=later(-1))),
            ("labels", "*", lambda: update(["labels"], labels={"a": "b"})),
        ], lambda call: call())
        self.assertIn(snapshot, list(self.publisher.list_topic_snapshots(topic=topic)))
        self.publisher.delete_topic(topic=topic)
        if not AGAINST:
            self.assertEqual("_deleted-topic_", client.get_snapshot(snapshot=snapshot).topic)
        client.delete_snapshot(snapshot=snapshot)


class SchemaRules(Table):
    def test_schemas(self):
        client, made = schemas(), self.unique("schemas")
        create = lambda name, kind=types.Schema.Type.AVRO, definition=AVRO: client.create_schema(
            parent=PROJECT, schema_id=name, schema={"type_": kind, "definition": definition})
        missing = f"{PROJECT}/schemas/not-there"
        create(made.split("/")[-1])
        commit = lambda name, **schema: client.commit_schema(
            name=name, schema={"name": name, "type_": types.Schema.Type.AVRO, "definition": AVRO, **schema})
        check = lambda message, **where: client.validate_message(request={
            "parent": PROJECT, "message": message, "encoding": types.Encoding.JSON, **where})
        self.check([
            ("create again", "ALREADY_EXISTS", lambda: create(made.split("/")[-1])),
            ("a bad name", "INVALID_ARGUMENT", lambda: create("1")),
            ("no name", "INVALID_ARGUMENT", lambda: create("")),
            ("no type", "INVALID_ARGUMENT", lambda: create("abc", kind=0)),
            ("a definition that is none", "INVALID_ARGUMENT", lambda: create("abc", definition="{")),
            ("no definition", "INVALID_ARGUMENT", lambda: create("abc", definition="")),
            ("get", "NOT_FOUND", lambda: client.get_schema(name=missing)),
            ("get a revision", "NOT_FOUND", lambda: client.get_schema(name=f"{made}@00000000")),
            ("delete", "NOT_FOUND", lambda: client.delete_schema(name=missing)),
            ("revisions", "NOT_FOUND", lambda: list(client.list_schema_revisions(name=missing))),
            ("commit", "NOT_FOUND", lambda: commit(missing)),
            ("commit another record", "*INVALID_ARGUMENT", lambda: commit(
                made, definition=AVRO.replace('"int"', '"string"'))),
            ("roll back", "NOT_FOUND", lambda: client.rollback_schema(name=made, revision_id="00000000")),
            ("delete a revision", "*NOT_FOUND", lambda: client.delete_schema_revision(name=f"{made}@00000000")),
            ("validate", "*", lambda: check(b'{"a": 1}', name=made)),
            ("validate another message", "*INVALID_ARGUMENT", lambda: check(b'{"a": "x"}', name=made)),
            ("validate by nothing", "NOT_FOUND", lambda: check(b'{"a": 1}', name=missing)),
            ("validate without a schema", "INVALID_ARGUMENT", lambda: check(b'{"a": 1}')),
        ], lambda call: call())
        topic = self.topic(schema_settings={"schema": made, "encoding": types.Encoding.JSON})
        client.delete_schema(name=made)
        self.assertEqual("_deleted-schema_", self.publisher.get_topic(topic=topic).schema_settings.schema)


class PolicyRules(Table):
    @follows_the_service
    def test_policies(self):
        topic, missing = self.topic(), f"{PROJECT}/topics/not-there"
        viewers = {"bindings": [{"role": "roles/viewer", "members": ["allUsers"]}]}
        client = self.publisher
        get = lambda name: client.get_iam_policy(request={"resource": name})
        put = lambda name, **policy: client.set_iam_policy(request={"resource": name, "policy": {**viewers, **policy}})
        first = get(topic)
        self.assertTrue(first.etag)
        self.assertEqual([], list(first.bindings))
        second = put(topic, etag=first.etag)
        self.assertEqual((1, ["allUsers"]), (second.version, list(second.bindings[0].members)))
        self.check([
            ("an etag of before", "ABORTED", lambda: put(topic, etag=first.etag)),
            ("the etag of now", "", lambda: put(topic, etag=second.etag)),
            ("no etag", "", lambda: put(topic)),
            ("get", "NOT_FOUND", lambda: get(missing)),
            ("set", "NOT_FOUND", lambda: put(missing)),
            ("test", "NOT_FOUND", lambda: client.test_iam_permissions(
                request={"resource": missing, "permissions": ["pubsub.topics.get"]})),
            ("wildcards", "INVALID_ARGUMENT", lambda: client.test_iam_permissions(
                request={"resource": topic, "permissions": ["pubsub.*"]})),
        ], lambda call: call())
        client.delete_topic(topic=topic)
        client.create_topic(name=topic)
        self.assertEqual([], list(get(topic).bindings))


class PlainHTTP(Table):
    """What people do with curl."""

    def ask(self, verb, path, body=None):
        request = urllib.request.Request(
            f"http://{address()}{path}", method=verb, data=body and json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()

    def compressed(self, path, body):
        request = urllib.request.Request(
            f"http://{address()}{path}", method="POST", data=body,
            headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def test_bodies_may_be_compressed(self):
        topic = self.topic()
        subscription = self.subscription(topic)
        body = gzip.compress(json.dumps({"messages": [{"data": "aGk="}] * 1000}).encode())
        self.assertEqual(1000, len(self.compressed(f"/v1/{topic}:publish", body)["messageIds"]))
        self.assertEqual([b"hi"] * 1000, [one.message.data for one in self.pull(subscription, 1000)])

    @follows_the_service
    def test_compressed_bodies_have_the_limits_of_others(self):
        path = f"/v1/{self.topic()}:publish"
        huge = gzip.compress(b'{"messages": [{"data": "' + b"A" * (20 << 20) + b'"}]}')
        for body, reason in ((huge, "payload size exceeds the limit"), (b"{}", "content-encoding"),
                             (gzip.compress(b"{}")[:-6], "content-encoding")):
            with self.subTest(reason), self.assertRaises(urllib.error.HTTPError) as caught:
                self.compressed(path, body)
            self.assertEqual(400, caught.exception.code)
            self.assertIn(reason, json.loads(caught.exception.read())["error"]["message"])

    def test_the_root_says_that_the_server_is_up(self):
        self.assertIn(b"Ok", self.ask("GET", "/"))

    def test_masks_and_fields_in_either_case(self):
        path = "/v1/" + self.subscription(self.topic())
        for field, mask in (("ackDeadlineSeconds", "updateMask"), ("ack_deadline_seconds", "update_mask")):
            for seconds, paths in ((20, "ackDeadlineSeconds"), (30, "ack_deadline_seconds")):
                with self.subTest(field=field, paths=paths):
                    body = {"subscription": {field: seconds}, mask: paths}
                    self.assertEqual(seconds, json.loads(self.ask("PATCH", path, body))["ackDeadlineSeconds"])

    @follows_the_service
    def test_system_parameters_are_passed_over(self):
        path = "/v1/" + self.topic() + "?alt=json&prettyPrint=false&$.xgafv=2&key=k&quotaUser=u&$alt="
        self.assertEqual("ACTIVE", json.loads(self.ask("GET", path + "json"))["state"])
        self.assertEqual(1, json.loads(self.ask("GET", path + "json;enum-encoding=int"))["state"])


if __name__ == "__main__":
    unittest.main()
