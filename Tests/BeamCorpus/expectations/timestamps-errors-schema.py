def outputs():
    return {'out': [{'s': '10!'}, {'s': '20!'}], 'out bad': [{'s': 'later'}]}
