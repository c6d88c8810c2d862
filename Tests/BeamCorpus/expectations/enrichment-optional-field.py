def outputs():
    return {'out': [
        {'ride': 10, 'name': 'Alex', 'there': True, 'zone': 'A'},
        {'ride': 11, 'name': 'nowhere', 'there': False, 'zone': None},
        {'ride': 12, 'name': 'Zoo', 'there': True, 'zone': None}]}
