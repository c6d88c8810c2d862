import CNcurses

/// Gives each colour its number in ncurses and each pair of colours its pair, by the depth of the terminal.
///
/// Owned by the terminal's thread.
struct CursesColors {
    let depth: ColorDepth
    private var slots = PaletteSlots()
    private var pairs: [UInt64: Int32] = [:]

    init(depth: ColorDepth) { self.depth = depth }

    /// The pair for two colours; 0, the terminal's own, when there are no colours.
    mutating func pair(_ foreground: Color, _ background: Color) -> Int32 {
        guard depth > .mono else { return 0 }
        let key = UInt64(code(foreground)) << 32 | UInt64(code(background))
        if let pair = pairs[key] { return pair }
        // ncurses keeps the pairs in an LRU cache of its own, far larger than a screen needs.
        let pair = alloc_pair(number(foreground, isForeground: true), number(background, isForeground: false))
        guard pair >= 0 else { return 0 }
        pairs[key] = pair
        return pair
    }

    /// Forgets all colours: for another theme.
    mutating func reset() {
        guard depth > .mono else { return }
        reset_color_pairs()
        pairs = [:]
        slots = PaletteSlots()
    }

    private func code(_ color: Color) -> UInt32 { color.isTerminal ? .max : color.hex }

    private mutating func number(_ color: Color, isForeground: Bool) -> Int32 {
        if color.isTerminal { return -1 }
        switch depth {
        case .mono: return -1
        case .ansi8: return Int32(color.index8(isForeground: isForeground))
        case .ansi16: return Int32(color.index16)
        case .indexed256: return Int32(color.index256)
        case .direct:
            // Direct-colour entries keep 0 to 7 for ANSI's colours: the darkest blues become one step lighter.
            return Int32(max(color.hex, 8))
        case .palette:
            let (slot, isNew) = slots.slot(for: color)
            if isNew {
                // Rounded up: ncurses rounds down on the way back.
                func thousandths(_ channel: UInt8) -> Int32 { (Int32(channel) * 1000 + 254) / 255 }
                init_extended_color(
                    Int32(slot), thousandths(color.red), thousandths(color.green), thousandths(color.blue))
            }
            return Int32(slot)
        }
    }
}

/// Which of the palette's slots 16 to 255 holds which colour.
///
/// A colour takes the slot that xterm's fixed colours would give it, or the next free one: a terminal that ignores the
/// redefinition still shows nearly the right colours. When all 240 are taken the nearest that is there must do.
struct PaletteSlots {
    private var colors: [Color?] = Array(repeating: nil, count: 240)
    private var places: [Color: Int] = [:]

    /// The slot of a colour, and whether it must be defined first.
    mutating func slot(for color: Color) -> (slot: Int, isNew: Bool) {
        if let place = places[color] { return (place + 16, false) }
        let wished = color.index256 - 16
        for step in 0..<240 {
            let place = (wished + step) % 240
            if colors[place] == nil {
                colors[place] = color
                places[color] = place
                return (place + 16, true)
            }
        }
        var best = (place: 0, distance: Int.max)
        for (place, other) in colors.enumerated() {
            guard let other else { continue }
            let distance =
                abs(Int(other.red) - Int(color.red)) + abs(Int(other.green) - Int(color.green))
                + abs(Int(other.blue) - Int(color.blue))
            if distance < best.distance { best = (place, distance) }
        }
        places[color] = best.place
        return (best.place + 16, false)
    }
}
