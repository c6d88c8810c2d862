"""The gcloud command, where it is installed."""

import base64
import json
import os
import shlex
import shutil
import subprocess
import tempfile
import unittest

from server import PROJECT, Case, address, follows_the_service

GCLOUD = shutil.which("gcloud")


@unittest.skipUnless(GCLOUD, "gcloud is not installed here")
class GCloud(Case):
    def gcloud(self, *arguments, refused=False):
        environment = dict(
            os.environ, CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB=f"http://{address()}/",
            CLOUDSDK_AUTH_DISABLE_CREDENTIALS="true", CLOUDSDK_CORE_PROJECT=PROJECT.split("/")[1],
            CLOUDSDK_CORE_DISABLE_PROMPTS="1", CLOUDSDK_CONFIG=self.config,
            CLOUDSDK_CORE_DISABLE_USAGE_REPORTING="true")
        environment.pop("PUBSUB_EMULATOR_HOST", None)
        done = subprocess.run(
            [GCLOUD, "pubsub", *arguments, "--format=json"], env=environment, capture_output=True, text=True,
            timeout=120)
        if refused:
            self.assertNotEqual(0, done.returncode, done.stdout)
            return done.stderr
        self.assertEqual(0, done.returncode, done.stderr)
        return json.loads(done.stdout or "null")

    def tell(self, rows):
        """Each row: a command's line, and what its answer must have, or a part of the error that it must end with."""
        for line, wanted in rows:
            with self.subTest(line):
                if isinstance(wanted, str):
                    self.assertIn(wanted, self.gcloud(*shlex.split(line), refused=True))
                    continue
                answer = self.gcloud(*shlex.split(line))
                if wanted is not None:
                    self.assert_has(wanted, answer)

    def assert_has(self, wanted, answer):
        """Whether the answer has everything that is wanted, whatever else it has; `...` wants anything."""
        if isinstance(wanted, dict):
            if isinstance(answer, list) and len(answer) == 1:
                (answer,) = answer
            self.assertIsInstance(answer, dict)
            for name, value in wanted.items():
                if value is None:
                    self.assertNotIn(name, answer)
                else:
                    self.assertIn(name, answer)
                    self.assert_has(value, answer[name])
        elif isinstance(wanted, list):
            self.assertEqual(len(wanted), len(answer), answer)
            for one, other in zip(wanted, answer):
                self.assert_has(one, other)
        elif wanted is not ...:
            self.assertEqual(wanted, answer)

    def short(self, collection):
        return self.unique(collection).split("/")[-1]

    def setUp(self):
        self.config = tempfile.mkdtemp(prefix="gcloud-")

    def tearDown(self):
        shutil.rmtree(self.config, ignore_errors=True)

    def test_the_way_of_a_message(self):
        topic, name, snapshot = (self.unique(c).split("/")[-1] for c in ("topics", "subscriptions", "snapshots"))
        self.gcloud("topics", "create", topic, "--labels=team=rail")
        self.gcloud("subscriptions", "create", name, f"--topic={topic}", "--ack-deadline=20")
        self.assertIn(f"{PROJECT}/topics/{topic}", [t["name"] for t in self.gcloud("topics", "list")])
        self.gcloud("topics", "publish", topic, "--message=hello", "--attribute=route=A")
        (received,) = self.gcloud("subscriptions", "pull", name, "--auto-ack")
        self.assertEqual(b"hello", base64.b64decode(received["message"]["data"]))
        self.assertEqual({"route": "A"}, received["message"]["attributes"])
        changed = self.gcloud("subscriptions", "update", name, "--ack-deadline=30")
        self.assertEqual(30, changed["ackDeadlineSeconds"])
        self.gcloud("snapshots", "create", snapshot, f"--subscription={name}")
        self.gcloud("subscriptions", "seek", name, f"--snapshot={snapshot}")
        self.gcloud("snapshots", "delete", snapshot)
        self.gcloud("subscriptions", "delete", name)
        self.gcloud("topics", "delete", topic)

    @follows_the_service
    def test_topics(self):
        topic, schema, name = self.short("topics"), self.short("schemas"), self.short("subscriptions")
        avro = '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}]}'
        policy = {"bindings": [{"role": "roles/pubsub.viewer", "members": ["allUsers"]}], "etag": ...}
        self.tell([
            (f"schemas create {schema} --type=avro --definition='{avro}'", {"revisionId": ...}),
            (f"topics create {topic} --labels=team=rail --message-retention-duration=1h "
             f"--schema={schema} --message-encoding=json",
             {"messageRetentionDuration": "3600s", "schemaSettings": {"encoding": "JSON"}, "labels": {"team": "rail"}}),
            (f"topics create {topic}", "already exists"),
            ("topics create 1", "Invalid resource name"),
            ("topics describe not-there", "NOT_FOUND"),
            (f"topics list --filter='labels.team=rail AND name:{topic}'", [{"name": f"{PROJECT}/topics/{topic}"}]),
            (f"topics publish {topic} --message='{{}}'", "INVALID_ARGUMENT"),
            (f"topics update {topic} --clear-schema-settings --clear-message-retention-duration "
             "--update-labels=line=a --remove-labels=team",
             {"labels": {"line": "a", "team": None}, "schemaSettings": None, "messageRetentionDuration": None}),
            (f"topics publish {topic} --message=x --attribute=a=1,b=2 --ordering-key=k", {"messageIds": [...]}),
            (f"subscriptions create {name} --topic={topic}", None),
            (f"topics list-subscriptions {topic}", [f"{PROJECT}/subscriptions/{name}"]),
            (f"topics add-iam-policy-binding {topic} --member=allUsers --role=roles/pubsub.viewer", policy),
            (f"topics get-iam-policy {topic}", policy),
            (f"topics remove-iam-policy-binding {topic} --member=allUsers --role=roles/pubsub.viewer",
             {"bindings": None}),
            (f"subscriptions add-iam-policy-binding {name} --member=allUsers --role=roles/pubsub.viewer", policy),
            (f"topics detach-subscription {name}", None),
            (f"subscriptions describe {name}", {"detached": True}),
            (f"topics delete {topic}", None),
            (f"subscriptions describe {name}", {"topic": "_deleted-topic_"}),
        ])

    @follows_the_service
    def test_subscriptions(self):
        topic, dead = self.short("topics"), self.short("topics")
        name, push = self.short("subscriptions"), self.short("subscriptions")
        self.tell([
            (f"topics create {topic} {dead}", [..., ...]),
            (f"subscriptions create {name} --topic={topic} --ack-deadline=20 --message-retention-duration=2d "
             "--retain-acked-messages --expiration-period=never --enable-message-ordering "
             "--enable-exactly-once-delivery --labels=team=rail --min-retry-delay=5s --max-retry-delay=60s "
             f"--dead-letter-topic={dead} --max-delivery-attempts=7 "
             "--message-filter='attributes.route = \"A\"'", {
                 "ackDeadlineSeconds": 20, "messageRetentionDuration": "172800s", "retainAckedMessages": True,
                 "expirationPolicy": {"ttl": None}, "enableMessageOrdering": True, "enableExactlyOnceDelivery": True,
                 "labels": {"team": "rail"}, "retryPolicy": {"minimumBackoff": "5s", "maximumBackoff": "60s"},
                 "deadLetterPolicy": {"deadLetterTopic": f"{PROJECT}/topics/{dead}", "maxDeliveryAttempts": 7},
                 "filter": 'attributes.route = "A"', "state": "ACTIVE"}),
            (f"subscriptions create bad-filter --topic={topic} --message-filter=route", "Invalid filter"),
            (f"subscriptions list --filter=name:{name}", [{"topic": f"{PROJECT}/topics/{topic}"}]),
            (f"topics publish {topic} --message=one --attribute=route=A --ordering-key=k", None),
            (f"topics publish {topic} --message=two --attribute=route=A --ordering-key=k", None),
            (f"topics publish {topic} --message=three --attribute=route=C --ordering-key=k", None),
            (f"subscriptions pull {name} --auto-ack --limit=10",
             [{"message": {"data": "b25l", "orderingKey": "k"}}, {"message": {"data": "dHdv"}}]),
            (f"subscriptions seek {name} --time=-p1d", {"subscriptionId": f"{PROJECT}/subscriptions/{name}"}),
            (f"subscriptions pull {name} --auto-ack --limit=10", [..., ...]),
            (f"subscriptions update {name} --clear-dead-letter-policy --clear-retry-policy --expiration-period=3d "
             "--no-enable-exactly-once-delivery --no-retain-acked-messages --update-labels=line=a --ack-deadline=33", {
                 "deadLetterPolicy": None, "retryPolicy": None, "expirationPolicy": {"ttl": "259200s"},
                 "enableExactlyOnceDelivery": None, "retainAckedMessages": None,
                 "labels": {"team": "rail", "line": "a"}, "ackDeadlineSeconds": 33}),
            (f"subscriptions update {name} --expiration-period=1d", "INVALID_ARGUMENT"),
            (f"subscriptions ack {name} --ack-ids=nonsense", "INVALID_ARGUMENT"),
            (f"subscriptions modify-message-ack-deadline {name} --ack-ids=nonsense --ack-deadline=20",
             "INVALID_ARGUMENT"),
            (f"subscriptions create {push} --topic={topic} --push-endpoint=https://example.com/in "
             "--push-auth-service-account=a@p.iam.gserviceaccount.com --push-auth-token-audience=us",
             {"pushConfig": {"pushEndpoint": "https://example.com/in", "oidcToken": {"audience": "us"}}}),
            (f"subscriptions update {push} --push-endpoint=https://example.com/in --push-no-wrapper "
             "--push-no-wrapper-write-metadata",
             {"pushConfig": {"pushEndpoint": "https://example.com/in", "noWrapper": {"writeMetadata": True}}}),
            (f"subscriptions update {push} --clear-push-no-wrapper-config",
             {"pushConfig": {"pushEndpoint": "https://example.com/in", "noWrapper": None}}),
            (f"subscriptions pull {push}", "FAILED_PRECONDITION"),
            (f"subscriptions modify-push-config {push} --push-endpoint=''", None),
            (f"subscriptions describe {push}", {"pushConfig": {"pushEndpoint": None}}),
            (f"subscriptions delete {name} {push}", None),
        ])

    @follows_the_service
    def test_snapshots(self):
        topic, name = self.short("topics"), self.short("subscriptions")
        snapshot, again = self.short("snapshots"), self.short("snapshots")
        self.tell([
            (f"topics create {topic}", None),
            (f"subscriptions create {name} --topic={topic}", None),
            (f"topics publish {topic} --message=x", None),
            (f"snapshots create {snapshot} {again} --subscription={name} --labels=a=b", [..., ...]),
            (f"snapshots describe {snapshot}", {"topic": f"{PROJECT}/topics/{topic}", "expireTime": ...}),
            (f"snapshots list --filter=name:{snapshot}", [...]),
            (f"subscriptions pull {name} --auto-ack", [{"message": {"data": "eA=="}}]),
            (f"subscriptions pull {name} --auto-ack", []),
            (f"subscriptions seek {name} --snapshot={snapshot}", {"snapshotId": ...}),
            (f"subscriptions pull {name} --auto-ack", [{"message": {"data": "eA=="}}]),
            (f"snapshots delete {snapshot} {again}", None),
            (f"subscriptions seek {name} --snapshot={snapshot}", "NOT_FOUND"),
        ])

    @follows_the_service
    def test_schemas(self):
        name = self.short("schemas")
        field = '{"name": "%s", "type": "int", "default": 0}'
        avro = lambda *names: "'" + '{"type": "record", "name": "R", "fields": [%s]}' % ", ".join(
            field % name for name in names) + "'"
        proto = "'syntax = \"proto3\"; message M { int32 a = 1; }'"
        first = self.gcloud(*shlex.split(f"schemas create {name} --type=avro --definition={avro('a')}"))["revisionId"]
        self.tell([
            (f"schemas validate-schema --type=avro --definition={avro('a')}", None),
            (f"schemas validate-schema --type=protocol-buffer --definition={proto}", None),
            ("schemas validate-schema --type=avro --definition='{'", "INVALID_ARGUMENT"),
            (f"schemas commit {name} --type=avro --definition={avro('a', 'b')}", {"revisionId": ...}),
            (f"schemas list-revisions {name}", [..., {"revisionId": first}]),
            (f"schemas list --filter=name:{name}", [{"name": f"{PROJECT}/schemas/{name}"}]),
            ("schemas validate-message --message-encoding=json --message='{\"a\": 1, \"b\": 2}' "
             f"--schema-name={name}", None),
            (f"schemas validate-message --message-encoding=json --message='{{}}' --schema-name={name}x", "not found"),
            ("schemas validate-message --message-encoding=json --message='{\"a\": \"x\"}' --type=avro "
             f"--definition={avro('a')}", "INVALID_ARGUMENT"),
            (f"schemas rollback {name} --revision-id={first}", {"revisionId": ...}),
            (f"schemas delete-revision {name}@{first}", None),
            (f"schemas describe {name}@{first}", "NOT_FOUND"),
            (f"schemas delete {name}", None),
            (f"schemas describe {name}", "NOT_FOUND"),
        ])


if __name__ == "__main__":
    unittest.main()
