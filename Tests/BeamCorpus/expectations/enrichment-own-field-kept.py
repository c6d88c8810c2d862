def outputs():
    return {'out': [{'ride': 10, 'id': 1, 'name': 'mine', 'zone': 'A'}]}
