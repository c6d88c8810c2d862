REFUSED = 'AND takes conditions'
