def outputs():
    return {'out': [{'id': 1, 'amount': 1.5}, {'id': 2, 'amount': None}, {'id': 3, 'amount': 2.0}]}
