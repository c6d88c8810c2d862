REFUSED = "Expression 'b' is not being grouped"
