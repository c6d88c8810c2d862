def outputs():
    return {'out': [{'maximum': float(max(a, x))} for a, x in ((-3, 2.5), (10, 3.5))]}
