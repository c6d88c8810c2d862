"""Kills the server under full load, again and again, and counts what its clients were promised. See README.md beside this.

    python3 Tests/Conformance/kill_test.py [.build/debug/streamtop] [--kills 50] [--seed N]

Two topics are published to from several threads all the while: `bulk` in requests of hundreds of messages, `keys` with
ordering keys. Both are received under exactly-once delivery: `bulk` with Pull, `keys` with StreamingPull, in order.
What is checked:

- every message whose publish was acknowledged is delivered, as it was published;
- none whose acknowledgement was confirmed is delivered again;
- the messages of a key are delivered in the order of their publishing: a redelivery may repeat from a point, but
  nothing is passed over and nothing changes places;
- a number is never given to two messages.
"""

import argparse
import collections
import logging
import os
import pathlib
import random
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PUBLISHERS, BATCH, PADDING = 3, 200, 180
KEY_THREADS, KEYS_EACH = 2, 8
# So many messages may be on their way: the client receives more slowly than the server takes.
KEYS_AHEAD, BULK_AHEAD = 2000, 40_000


class Findings:
    """What broke a promise: the first of every kind in full."""

    def __init__(self):
        self.counts, self.lock = collections.Counter(), threading.Lock()

    def add(self, kind, text):
        with self.lock:
            self.counts[kind] += 1
            if self.counts[kind] <= 5:
                print(f"!! {kind}: {text}", flush=True)


class Bulk:
    """Requests of many messages, and a subscriber that pulls and acknowledges by calls of its own."""

    def __init__(self, findings):
        self.findings = findings
        self.acknowledged = [[] for _ in range(PUBLISHERS)]  # per thread: which messages, as ranges of numbers
        self.counts = [0] * PUBLISHERS
        self.delivered = [bytearray() for _ in range(PUBLISHERS)]
        self.identity, self.confirmed = {}, set()
        self.received = self.again = 0

    @property
    def published(self):
        return sum(self.counts)

    def publish(self, thread, api, topic, running):
        number = 0
        while running.is_set():
            if self.published - len(self.identity) > BULK_AHEAD:
                time.sleep(0.01)
                continue
            messages = [
                {"data": b"%d %d " % (thread, n) + b"x" * PADDING} for n in range(number, number + BATCH)
            ]
            number += BATCH
            try:
                answer = api.publish(topic=topic, messages=messages, retry=None, timeout=20)
            except Exception:
                # It may be there, and may not: these numbers are not used again.
                time.sleep(0.02)
                continue
            if len(answer.message_ids) != BATCH:
                self.findings.add("publish", f"{len(answer.message_ids)} ids for {BATCH} messages")
            self.acknowledged[thread].append((number - BATCH, answer.message_ids[0]))
            self.counts[thread] += BATCH

    def receive(self, api, subscription, running):
        while running.is_set():
            try:
                answer = api.pull(
                    subscription=subscription, max_messages=1000, return_immediately=True, retry=None, timeout=20)
                received = answer._pb.received_messages
                if not received:
                    time.sleep(0.02)
                    continue
                for one in received:
                    self.note(one.message.message_id, one.message.data)
                api.acknowledge(
                    subscription=subscription, ack_ids=[one.ack_id for one in received], retry=None, timeout=20)
                self.confirmed.update(one.message.message_id for one in received)
            except Exception:
                time.sleep(0.02)

    def note(self, message_id, data):
        thread, number, _ = data.split(b" ", 2)
        thread, number = int(thread), int(number)
        self.received += 1
        if message_id in self.confirmed:
            self.findings.add("delivered again", f"bulk message {message_id} after its acknowledgement was confirmed")
        before = self.identity.setdefault(message_id, (thread, number))
        if before != (thread, number):
            self.findings.add("number given twice", f"{message_id} is {before} and {(thread, number)}")
        if len(data) != len(b"%d %d " % (thread, number)) + PADDING:
            self.findings.add("changed", f"bulk message {message_id} has {len(data)} bytes")
        delivered = self.delivered[thread]
        if number >= len(delivered):
            delivered.extend(bytes(number + 100_000 - len(delivered)))
        self.again += bool(delivered[number])
        delivered[number] = 1

    def missing(self):
        return [
            (thread, number)
            for thread, ranges in enumerate(self.acknowledged) for first, _ in ranges
            for number in range(first, first + BATCH)
            if number >= len(self.delivered[thread]) or not self.delivered[thread][number]
        ]

    def check(self):
        for thread, number in self.missing():
            self.findings.add("lost", f"bulk message {number} of thread {thread} was acknowledged, never delivered")
        for thread, ranges in enumerate(self.acknowledged):
            for first, message_id in ranges:
                if self.identity.get(message_id, (thread, first)) != (thread, first):
                    self.findings.add("wrong number", f"{message_id} was told for {(thread, first)}")


class Keys:
    """Messages with ordering keys, and a streaming subscriber that acknowledges with confirmations."""

    def __init__(self, findings):
        self.findings = findings
        self.acknowledged = collections.defaultdict(set)  # key: numbers
        self.log = collections.defaultdict(list)  # key: (message id, number), as delivered
        self.seen, self.confirmed = set(), set()
        self.published = self.received = 0

    def publish(self, thread, client, topic, running):
        """Each key's messages in order; what fails is published again from the first that failed."""
        keys = [f"key-{thread}-{index}" for index in range(KEYS_EACH)]
        following = dict.fromkeys(keys, 0)
        pending = collections.deque()
        while running.is_set() or pending:
            while running.is_set() and len(pending) < 400 and self.published - len(self.seen) < KEYS_AHEAD:
                key = random.choice(keys)
                number = following[key]
                following[key] += 1
                try:
                    future = client.publish(topic, b"%d" % number, ordering_key=key)
                except Exception:
                    future = None
                pending.append((key, number, future))
            if not pending:
                time.sleep(0.005)
                continue
            key, number, future = pending.popleft()
            try:
                if future is None:
                    raise RuntimeError("the key is paused")
                future.result(timeout=60)
            except Exception:
                # All that follow of this key fail, too, or were never sent: once more from here.
                rest = [one for one in pending if one[0] == key]
                pending = collections.deque(one for one in pending if one[0] != key)
                for _, later, other in rest:
                    try:
                        if other is not None:
                            other.result(timeout=60)
                            self.findings.add("order", f"{key}: {later} was published though {number} before failed")
                    except Exception:
                        pass
                following[key] = number
                client.resume_publish(topic, key)
                continue
            self.acknowledged[key].add(number)
            self.published += 1

    def receive(self, message):
        key, identity = message.ordering_key, int(message.message_id)
        if identity in self.confirmed:
            self.findings.add("delivered again", f"{key}: {identity} after its acknowledgement was confirmed")
        self.log[key].append((identity, int(message.data)))
        self.received += 1
        self.seen.add((key, int(message.data)))
        message.ack_with_response().add_done_callback(lambda future: self.confirm(identity, future))

    def confirm(self, identity, future):
        if future.exception() is None:
            self.confirmed.add(identity)

    def missing(self):
        return [
            (key, number) for key, numbers in list(self.acknowledged.items()) for number in list(numbers)
            if (key, number) not in self.seen
        ]

    def check(self):
        for key, number in self.missing():
            self.findings.add("lost", f"{key}: {number} was acknowledged, never delivered")
        for key, log in self.log.items():
            order = sorted({identity for identity, _ in log})
            place = {identity: index for index, identity in enumerate(order)}
            farthest, before = -1, -1
            had = set()
            for identity, _ in log:
                index = place[identity]
                passed = range(before + 1, index)
                if index > farthest + 1 or any(order[skipped] not in had for skipped in passed):
                    self.findings.add("order", f"{key}: {identity} came before {order[min(farthest + 1, index)]}")
                farthest, before = max(farthest, index), index
                had.add(identity)
            # In the topic a key's numbers may go back to what was published again, but never ahead.
            numbers, highest = {identity: number for identity, number in log}, -1
            for identity in order:
                if numbers[identity] > highest + 1:
                    self.findings.add("order", f"{key}: {numbers[identity]} stands behind {highest} in the topic")
                highest = max(highest, numbers[identity])


def run(binary, kills, seed, keep):
    os.environ["CONFORMANCE_BINARY"] = binary
    # Google's library tells of every lease that a restart has ended.
    logging.disable(logging.CRITICAL)
    chance = random.Random(seed)
    print(f"kill_test.py: {binary}, {kills} kills, seed {seed}", flush=True)
    import grpc
    import server
    from google.api_core import retry
    from google import pubsub_v1 as generated
    from google.cloud import pubsub_v1
    from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
    from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

    program = server.Program()
    options = [(f"grpc.{which}_reconnect_backoff_ms", value) for which, value in
               (("initial", 50), ("min", 50), ("max", 300))] + [("grpc.use_local_subchannel_pool", 1),
               ("grpc.max_receive_message_length", -1)]

    def channel():
        return grpc.insecure_channel(program.address, options)

    def publisher(**more):
        return pubsub_v1.PublisherClient(transport=PublisherGrpcTransport(channel=channel()), **more)

    def subscriber():
        return pubsub_v1.SubscriberClient(transport=SubscriberGrpcTransport(channel=channel()))

    project = server.PROJECT
    topics = {name: f"{project}/topics/{name}" for name in ("bulk", "keys")}
    subscriptions = {name: f"{project}/subscriptions/{name}" for name in topics}
    administrator, reader = publisher(), subscriber()
    for name in topics:
        administrator.create_topic(name=topics[name])
        reader.create_subscription(request={
            "name": subscriptions[name], "topic": topics[name], "enable_exactly_once_delivery": True,
            "enable_message_ordering": name == "keys", "ack_deadline_seconds": 60})

    findings = Findings()
    bulk, keys = Bulk(findings), Keys(findings)
    publishing, receiving = threading.Event(), threading.Event()
    publishing.set()
    receiving.set()
    publishers = [
        threading.Thread(target=bulk.publish, args=(
            i, generated.PublisherClient(transport=PublisherGrpcTransport(channel=channel())), topics["bulk"],
            publishing))
        for i in range(PUBLISHERS)
    ]
    patient = retry.Retry(initial=0.05, maximum=0.3, multiplier=1.5, timeout=60)
    publishers += [
        threading.Thread(target=keys.publish, args=(i, publisher(
            batch_settings=pubsub_v1.types.BatchSettings(max_messages=50, max_latency=0.005),
            publisher_options=pubsub_v1.types.PublisherOptions(enable_message_ordering=True, retry=patient)),
            topics["keys"], publishing))
        for i in range(KEY_THREADS)
    ]
    puller = threading.Thread(target=bulk.receive, args=(
        generated.SubscriberClient(transport=SubscriberGrpcTransport(channel=channel())), subscriptions["bulk"],
        receiving))
    for thread in publishers + [puller]:
        thread.daemon = True
        thread.start()
    streamer = subscriber()
    flow = pubsub_v1.types.FlowControl(max_messages=1000, max_duration_per_lease_extension=10)
    stream = streamer.subscribe(subscriptions["keys"], callback=keys.receive, flow_control=flow)

    start, early = time.monotonic(), 0
    for kill in range(1, kills + 1):
        # Under load: the topics have taken something since the restart.
        before = (bulk.published, keys.published)
        begin = time.monotonic()
        while time.monotonic() < begin + 30 and bulk.published == before[0]:
            time.sleep(0.005)
        # Google's subscriber may take some time to see that its old leases have ended.
        while time.monotonic() < begin + 3 and keys.published == before[1]:
            time.sleep(0.005)
        if bulk.published == before[0]:
            findings.add("stuck", f"nothing was published within 30 s of restart {kill - 1}")
        time.sleep(chance.uniform(0, 0.8))
        program.kill()
        if chance.random() < 0.15 and kill < kills:
            # Also while it reads what the last one left.
            early += 1
            program.start(wait=False)
            time.sleep(chance.uniform(0, 0.4))
            program.kill()
        program.start()
        if stream.done():
            findings.add("stream", f"the subscriber has given up: {stream.exception()}")
            stream = streamer.subscribe(subscriptions["keys"], callback=keys.receive, flow_control=flow)
        if kill % 10 == 0 or kill == kills:
            print(f"   {kill} kills in {time.monotonic() - start:.0f} s: {bulk.published + keys.published} published",
                  flush=True)

    publishing.clear()
    for thread in publishers:
        thread.join(timeout=60)
    end = time.monotonic() + 90
    while (bulk.missing() or keys.missing()) and time.monotonic() < end:
        time.sleep(0.3)
    # What else comes would come again; then once more, from disk.
    for _ in range(2):
        time.sleep(1.5)
        program.kill()
        program.start()
    time.sleep(3)
    receiving.clear()
    stream.cancel()
    puller.join(timeout=30)
    bulk.check()
    keys.check()

    published = bulk.published + keys.published
    print(f"{kills} kills under load, {early} more during recovery, 2 at rest, in {time.monotonic() - start:.0f} s")
    print(f"{published} messages published and acknowledged ({bulk.published} in bulk, {keys.published} with "
          f"{KEY_THREADS * KEYS_EACH} ordering keys)")
    print(f"{bulk.received + keys.received} delivered, {bulk.again + keys.received - len(keys.seen)} of them again "
          f"or published twice; {len(bulk.confirmed) + len(keys.confirmed)} acknowledgements confirmed")
    notes = [line for line in program.lines if "cut off" in line or "damaged" in line]
    for line in notes[-3:]:
        print("   " + line)
    broken = sum(findings.counts.values())
    print("every promise held" if not broken else f"BROKEN: {dict(findings.counts)} (seed {seed})", flush=True)
    if broken or keep:
        program.kill()
        print(f"the data folder is {program.folder}")
    else:
        program.stop()
    return 1 if broken else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", nargs="?", default=str(ROOT / ".build" / "debug" / "streamtop"))
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--keep", action="store_true", help="leave the data folder where it is")
    arguments = parser.parse_args()
    try:
        import google.cloud.pubsub_v1  # noqa: F401
    except ImportError:
        import run as conformance

        python = str(conformance.interpreter())
        os.execv(python, [python, "-W", "ignore", __file__, *sys.argv[1:]])
    for variable in ("PUBSUB_EMULATOR_HOST", "STREAMTOP_DATA", "GOOGLE_APPLICATION_CREDENTIALS"):
        os.environ.pop(variable, None)
    # Threads end with the program: Google's library leaves some that wait.
    code = run(str(pathlib.Path(arguments.binary).resolve()), arguments.kills, arguments.seed, arguments.keep)
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
