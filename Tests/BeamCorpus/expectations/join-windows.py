def outputs():
    left = [(1, 1, 'x'), (1, 11, 'y'), (2, 3, 'z')]
    right = [(1, 5, 'p'), (1, 25, 'q'), (1, 12, 'r')]
    return {'out': [{'a': a, 'b': b} for k, t, a in left for j, u, b in right if k == j and t // 10 == u // 10]}
