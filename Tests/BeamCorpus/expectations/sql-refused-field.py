REFUSED = "Column 'b' not found in any table"
