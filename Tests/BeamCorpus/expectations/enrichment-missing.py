REFUSED = 'no matching row found'
