/// `map[key]`, `map.get(key)`, `map.get(key, default)`.
struct MapValue: Kernel {
    let map: any Kernel
    /// Text.
    let key: any Kernel
    /// What stands for a key that the map lacks; nil: the row is rejected.
    let fallback: (any Kernel)?
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let maps = Vector(map.evaluate(&rows, mask: mask).expanded(to: rows.count))
        let key = key.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([maps], mask: mask) { _ in
            fallback == nil
                ? "'NoneType' object is not subscriptable" : "'NoneType' object has no attribute 'get'"
        }
        let found = MapLookup(maps.column, key)
        let positions = (0..<rows.count).map { row in
            presence.validity?[row] ?? true ? found.position(row) : nil
        }
        let values = found.values.take(positions.map { Int32($0 ?? -1) })
        let missing = Bitmap(count: rows.count) { (presence.validity?[$0] ?? true) && positions[$0] == nil }
        guard missing.population > 0 else { return Vector(values.type == type ? values : values.widened(to: type)) }
        if let fallback {
            let left = Bitmap.both(mask, missing) ?? missing
            return Vector(.choosing(missing, fallback.evaluate(&rows, mask: left), Vector(values)))
        }
        rows.rejectValues(missing, &presence, mask: mask) { row in
            Representation.text(key.column, key.isConstant ? 0 : row)
        }
        return Vector(values.masked(by: presence.validity))
    }
}

/// `key in map`.
struct MapMembership: Kernel {
    let key: any Kernel
    let map: any Kernel
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let maps = Vector(map.evaluate(&rows, mask: mask).expanded(to: rows.count))
        let key = key.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([maps], mask: mask) { _ in
            "argument of type 'NoneType' is not iterable"
        }
        let found = MapLookup(maps.column, key)
        let bits = Bitmap(count: rows.count) { (presence.validity?[$0] ?? true) && found.position($0) != nil }
        return Vector(.boolean(BooleanColumn(values: bits, validity: presence.validity)))
    }
}

/// Where the rows' keys stand in the rows' maps.
private struct MapLookup {
    private let map: MapColumn?
    private let keys: BytesColumn
    private let wanted: Vector
    private let texts: BytesColumn
    /// The values of all maps, one after the other.
    let values: Column

    init(_ maps: Column, _ wanted: Vector) {
        if case .map(let column) = maps { map = column } else { map = nil }
        let members = map?.members
        keys = members?.keys ?? BytesColumn()
        values = members?.values ?? .null(count: 0)
        self.wanted = wanted
        texts = wanted.column.textValues
    }

    func position(_ row: Int) -> Int? {
        guard let map, !wanted.isNull(row) else { return nil }
        let text = texts[wanted.isConstant ? 0 : row]
        return map.range(row).last { keys[$0] == text }
    }
}
