REFUSED = "the keys of a join have one type"
