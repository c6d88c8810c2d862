def outputs():
    return {'out': [
        {'ride': 10, 'id': 1, 'name': 'Alex', 'zone': 'A'}, {'ride': 11, 'id': 2, 'name': 'Zoo', 'zone': None},
        {'ride': 12, 'id': 1, 'name': 'Alex', 'zone': 'A'}]}
