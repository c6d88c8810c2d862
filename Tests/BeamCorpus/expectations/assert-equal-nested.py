def outputs():
    return {'out': [{'a': 1, 'r': {'x': 'y'}, 'l': [1, 2]}]}
