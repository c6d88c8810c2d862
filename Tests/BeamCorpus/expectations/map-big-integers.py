def outputs():
    return {'out': [], 'out bad': [{'a': 9223372036854775807}]}
