REFUSED = 'Beam SQL: ORDER BY without a LIMIT is not supported'
