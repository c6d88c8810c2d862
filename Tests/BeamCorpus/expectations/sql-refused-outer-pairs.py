REFUSED = "Non equi-join is not supported"
