def outputs():
    return {'out': [{'a': 2, 's': 'y'}]}
