def outputs():
    return {'out': [{'code': '007', 'date': '2024-01-02', 'n': 1.0}, {'code': '012', 'date': '2024-01-03', 'n': 2.0}]}
