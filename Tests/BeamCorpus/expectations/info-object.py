REFUSED = 'a window object is a Python object'
