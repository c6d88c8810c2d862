import Columnar
import Testing

@Suite("The kind of an error") struct PythonErrorNameTests {
    @Test(
        "is what Python raises",
        arguments: [
            ("division by zero", "ZeroDivisionError('division by zero')"),
            ("list index out of range", "IndexError('list index out of range')"),
            (
                "invalid literal for int() with base 10: 'x'",
                #"ValueError("invalid literal for int() with base 10: 'x'")"#
            ),
            (
                "unsupported operand type(s) for +: 'NoneType' and 'int'",
                #"TypeError("unsupported operand type(s) for +: 'NoneType' and 'int'")"#
            ),
            ("ValueError('division by zero')", "ValueError('division by zero')"),
            ("there is no row of 'd.t' for the key", "there is no row of 'd.t' for the key"),
        ])
    func representation(_ reason: String, _ expected: String) {
        #expect(PythonErrorName.representation(of: reason) == expected)
    }
}
