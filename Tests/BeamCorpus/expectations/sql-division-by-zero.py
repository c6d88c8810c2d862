REFUSED = 'Calcite throws an ArithmeticException'
