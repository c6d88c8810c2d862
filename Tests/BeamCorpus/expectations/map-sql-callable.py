REFUSED = 'Only expressions allowed in SQL'
