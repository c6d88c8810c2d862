REFUSED = 'a field has one type'
