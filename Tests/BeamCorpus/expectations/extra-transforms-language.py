def outputs():
    return {'out main': [{'a': 1}, {'a': 2}], 'out extra': [{'c': 0}, {'c': 1}]}
