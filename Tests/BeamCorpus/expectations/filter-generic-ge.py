def outputs():
    return {'out': [{'a': a} for a in (1, 2, 3) if a >= 2]}
