def outputs():
    return {'out': [{'v': 1}], 'out bad': [{'n': 1}, {'n': 1}]}
