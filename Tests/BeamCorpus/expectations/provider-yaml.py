def outputs():
    return {'out': [{'a': a, 'more': a + 10} for a in (1, 5)]}
