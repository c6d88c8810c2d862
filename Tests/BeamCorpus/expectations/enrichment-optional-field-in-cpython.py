def outputs():
    return {'out': [
        {'ride': 10, 'name': 'ALEX', 'fields': 2}, {'ride': 11, 'name': 'NOWHERE', 'fields': 1},
        {'ride': 12, 'name': 'ZOO', 'fields': 2}]}
