def outputs():
    return {'out': [{'ride': 10, 'name': 'Zoo', 'id': 2}, {'ride': 11, 'name': 'Alex', 'id': 1}]}
