REFUSED = "Column 'k' is ambiguous"
