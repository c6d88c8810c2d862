"""Random requests of Pub/Sub's methods: some right, most almost right, some nonsense."""

import json

from google.iam.v1 import iam_policy_pb2
from google.protobuf import descriptor as descriptors
from google.protobuf import json_format
from google.protobuf.message import Message
from google.pubsub_v1 import types

PROJECT = "projects/fuzz"
PUBLISHER, SUBSCRIBER = "google.pubsub.v1.Publisher", "google.pubsub.v1.Subscriber"
SCHEMAS, POLICIES = "google.pubsub.v1.SchemaService", "google.iam.v1.IAMPolicy"


def _of(service, *names):
    return [(f"/{service}/{name}", getattr(types, f"{name}Request").pb()) for name in names]


# Paths of unary methods, and their requests.
METHODS = [
    *_of(PUBLISHER, "UpdateTopic", "Publish", "GetTopic", "ListTopics", "ListTopicSubscriptions", "ListTopicSnapshots",
         "DeleteTopic", "DetachSubscription"),
    *_of(SUBSCRIBER, "GetSubscription", "UpdateSubscription", "ListSubscriptions", "DeleteSubscription",
         "ModifyAckDeadline", "Acknowledge", "Pull", "ModifyPushConfig", "GetSnapshot", "ListSnapshots",
         "CreateSnapshot", "UpdateSnapshot", "DeleteSnapshot", "Seek"),
    *_of(SCHEMAS, "CreateSchema", "GetSchema", "ListSchemas", "ListSchemaRevisions", "CommitSchema", "RollbackSchema",
         "DeleteSchemaRevision", "DeleteSchema", "ValidateSchema", "ValidateMessage"),
    (f"/{PUBLISHER}/CreateTopic", types.Topic.pb()),
    (f"/{SUBSCRIBER}/CreateSubscription", types.Subscription.pb()),
    (f"/{POLICIES}/SetIamPolicy", iam_policy_pb2.SetIamPolicyRequest),
    (f"/{POLICIES}/GetIamPolicy", iam_policy_pb2.GetIamPolicyRequest),
    (f"/{POLICIES}/TestIamPermissions", iam_policy_pb2.TestIamPermissionsRequest),
]
STREAMING_PULL = f"/{SUBSCRIBER}/StreamingPull"
STREAMING_PULL_REQUEST = types.StreamingPullRequest.pb()

# Half of the calls: what is there is used more often than it is made and deleted.
OFTEN = [one for one in METHODS if one[0].rsplit("/", 1)[1] in (
    "Publish", "Pull", "Acknowledge", "ModifyAckDeadline", "Seek", "UpdateSubscription", "CreateSubscription",
    "CreateTopic", "CreateSnapshot", "CommitSchema", "CreateSchema", "ValidateMessage")]

# Verb, path (with {} for a resource of that kind), the kind, and what the body is.
ROUTES = [
    ("PUT", "/v1/{}", "topics", types.Topic.pb()), ("GET", "/v1/{}", "topics", None),
    ("PATCH", "/v1/{}", "topics", types.UpdateTopicRequest.pb()), ("DELETE", "/v1/{}", "topics", None),
    ("POST", "/v1/{}:publish", "topics", types.PublishRequest.pb()),
    ("GET", "/v1/{}/subscriptions", "topics", None), ("GET", "/v1/{}/snapshots", "topics", None),
    ("GET", f"/v1/{PROJECT}/topics", "", None), ("GET", f"/v1/{PROJECT}/subscriptions", "", None),
    ("GET", f"/v1/{PROJECT}/snapshots", "", None), ("GET", f"/v1/{PROJECT}/schemas", "", None),
    ("PUT", "/v1/{}", "subscriptions", types.Subscription.pb()), ("GET", "/v1/{}", "subscriptions", None),
    ("PATCH", "/v1/{}", "subscriptions", types.UpdateSubscriptionRequest.pb()),
    ("DELETE", "/v1/{}", "subscriptions", None), ("POST", "/v1/{}:pull", "subscriptions", types.PullRequest.pb()),
    ("POST", "/v1/{}:acknowledge", "subscriptions", types.AcknowledgeRequest.pb()),
    ("POST", "/v1/{}:modifyAckDeadline", "subscriptions", types.ModifyAckDeadlineRequest.pb()),
    ("POST", "/v1/{}:modifyPushConfig", "subscriptions", types.ModifyPushConfigRequest.pb()),
    ("POST", "/v1/{}:seek", "subscriptions", types.SeekRequest.pb()),
    ("POST", "/v1/{}:detach", "subscriptions", None),
    ("PUT", "/v1/{}", "snapshots", types.CreateSnapshotRequest.pb()), ("GET", "/v1/{}", "snapshots", None),
    ("POST", f"/v1/{PROJECT}/schemas", "", types.Schema.pb()),
    ("POST", f"/v1/{PROJECT}/schemas:validate", "", types.ValidateSchemaRequest.pb()),
    ("POST", f"/v1/{PROJECT}/schemas:validateMessage", "", types.ValidateMessageRequest.pb()),
    ("GET", "/v1/{}", "schemas", None), ("POST", "/v1/{}:commit", "schemas", types.CommitSchemaRequest.pb()),
    ("POST", "/v1/{}:setIamPolicy", "topics", iam_policy_pb2.SetIamPolicyRequest),
    ("GET", "/v1/{}:getIamPolicy", "topics", None),
    ("POST", "/v1/{}:testIamPermissions", "topics", iam_policy_pb2.TestIamPermissionsRequest),
]
PARAMETERS = ["pageSize", "pageToken", "updateMask", "view", "revisionId", "$alt", "alt", "force", "options", "x"]

AVRO = '{"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"b","type":["null","int"]}]}'
PROTO = 'syntax = "proto3"; message M { string a = 1; repeated int32 b = 2; map<string, M> c = 3; }'
FILTERS = ['attributes.a = "b"', "NOT attributes:a", 'hasPrefix(attributes.a, "b") AND NOT attributes:c', "(" * 250,
           "-" * 250, "NOT " * 60 + "attributes:a", 'attributes."\\', "attributes:" + "\u00e9" * 100]
NUMBERS = [0, 1, -1, 2, 7, 10, 60, 600, 601, 1000, 1001, 2**31 - 1, -2**31, 2**32 - 1, 2**53, 2**63 - 1, -2**63]
FIELDS = descriptors.FieldDescriptor


def name(chance, kind):
    """Mostly one of a few that may be there: what a run makes must not grow without bound."""
    if chance.random() < 0.04:
        return chance.choice(["", "_deleted-topic_", PROJECT, f"{PROJECT}/{kind}/", "projects//topics/x", text(chance)])
    return f"{PROJECT}/{kind}/{kind[:3]}{chance.randrange(6)}"


def text(chance):
    letters = ["a", "b", "/", "\u0000", "\u007f", "\u00e9", "\u2603", "\U0001f600", '"', "\\", "%", ":", " ", "\ufeff"]
    length = chance.choice([0, 1, 3, 10, 10, 40, 255, 256, 257, 1025, 20_000 if chance.random() < 0.1 else 5])
    return "".join(chance.choices(letters, k=min(length, 60))) * max(1, length // 60)


def definition(chance):
    """Of a schema: nested deeper than any sane one, too."""
    depth = chance.choice([1, 5, 50, 500, 5000, 60_000])
    return chance.choice([
        lambda: AVRO, lambda: PROTO, lambda: text(chance), lambda: mangled(chance, AVRO), lambda: mangled(chance, PROTO),
        lambda: '{"type":"array","items":' * depth + '"int"' + "}" * depth,
        lambda: "[" * depth, lambda: '{"a":' * depth,
        lambda: 'syntax = "proto3"; ' + "message M { " * depth + "}" * depth,
        lambda: 'syntax = "proto2"; message M { ' + "optional group G = 1 { " * depth + "}" * depth,
        lambda: 'syntax = "proto3"; message M { int32 a = 1 [' + "(" * depth, lambda: "/*" * depth,
    ])()[:300_000]


def mangled(chance, text):
    letters = list(text)
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(letters) + 1)
        chance.choice([
            lambda: letters.insert(place, chance.choice('{}[]()<>"\\,:;=0-9e\u00e9\u0000 ')),
            lambda: letters.__delitem__(slice(place, place + chance.choice([1, 3, 20]))),
            lambda: letters.__setitem__(slice(place, place + 1), chance.choice('{}[]"\\,:;=-1e')),
            lambda: letters.extend(letters[place:place + 50]),
        ])()
    return "".join(letters)


def string(chance, field, ack_ids):
    known = field.name
    if known == "topic" or known == "dead_letter_topic":
        return name(chance, "topics")
    if known == "subscription":
        return name(chance, "subscriptions")
    if known == "snapshot":
        return name(chance, "snapshots")
    if known == "schema":
        return name(chance, "schemas")
    if known in ("parent", "project"):
        return PROJECT if chance.random() < 0.9 else text(chance)
    if known in ("name", "resource"):
        container = field.containing_type.name.lower()
        kinds = [kind for kind in ("schemas", "snapshots", "subscriptions") if kind[:5] in container]
        return name(chance, kinds[0] if kinds else chance.choice(["topics", "subscriptions", "topics"]))
    if known == "definition":
        return definition(chance)
    if known == "filter":
        return chance.choice(FILTERS + [mangled(chance, FILTERS[2]), text(chance), ""])
    if known == "ordering_key":
        return chance.choice(["", "", "k1", "k2", text(chance)])
    if known == "push_endpoint":
        # Nobody outside is to hear of this.
        return chance.choice(["", "", "http://127.0.0.1:1/", "http://127.0.0.1:99999/", "https://", "http://[", "x"])
    if "ack_ids" in known:
        return chance.choice(ack_ids) if ack_ids and chance.random() < 0.5 else chance.choice(
            [text(chance), "A" * 32, "S" * 32, "", "ABCDEFGHJKMNPQRS" * 2])
    if known == "paths":
        return chance.choice(["labels", "topic.labels", "*", "retry_policy", "retryPolicy.x", "", ".", text(chance),
                              "ack_deadline_seconds", "message_retention_duration", "schema_settings", "push_config"])
    if known == "page_token":
        return chance.choice(["", "AAAA", "%%%", "cHJvamVjdHM=", text(chance)])
    return text(chance)


def scalar(chance, field, ack_ids):
    kind = field.cpp_type
    if kind == FIELDS.CPPTYPE_STRING:
        if field.type == FIELDS.TYPE_BYTES:
            size = chance.choice([0, 1, 10, 200, 5000, 100_000 if chance.random() < 0.2 else 100])
            return chance.choice([chance.randbytes(size), b"", b'{"a":"x","b":null}', b"\x0a\x01x"])
        return string(chance, field, ack_ids)
    if kind in (FIELDS.CPPTYPE_DOUBLE, FIELDS.CPPTYPE_FLOAT):
        return chance.choice([0.0, 1.5, float("nan"), float("inf"), -1e300 if kind == FIELDS.CPPTYPE_DOUBLE else -1e30])
    if kind == FIELDS.CPPTYPE_BOOL:
        return chance.random() < 0.5
    if kind == FIELDS.CPPTYPE_ENUM:
        return chance.choice([value.number for value in field.enum_type.values] + [17, -1])
    low, high = {
        FIELDS.CPPTYPE_INT32: (-2**31, 2**31 - 1), FIELDS.CPPTYPE_UINT32: (0, 2**32 - 1),
        FIELDS.CPPTYPE_INT64: (-2**63, 2**63 - 1), FIELDS.CPPTYPE_UINT64: (0, 2**64 - 1)}[kind]
    return min(max(chance.choice(NUMBERS), low), high)


def fill(chance, message: Message, ack_ids=(), depth=0):
    """Sets some fields to something."""
    for field in message.DESCRIPTOR.fields:
        essential = field.name in ("name", "topic", "subscription", "parent", "project", "resource", "messages", "data",
                                   "stream_ack_deadline_seconds", "max_messages")
        if depth > 5 or chance.random() > (0.93 if essential else 0.25):
            continue
        if field.message_type and field.message_type.GetOptions().map_entry:
            value = field.message_type.fields_by_name["value"]
            for _ in range(chance.choice([1, 2, 101 if chance.random() < 0.1 else 3])):
                key = chance.choice(["a", "b", "goog-x", text(chance)[:300]])
                if value.message_type:
                    fill(chance, getattr(message, field.name)[key], ack_ids, depth + 1)
                else:
                    getattr(message, field.name)[key] = scalar(chance, value, ack_ids)
        elif field.is_repeated:
            for _ in range(chance.choice([1, 1, 2, 5, 40 if chance.random() < 0.2 else 3])):
                if field.message_type:
                    fill(chance, getattr(message, field.name).add(), ack_ids, depth + 1)
                else:
                    getattr(message, field.name).append(scalar(chance, field, ack_ids))
        elif field.message_type:
            getattr(message, field.name).SetInParent()
            fill(chance, getattr(message, field.name), ack_ids, depth + 1)
        else:
            setattr(message, field.name, scalar(chance, field, ack_ids))
    return message


def mutated(chance, data):
    """Bytes that were sound."""
    data = bytearray(data)
    for _ in range(chance.choice([0, 1, 1, 2, 8])):
        place = chance.randrange(len(data) + 1)
        kind = chance.randrange(6)
        if kind == 0 and place < len(data):
            data[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[place:]
        elif kind == 2:
            data[place:place] = chance.randbytes(chance.choice([1, 2, 10]))
        elif kind == 3:
            # A length or a number of the greatest size.
            data[place:place + 1] = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"[:chance.randrange(1, 11)]
        elif kind == 4:
            data[place:place] = data[place:place + chance.choice([1, 30, 1000])]
        else:
            del data[place:place + chance.choice([1, 4, 50])]
    return bytes(data)


def protobuf(chance, request, ack_ids=()):
    """The bytes of a request."""
    if chance.random() < 0.08:
        return chance.randbytes(chance.choice([0, 1, 5, 50, 3000]))
    if chance.random() < 0.03:
        # Groups and messages in messages, deeper than a stack.
        depth = chance.choice([99, 101, 1000, 100_000])
        return chance.choice([b"\x0b", b"\x12\x7f", b"\x1a\xff\xff\x03"]) * depth
    data = fill(chance, request(), ack_ids).SerializeToString()
    return mutated(chance, data) if chance.random() < 0.35 else data


def body(chance, request, ack_ids=()):
    """The JSON of a request."""
    if chance.random() < 0.1:
        depth = chance.choice([10, 99, 101, 1000, 100_000])
        opening, closing = chance.choice([("[", "]"), ('{"messages":[', "]}"), ('{"a":', "}"), ('{"labels":{"x":', "}}")])
        return (opening * depth + (closing * depth if chance.random() < 0.5 else "")).encode()[:1_500_000]
    if chance.random() < 0.05:
        return chance.randbytes(chance.choice([1, 10, 1000]))
    try:
        data = json_format.MessageToJson(fill(chance, request(), ack_ids), indent=None)
    except Exception:
        # What JSON has no way to say.
        data = json.dumps({"data": "===", "seconds": "1e999s"})
    if chance.random() < 0.4:
        data = mangled(chance, data[:20_000])
    data = data.encode("utf-8", "surrogatepass")
    return mutated(chance, data) if chance.random() < 0.2 else data
