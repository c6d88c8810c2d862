"""Subscriptions; pulling, streaming, acknowledging; redelivery, dead letters, filters, order."""

import datetime
import threading
import time
import unittest

from google.api_core import exceptions
from google.cloud import pubsub_v1
from google.cloud.pubsub_v1.subscriber import exceptions as subscriber_exceptions
from google.protobuf import duration_pb2, field_mask_pb2

from server import PROJECT, Case, Receiver, follows_the_service, publisher, rest_publisher, rest_subscriber


class Subscriptions(Case):
    def test_defaults(self):
        topic = self.topic()
        found = self.subscriber.get_subscription(subscription=self.subscription(topic))
        self.assertEqual(topic, found.topic)
        self.assertEqual(10, found.ack_deadline_seconds)
        self.assertEqual(7 * 86400, found.message_retention_duration.total_seconds())
        self.assertEqual(31 * 86400, found.expiration_policy.ttl.total_seconds())

    def test_everything_that_can_be_declared(self):
        topic, dead = self.topic(), self.topic()
        name = self.subscription(
            topic, ack_deadline_seconds=30, retain_acked_messages=True, labels={"k": "v"},
            message_retention_duration=duration_pb2.Duration(seconds=1200), enable_message_ordering=True,
            expiration_policy={"ttl": duration_pb2.Duration(seconds=2 * 86400)}, filter='attributes:x',
            dead_letter_policy={"dead_letter_topic": dead, "max_delivery_attempts": 7},
            retry_policy={"minimum_backoff": duration_pb2.Duration(seconds=1)})
        found = self.subscriber.get_subscription(subscription=name)
        self.assertEqual((30, True, {"k": "v"}), (found.ack_deadline_seconds, found.retain_acked_messages,
                                                  dict(found.labels)))
        self.assertEqual((1200, True), (found.message_retention_duration.total_seconds(),
                                        found.enable_message_ordering))
        self.assertEqual((2 * 86400, "attributes:x"), (found.expiration_policy.ttl.total_seconds(), found.filter))
        self.assertEqual((dead, 7), (found.dead_letter_policy.dead_letter_topic,
                                     found.dead_letter_policy.max_delivery_attempts))
        self.assertEqual((1, 600), (found.retry_policy.minimum_backoff.total_seconds(),
                                    found.retry_policy.maximum_backoff.total_seconds()))

    @follows_the_service
    def test_what_may_not_be_declared(self):
        topic = self.topic()
        for settings in ({"ack_deadline_seconds": 5}, {"ack_deadline_seconds": 601}, {"filter": "nonsense"},
                         {"message_retention_duration": duration_pb2.Duration(seconds=1)},
                         {"expiration_policy": {"ttl": duration_pb2.Duration(seconds=5)}}):
            with self.subTest(settings), self.assertRaises(exceptions.InvalidArgument):
                self.subscription(topic, **settings)

    def test_missing_topics_and_taken_names(self):
        topic = self.topic()
        with self.assertRaises(exceptions.NotFound):
            self.subscription(topic + "-not")
        name = self.subscription(topic)
        with self.assertRaises(exceptions.AlreadyExists):
            self.subscriber.create_subscription(name=name, topic=topic)

    def test_update_by_mask(self):
        name = self.subscription(self.topic(), labels={"a": "1"})
        changed = self.subscriber.update_subscription(
            subscription={"name": name, "ack_deadline_seconds": 77},
            update_mask=field_mask_pb2.FieldMask(paths=["ack_deadline_seconds"]))
        self.assertEqual((77, {"a": "1"}), (changed.ack_deadline_seconds, dict(changed.labels)))
        for paths in ([], ["topic"], ["nonsense"]):
            with self.subTest(paths), self.assertRaises(exceptions.InvalidArgument):
                self.subscriber.update_subscription(
                    subscription={"name": name}, update_mask=field_mask_pb2.FieldMask(paths=paths))

    def test_a_deleted_topic(self):
        topic = self.topic()
        name = self.subscription(topic)
        self.publisher.delete_topic(topic=topic)
        self.assertEqual("_deleted-topic_", self.subscriber.get_subscription(subscription=name).topic)
        self.subscriber.delete_subscription(subscription=name)
        with self.assertRaises(exceptions.NotFound):
            self.subscriber.get_subscription(subscription=name)

    @follows_the_service
    def test_detaching(self):
        topic = self.topic()
        name = self.subscription(topic)
        self.publisher.detach_subscription(request={"subscription": name})
        self.assertTrue(self.subscriber.get_subscription(subscription=name).detached)
        with self.assertRaises(exceptions.FailedPrecondition):
            self.subscriber.pull(subscription=name, max_messages=1, timeout=5)

    def test_rest_has_the_same(self):
        topic, client, name = self.topic(), rest_subscriber(), self.unique("subscriptions")
        client.create_subscription(request={"name": name, "topic": topic, "ack_deadline_seconds": 20})
        changed = client.update_subscription(
            request={"subscription": {"name": name, "labels": {"x": "y"}}, "update_mask": {"paths": ["labels"]}})
        self.assertEqual(({"x": "y"}, 20), (dict(changed.labels), changed.ack_deadline_seconds))
        self.assertIn(name, [s.name for s in client.list_subscriptions(request={"project": PROJECT})])
        rest_publisher().publish(request={"topic": topic, "messages": [{"data": b"\x00\xfe", "attributes": {"a": "b"}}]})
        (received,) = self.pull(name, 1, client=client)
        self.assertEqual((b"\x00\xfe", {"a": "b"}), (received.message.data, dict(received.message.attributes)))
        client.modify_ack_deadline(
            request={"subscription": name, "ack_ids": [received.ack_id], "ack_deadline_seconds": 0})
        (again,) = self.pull(name, 1, client=client, ack=True)
        self.assertEqual(received.message.message_id, again.message.message_id)
        client.seek(request={"subscription": name, "time": datetime.datetime.now(datetime.timezone.utc)})
        client.delete_subscription(request={"subscription": name})


class Pulling(Case):
    def test_a_pull_waits_for_a_message(self):
        topic = self.topic()
        name = self.subscription(topic)
        threading.Timer(1, lambda: self.publisher.publish(topic, b"late")).start()
        answer = self.subscriber.pull(subscription=name, max_messages=1, timeout=15)
        self.assertEqual([b"late"], [m.message.data for m in answer.received_messages])

    def test_a_nack_hands_out_again(self):
        topic = self.topic()
        name = self.subscription(topic)
        self.publish(topic, b"x")
        (first,) = self.pull(name, 1)
        self.assert_nothing(name)
        self.subscriber.modify_ack_deadline(subscription=name, ack_ids=[first.ack_id], ack_deadline_seconds=0)
        (second,) = self.pull(name, 1, ack=True)
        self.assertEqual(first.message.message_id, second.message.message_id)
        self.assert_nothing(name)

    def test_a_deadline_that_runs_out_hands_out_again(self):
        topic = self.topic()
        name = self.subscription(topic, ack_deadline_seconds=10)
        self.publish(topic, b"x")
        start = time.monotonic()
        self.pull(name, 1)
        (again,) = self.pull(name, 1, 25, ack=True)
        self.assertGreater(time.monotonic() - start, 9)
        self.assertEqual(b"x", again.message.data)

    def test_malformed_ids(self):
        name = self.subscription(self.topic())
        with self.assertRaises(exceptions.InvalidArgument):
            self.subscriber.acknowledge(subscription=name, ack_ids=["nonsense"])
        with self.assertRaises(exceptions.InvalidArgument):
            self.subscriber.pull(subscription=name, max_messages=0, timeout=5)

    def test_two_subscriptions_get_everything(self):
        topic = self.topic()
        names = [self.subscription(topic) for _ in range(2)]
        self.publish(topic, b"x", b"y")
        for name in names:
            self.assertEqual([b"x", b"y"], sorted(m.message.data for m in self.pull(name, 2, ack=True)))


class Streaming(Case):
    def test_everything_once(self):
        topic = self.topic()
        name = self.subscription(topic)
        with Receiver(self.subscriber, name) as receiver:
            futures = [self.publisher.publish(topic, b"%d" % number) for number in range(2000)]
            for future in futures:
                future.result(timeout=30)
            got = receiver.wait(2000, 40)
        self.assertEqual(sorted(b"%d" % n for n in range(2000)), sorted(m.data for m in got))
        self.assert_nothing(name)

    def test_no_more_than_the_client_wants(self):
        topic = self.topic()
        name = self.subscription(topic)
        self.publish(topic, *[b"%d" % n for n in range(50)])
        control = pubsub_v1.types.FlowControl(max_messages=10)
        with Receiver(self.subscriber, name, on_message=lambda m: None, flow_control=control) as receiver:
            receiver.wait(10)
            time.sleep(1)
            self.assertEqual(10, len(receiver.messages))
            # The others are free for anybody else.
            others = self.pull(name, 40, ack=True)
            self.assertEqual(40, len(others))
            for message in list(receiver.messages):
                message.ack()
        self.assert_nothing(name)

    def test_acknowledging_makes_room(self):
        topic = self.topic()
        name = self.subscription(topic)
        self.publish(topic, *[b"%d" % n for n in range(100)])
        control = pubsub_v1.types.FlowControl(max_messages=5)
        with Receiver(self.subscriber, name, flow_control=control) as receiver:
            self.assertEqual(100, len(receiver.wait(100, 40)))

    def test_nacked_messages_come_again(self):
        topic = self.topic()
        name = self.subscription(topic)
        self.publish(topic, b"x")
        seen = []

        def once_nack(message):
            seen.append(message.message_id)
            message.nack() if len(seen) == 1 else message.ack()

        with Receiver(self.subscriber, name, on_message=once_nack) as receiver:
            first, second = receiver.wait(2)
        self.assertEqual(first.message_id, second.message_id)

    def test_a_stream_of_nothing_says_so(self):
        with Receiver(self.subscriber, f"{PROJECT}/subscriptions/not-there") as receiver:
            with self.assertRaises(exceptions.NotFound):
                receiver.future.result(timeout=20)

    def test_ordering_keys(self):
        topic = self.topic()
        name = self.subscription(topic, enable_message_ordering=True)
        client = publisher(publisher_options=pubsub_v1.types.PublisherOptions(enable_message_ordering=True))
        with Receiver(self.subscriber, name) as receiver:
            for number in range(50):
                for key in ("A", "C"):
                    client.publish(topic, b"%d" % number, ordering_key=key)
            client.stop()
            got = receiver.wait(100, 30)
        for key in ("A", "C"):
            numbers = [int(m.data) for m in got if m.ordering_key == key]
            self.assertEqual(list(range(50)), list(dict.fromkeys(numbers)), key)

    @follows_the_service
    def test_a_failed_message_holds_its_successors(self):
        topic = self.topic()
        name = self.subscription(topic, enable_message_ordering=True)
        client = publisher(publisher_options=pubsub_v1.types.PublisherOptions(enable_message_ordering=True))
        for number in range(6):
            client.publish(topic, b"%d" % number, ordering_key="A").result(timeout=20)
        got = self.pull(name, 6)
        self.assertEqual([0, 1, 2, 3, 4, 5], [int(m.message.data) for m in got])
        ids = [m.ack_id for m in got]
        self.subscriber.acknowledge(subscription=name, ack_ids=ids[:2])
        self.subscriber.modify_ack_deadline(subscription=name, ack_ids=[ids[2]], ack_deadline_seconds=0)
        again = self.pull(name, 4, ack=True)
        self.assertEqual([2, 3, 4, 5], [int(m.message.data) for m in again])
        self.assert_nothing(name)

    @follows_the_service
    def test_what_follows_a_failed_message_comes_again_even_if_it_is_acknowledged(self):
        topic = self.topic()
        name = self.subscription(topic, enable_message_ordering=True)
        client = publisher(publisher_options=pubsub_v1.types.PublisherOptions(enable_message_ordering=True))
        for number in range(4):
            client.publish(topic, b"%d" % number, ordering_key="A").result(timeout=20)
        ids = [m.ack_id for m in self.pull(name, 4)]
        self.subscriber.acknowledge(subscription=name, ack_ids=[ids[0], ids[2], ids[3]])
        self.subscriber.modify_ack_deadline(subscription=name, ack_ids=[ids[1]], ack_deadline_seconds=0)
        again = self.pull(name, 3, ack=True)
        self.assertEqual([1, 2, 3], [int(m.message.data) for m in again])
        self.assert_nothing(name)


class ExactlyOnce(Case):
    def test_acknowledgements_are_confirmed(self):
        topic = self.topic()
        name = self.subscription(topic, enable_exactly_once_delivery=True)
        futures = []
        with Receiver(
            self.subscriber, name, on_message=lambda m: futures.append(m.ack_with_response())
        ) as receiver:
            self.publish(topic, *[b"%d" % n for n in range(50)])
            self.assertEqual(50, len(receiver.wait(50)))
            for future in list(futures):
                self.assertEqual(subscriber_exceptions.AcknowledgeStatus.SUCCESS, future.result(timeout=20))
        self.assert_nothing(name)

    @follows_the_service
    def test_a_stale_id_is_refused(self):
        topic = self.topic()
        name = self.subscription(topic, enable_exactly_once_delivery=True)
        self.publish(topic, b"x")
        (first,) = self.pull(name, 1)
        self.subscriber.modify_ack_deadline(subscription=name, ack_ids=[first.ack_id], ack_deadline_seconds=0)
        (second,) = self.pull(name, 1)
        with self.assertRaises(exceptions.GoogleAPICallError) as caught:
            self.subscriber.acknowledge(subscription=name, ack_ids=[first.ack_id])
        self.assertEqual("PERMANENT_FAILURE_INVALID_ACK_ID", caught.exception.metadata[first.ack_id])
        self.assertIsInstance(caught.exception, exceptions.InvalidArgument)
        for _ in range(2):
            # Said again it is as good: who did not hear the answer must not be told that it came too late.
            self.subscriber.acknowledge(subscription=name, ack_ids=[second.ack_id])
        self.assert_nothing(name)

    @follows_the_service
    def test_the_valid_ids_beside_stale_ones_are_done(self):
        topic = self.topic()
        name = self.subscription(topic, enable_exactly_once_delivery=True, ack_deadline_seconds=60)
        self.publish(topic, *[b"%d" % n for n in range(20)])
        got = self.pull(name, 20)
        ids = [m.ack_id for m in got]
        stale, valid = ids[::2], ids[1::2]
        self.subscriber.modify_ack_deadline(subscription=name, ack_ids=stale, ack_deadline_seconds=0)
        again = self.pull(name, 10)
        with self.assertRaises(exceptions.GoogleAPICallError) as caught:
            self.subscriber.acknowledge(subscription=name, ack_ids=ids)
        self.assertEqual("EXACTLY_ONCE_ACKID_FAILURE", caught.exception.reason)
        self.assertEqual({i: "PERMANENT_FAILURE_INVALID_ACK_ID" for i in stale}, dict(caught.exception.metadata))
        with self.assertRaises(exceptions.GoogleAPICallError) as caught:
            self.subscriber.modify_ack_deadline(
                subscription=name, ack_ids=[valid[0], again[0].ack_id], ack_deadline_seconds=0)
        self.assertEqual({valid[0]: "PERMANENT_FAILURE_INVALID_ACK_ID"}, dict(caught.exception.metadata))
        self.assertEqual([again[0].message.message_id], [m.message.message_id for m in self.pull(name, 2, 1)])

    def settle(self, subscription, ids):
        """What Google's library tells of a batch of acknowledgements, by id, and how often it has sent them."""
        from google.cloud.pubsub_v1.subscriber._protocol import requests, streaming_pull_manager

        futures = {i: pubsub_v1.subscriber.futures.Future() for i in ids}
        batch = [requests.AckRequest(i, 0, 0, "", futures[i]) for i in ids]
        statuses, rounds = {}, 0
        while batch and rounds < 10:
            rounds += 1
            error, failures = None, None
            try:
                self.subscriber.acknowledge(subscription=subscription, ack_ids=[r.ack_id for r in batch])
            except exceptions.GoogleAPICallError as caught:
                error = streaming_pull_manager._get_status(caught)
                failures = streaming_pull_manager._get_ack_errors(caught)
            _, batch = streaming_pull_manager._process_requests(error, {r.ack_id: r for r in batch}, failures)
        for ack_id, future in futures.items():
            try:
                statuses[ack_id] = future.result(timeout=1)
            except subscriber_exceptions.AcknowledgeError as failure:
                statuses[ack_id] = failure.error_code
        return statuses, rounds

    @follows_the_service
    def test_the_library_tells_valid_ids_from_stale_ones(self):
        topic = self.topic()
        name = self.subscription(topic, enable_exactly_once_delivery=True, ack_deadline_seconds=60)
        self.publish(topic, b"x", b"y")
        ids = [m.ack_id for m in self.pull(name, 2)]
        self.subscriber.modify_ack_deadline(subscription=name, ack_ids=ids[:1], ack_deadline_seconds=0)
        statuses, rounds = self.settle(name, ids)
        expected = subscriber_exceptions.AcknowledgeStatus
        self.assertEqual({ids[0]: expected.INVALID_ACK_ID, ids[1]: expected.SUCCESS}, statuses)
        self.assertEqual(2, rounds)

    @follows_the_service
    def test_more_stale_ids_than_a_client_reads_are_given_up_at_once(self):
        topic = self.topic()
        name = self.subscription(topic, enable_exactly_once_delivery=True, ack_deadline_seconds=60)
        self.publish(topic, *[b"%d" % n for n in range(200)])
        ids = [m.ack_id for m in self.pull(name, 200, 30)]
        valid, stale = ids[:10], ids[10:]
        self.subscriber.modify_ack_deadline(subscription=name, ack_ids=stale, ack_deadline_seconds=0)
        # The library waits for the answer to an extension before it works on, and reads no further meanwhile.
        with self.assertRaises(exceptions.InvalidArgument) as caught:
            self.subscriber.modify_ack_deadline(subscription=name, ack_ids=stale, ack_deadline_seconds=60)
        self.assertEqual(set(sorted(stale)[-75:]), set(caught.exception.metadata))
        statuses, rounds = self.settle(name, ids)
        self.assertEqual(2, rounds)
        expected = subscriber_exceptions.AcknowledgeStatus
        self.assertEqual(set(valid), {i for i, status in statuses.items() if status == expected.SUCCESS})
        told = [status for status in statuses.values() if status == expected.INVALID_ACK_ID]
        self.assertEqual(65, len(told))
        again = self.pull(name, 200, 5)
        self.assertEqual(190, len(again))

    @follows_the_service
    def test_acknowledgements_follow_the_order_of_a_key(self):
        topic = self.topic()
        name = self.subscription(
            topic, enable_exactly_once_delivery=True, enable_message_ordering=True, ack_deadline_seconds=60)
        client = publisher(publisher_options=pubsub_v1.types.PublisherOptions(enable_message_ordering=True))
        for number in range(3):
            client.publish(topic, b"%d" % number, ordering_key="A").result(timeout=20)
        ids = [m.ack_id for m in self.pull(name, 3)]
        with self.assertRaises(exceptions.GoogleAPICallError) as caught:
            self.subscriber.acknowledge(subscription=name, ack_ids=[ids[2]])
        self.assertEqual({ids[2]: "TRANSIENT_FAILURE_UNORDERED_ACK_ID"}, dict(caught.exception.metadata))
        self.subscriber.acknowledge(subscription=name, ack_ids=[ids[2], ids[0], ids[1]])

    @follows_the_service
    def test_rest_says_so_too(self):
        topic, client = self.topic(), rest_subscriber()
        name = self.subscription(topic, enable_exactly_once_delivery=True)
        self.publish(topic, b"x")
        (first,) = self.pull(name, 1, client=client)
        client.modify_ack_deadline(
            request={"subscription": name, "ack_ids": [first.ack_id], "ack_deadline_seconds": 0})
        with self.assertRaises(exceptions.GoogleAPICallError) as caught:
            client.acknowledge(request={"subscription": name, "ack_ids": [first.ack_id]})
        self.assertIn("PERMANENT_FAILURE_INVALID_ACK_ID", str(caught.exception))


class FailingMessages(Case):
    def test_dead_letters(self):
        topic, dead = self.topic(), self.topic()
        letters = self.subscription(dead)
        name = self.subscription(
            topic, dead_letter_policy={"dead_letter_topic": dead, "max_delivery_attempts": 5})
        self.publish(topic, b"poison", kind="bad")
        attempts = []

        def nack(message):
            attempts.append(message.delivery_attempt)
            message.nack()

        with Receiver(self.subscriber, name, on_message=nack) as receiver:
            receiver.wait(5, 30)
            (letter,) = self.pull(letters, 1, 20, ack=True)
        self.assertEqual([1, 2, 3, 4, 5], attempts[:5])
        self.assertEqual(b"poison", letter.message.data)
        self.assertEqual("bad", letter.message.attributes["kind"])
        self.assertEqual(name.split("/")[-1], letter.message.attributes["CloudPubSubDeadLetterSourceSubscription"])

    @follows_the_service
    def test_the_first_redelivery_obeys_the_backoff(self):
        topic = self.topic()
        name = self.subscription(topic, retry_policy={"minimum_backoff": duration_pb2.Duration(seconds=2),
                                                      "maximum_backoff": duration_pb2.Duration(seconds=10)})
        self.publish(topic, b"x")
        (first,) = self.pull(name, 1)
        start = time.monotonic()
        self.subscriber.modify_ack_deadline(subscription=name, ack_ids=[first.ack_id], ack_deadline_seconds=0)
        self.assertEqual(1, len(self.pull(name, 1, 20, ack=True)))
        self.assertGreater(time.monotonic() - start, 1.5)

    @follows_the_service
    def test_filters_are_applied(self):
        topic = self.topic()
        name = self.subscription(topic, filter='attributes.route = "A" AND NOT hasPrefix(attributes.trip, "x")')
        self.publish(topic, b"yes", route="A", trip="1")
        self.publish(topic, b"no", route="C", trip="1")
        self.publish(topic, b"not", route="A", trip="x1")
        self.assertEqual([b"yes"], [m.message.data for m in self.pull(name, 3, 2, ack=True)])


if __name__ == "__main__":
    unittest.main()
