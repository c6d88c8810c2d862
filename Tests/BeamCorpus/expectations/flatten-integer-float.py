def outputs():
    return {'out': [{'a': 1.0}, {'a': 2.5}]}
