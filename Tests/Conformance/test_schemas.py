"""Schemas: their revisions, and the messages that are checked by them."""

import json
import unittest

from google.api_core import exceptions
from google.pubsub_v1.types import Encoding, Schema, SchemaView

from server import PROJECT, Case, schemas

AVRO = json.dumps({"type": "record", "name": "Stop", "fields": [{"name": "stop", "type": "string"}]})
WIDER = json.dumps({"type": "record", "name": "Stop", "fields": [
    {"name": "stop", "type": "string"}, {"name": "delay", "type": "int", "default": 0}]})
PROTO = 'syntax = "proto3"; message Stop { string stop = 1; }'


class Schemas(Case):
    transport = "grpc"

    def make(self, client, definition=AVRO, kind=Schema.Type.AVRO):
        name = self.unique("schemas")
        return client.create_schema(request={
            "parent": PROJECT, "schema_id": name.split("/")[-1],
            "schema": {"name": name, "type_": kind, "definition": definition}})

    def test_life_of_a_schema(self):
        client = schemas(self.transport)
        made = self.make(client)
        self.assertTrue(made.revision_id)
        found = client.get_schema(request={"name": made.name, "view": SchemaView.FULL})
        self.assertEqual(AVRO, found.definition)
        self.assertEqual("", client.get_schema(request={"name": made.name, "view": SchemaView.BASIC}).definition)
        self.assertIn(made.name, [schema.name for schema in client.list_schemas(request={"parent": PROJECT})])
        client.delete_schema(request={"name": made.name})
        with self.assertRaises(exceptions.NotFound):
            client.get_schema(request={"name": made.name})

    def test_revisions(self):
        client = schemas(self.transport)
        first = self.make(client)
        second = client.commit_schema(request={
            "name": first.name, "schema": {"name": first.name, "type_": Schema.Type.AVRO, "definition": WIDER}})
        self.assertNotEqual(first.revision_id, second.revision_id)
        ids = [schema.revision_id for schema in client.list_schema_revisions(request={"name": first.name})]
        self.assertEqual([second.revision_id, first.revision_id], ids)
        back = client.rollback_schema(request={"name": first.name, "revision_id": first.revision_id})
        self.assertEqual(AVRO, client.get_schema(request={"name": first.name}).definition)
        client.delete_schema_revision(request={"name": f"{first.name}@{second.revision_id}"})
        ids = [schema.revision_id for schema in client.list_schema_revisions(request={"name": first.name})]
        self.assertEqual([back.revision_id, first.revision_id], ids)

    def test_validation(self):
        client = schemas(self.transport)
        refused = exceptions.BadRequest if self.transport == "rest" else exceptions.InvalidArgument
        client.validate_schema(request={
            "parent": PROJECT, "schema": {"name": "s", "type_": Schema.Type.PROTOCOL_BUFFER, "definition": PROTO}})
        with self.assertRaises(refused):
            client.validate_schema(request={
                "parent": PROJECT, "schema": {"name": "s", "type_": Schema.Type.AVRO, "definition": "{"}})
        made = self.make(client)
        request = {"parent": PROJECT, "name": made.name, "encoding": Encoding.JSON}
        client.validate_message(request={**request, "message": b'{"stop": "A24"}'})
        with self.assertRaises(refused):
            client.validate_message(request={**request, "message": b'{"halt": "A24"}'})

    def test_messages_are_checked(self):
        client = schemas(self.transport)
        for kind, definition in ((Schema.Type.AVRO, AVRO), (Schema.Type.PROTOCOL_BUFFER, PROTO)):
            with self.subTest(kind.name):
                made = self.make(client, definition, kind)
                topic = self.topic(schema_settings={"schema": made.name, "encoding": Encoding.JSON})
                name = self.subscription(topic)
                self.publish(topic, b'{"stop": "A24"}')
                with self.assertRaises(exceptions.InvalidArgument):
                    self.publish(topic, b'{"stop": 24, "more": []}')
                (received,) = self.pull(name, 1, ack=True)
                self.assertEqual("JSON", received.message.attributes["googclient_schemaencoding"])
                self.assertEqual(made.revision_id, received.message.attributes["googclient_schemarevisionid"])


class SchemasOverREST(Schemas):
    transport = "rest"


if __name__ == "__main__":
    unittest.main()
