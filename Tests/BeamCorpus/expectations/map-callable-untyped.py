REFUSED = 'the type of the values is not known'
