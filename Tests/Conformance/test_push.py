"""Push subscriptions: messages are posted, and come again until somebody takes them."""

import base64
import http.server
import json
import threading
import unittest

from server import Case


class Endpoint(http.server.ThreadingHTTPServer):
    """Takes what is posted; refuses the first `refusals` times."""

    def __init__(self, refusals=0):
        self.requests, self.changed, self.refusals = [], threading.Condition(), refusals
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/push"

    def wait(self, count, seconds=20):
        with self.changed:
            self.changed.wait_for(lambda: len(self.requests) >= count, timeout=seconds)
            return list(self.requests)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        with self.server.changed:
            self.server.requests.append((dict(self.headers.items()), body))
            refused = len(self.server.requests) <= self.server.refusals
            self.server.changed.notify_all()
        self.send_response(500 if refused else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Push(Case):
    def test_wrapped(self):
        endpoint, topic = Endpoint(), self.topic()
        name = self.subscription(topic, push_config={"push_endpoint": endpoint.url})
        (number,) = self.publish(topic, b"\x00hello", route="A")
        ((_, body),) = endpoint.wait(1)
        pushed = json.loads(body)
        self.assertEqual(name, pushed["subscription"])
        self.assertEqual(b"\x00hello", base64.b64decode(pushed["message"]["data"]))
        self.assertEqual({"route": "A"}, pushed["message"]["attributes"])
        self.assertEqual(number, pushed["message"]["messageId"])

    def test_unwrapped(self):
        endpoint, topic = Endpoint(), self.topic()
        self.subscription(topic, push_config={
            "push_endpoint": endpoint.url, "no_wrapper": {"write_metadata": True}})
        (number,) = self.publish(topic, b"plain")
        ((headers, body),) = endpoint.wait(1)
        self.assertEqual(b"plain", body)
        self.assertEqual(number, {k.lower(): v for k, v in headers.items()}["x-goog-pubsub-message-id"])

    def test_what_is_refused_comes_again(self):
        endpoint, topic = Endpoint(refusals=2), self.topic()
        self.subscription(topic, push_config={"push_endpoint": endpoint.url})
        self.publish(topic, b"x")
        self.assertEqual(3, len(endpoint.wait(3, 30)))

    def test_from_push_to_pull(self):
        endpoint, topic = Endpoint(refusals=1_000_000), self.topic()
        name = self.subscription(topic, push_config={"push_endpoint": endpoint.url})
        self.publish(topic, b"x")
        endpoint.wait(1)
        self.subscriber.modify_push_config(subscription=name, push_config={})
        (received,) = self.pull(name, 1, 20, ack=True)
        self.assertEqual(b"x", received.message.data)


if __name__ == "__main__":
    unittest.main()
