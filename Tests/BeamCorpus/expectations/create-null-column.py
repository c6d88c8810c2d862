def outputs():
    return {'out': [{'a': 1, 'b': None}, {'a': 2, 'b': None}]}
