REFUSED = 'Exactly one of table or query must be set'
