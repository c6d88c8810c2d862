from apache_beam.utils.timestamp import Timestamp


def outputs():
    counts = {}
    for k, t in (('a', 1), ('a', 2), ('a', 12)):
        counts[k, t // 10 * 10] = counts.get((k, t // 10 * 10), 0) + 1
    return {'demo.counts': [{'k': k, 'n': n, 'window_start': Timestamp(start)} for (k, start), n in counts.items()]}
