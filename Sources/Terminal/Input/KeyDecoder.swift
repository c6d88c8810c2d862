import CNcurses

/// Turns what ncurses reads into keys.
enum KeyDecoder {
    /// A character as `wget_wch` returns it with `OK`; nil for what is no key (NUL, invalid scalars).
    static func key(character code: UInt32) -> Key? {
        switch code {
        case 0: return nil
        case 9: return .tab
        case 10, 13: return .enter
        case 27: return .escape
        case 8, 127: return .backspace
        case 1...26: return Unicode.Scalar(code + 96).map { .control(Character($0)) }
        case 28...31: return nil
        default: return Unicode.Scalar(code).map { .character(Character($0)) }
        }
    }

    /// A key code as `wget_wch` returns it with `KEY_CODE_YES`; nil for keys that have no name here.
    static func key(code: Int32) -> Key? {
        switch code {
        case KEY_UP: .up
        case KEY_DOWN: .down
        case KEY_LEFT: .left
        case KEY_RIGHT: .right
        case KEY_HOME: .home
        case KEY_END: .end
        case KEY_PPAGE: .pageUp
        case KEY_NPAGE: .pageDown
        case KEY_BTAB: .backTab
        case KEY_BACKSPACE: .backspace
        case KEY_DC: .delete
        case KEY_IC: .insert
        case KEY_ENTER: .enter
        case st_key_f0() + 1...st_key_f0() + 63: .function(Int(code - st_key_f0()))
        default: nil
        }
    }
}
