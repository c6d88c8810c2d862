REFUSED = "inputs of a join have equal windows"
