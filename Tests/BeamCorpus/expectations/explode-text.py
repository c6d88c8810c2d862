REFUSED = 'a text is no list'
