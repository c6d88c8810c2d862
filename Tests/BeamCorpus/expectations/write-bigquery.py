def outputs():
    return {'demo.people': [{'id': 1, 'name': 'Ada', 'r': {'x': 0.5}}, {'id': 2, 'name': None, 'r': {'x': 1.5}}]}
