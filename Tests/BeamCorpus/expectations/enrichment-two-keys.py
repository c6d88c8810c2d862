def outputs():
    return {'out': [{'id': 1, 'zone': 'A', 'name': 'Alex'}, {'id': 4, 'zone': 'C', 'name': None}]}
