def outputs():
    return {'out': [
        {'t': [1, 2], 'list': [1, 2], 'n': 3.5, 's': '73', 'b': False, 'greatest': 3, 'x': 1.5, 'none': 3},
        {'t': [], 'list': [], 'n': -2.5, 's': 'x-3', 'b': True, 'greatest': 2, 'x': 6.0, 'none': None}]}
