def outputs():
    return {'out': [
        {'id': 1, 'name': 'Alex', 'lat': 52.5}, {'id': 2, 'name': 'Zoo', 'lat': None}, {'id': 3, 'name': None, 'lat': 52.25}]}
