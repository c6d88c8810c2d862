import json


def outputs():
    return {}


def files():
    rows = [{'id': 1, 'l': [1, 2], 'r': {'x': 'a', 'y': 1}}, {'id': 2, 'l': [], 'r': {'x': 'b', 'y': 2}}]
    return {'out/rows.json-00000-of-00001': [json.dumps(row, separators=(',', ':')) for row in rows]}
