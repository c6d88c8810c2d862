def outputs():
    return {'out': [{'ride': 10, 'stop': 1, 'station': 'Alex'}, {'ride': 11, 'stop': 4, 'station': None}]}
