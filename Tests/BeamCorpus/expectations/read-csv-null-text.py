def outputs():
    return {'out': [{'id': 1, 'name': 'Ada'}, {'id': 2, 'name': None}, {'id': 3, 'name': None}]}
