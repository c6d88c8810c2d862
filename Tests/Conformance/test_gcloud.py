"""The gcloud command, where it is installed."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from server import PROJECT, Case, address

GCLOUD = shutil.which("gcloud")


@unittest.skipUnless(GCLOUD, "gcloud is not installed here")
class GCloud(Case):
    def gcloud(self, *arguments):
        environment = dict(
            os.environ, CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB=f"http://{address()}/",
            CLOUDSDK_AUTH_DISABLE_CREDENTIALS="true", CLOUDSDK_CORE_PROJECT=PROJECT.split("/")[1],
            CLOUDSDK_CORE_DISABLE_PROMPTS="1", CLOUDSDK_CONFIG=self.config,
            CLOUDSDK_CORE_DISABLE_USAGE_REPORTING="true")
        environment.pop("PUBSUB_EMULATOR_HOST", None)
        done = subprocess.run(
            [GCLOUD, "pubsub", *arguments, "--format=json"], env=environment, capture_output=True, text=True,
            timeout=120)
        self.assertEqual(0, done.returncode, done.stderr)
        return json.loads(done.stdout or "null")

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


if __name__ == "__main__":
    unittest.main()
