def outputs():
    days = {}
    for t, v in ((3600, 1), (50000, 2), (90000, 4)):
        days[t // 86400] = days.get(t // 86400, 0) + v
    return {'out': [{'k': 1, 'v': total} for total in days.values()]}
