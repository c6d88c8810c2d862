REFUSED = 'the rejected rows are of two shapes'
