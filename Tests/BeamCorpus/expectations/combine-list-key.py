def outputs():
    return {'out': [{'k': [1, 2], 'v': 3}, {'k': [], 'v': 4}]}
