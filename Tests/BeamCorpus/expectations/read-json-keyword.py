def outputs():
    return {'out': [{'from': 'Alex', 'id': 1}]}
