extension Column {
    /// The same values as a wider type: whole numbers as floats, truth values as numbers, nulls as nulls of `type`; rows
    /// get nulls for the fields of `type` that they lack. What `type` cannot hold stays as it is.
    func widened(to type: DataType) -> Column {
        switch (self, type) {
        case (.int64(let numbers), .float64):
            return .float64(FixedColumn(values: numbers.values.map(Double.init), validity: numbers.validity))
        case (.boolean(let bits), .float64):
            let values = (0..<bits.values.count).map { bits.values[$0] ? 1.0 : 0 }
            return .float64(FixedColumn(values: values, validity: bits.validity))
        case (.boolean(let bits), .int64):
            let values = (0..<bits.values.count).map { bits.values[$0] ? Int64(1) : 0 }
            return .int64(FixedColumn(values: values, validity: bits.validity))
        case (.null(let count), _): return .nulls(type, count: count)
        case (.list(let list), .list(let element)):
            return .list(
                ListColumn(
                    offsets: list.offsets, element: list.element.widened(to: element), validity: list.validity))
        case (.map, .map(let value)): return mapped { $0.widened(to: .entries(of: value)) }
        case (.structure(let rows), .structure(let fields)):
            let children = fields.map { field in
                rows.fields.firstIndex { $0.name == field.name }.map { rows.children[$0].widened(to: field.type) }
                    ?? .nulls(field.type, count: rows.count)
            }
            return .structure(
                StructColumn(fields: fields, children: children, count: rows.count, validity: rows.validity))
        default: return self
        }
    }
}
