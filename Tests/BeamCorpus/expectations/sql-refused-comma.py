REFUSED = "CROSS JOIN, JOIN ON FALSE is not supported!"
