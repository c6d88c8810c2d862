def outputs():
    return {'out': [{'kept': 'X'}]}
