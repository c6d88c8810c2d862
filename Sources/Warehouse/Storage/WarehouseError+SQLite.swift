import GRDB
import GRDBSQLite

extension WarehouseError {
    /// What SQLite's result code means to a person.
    ///
    /// Codes: <https://www.sqlite.org/rescode.html>.
    init(sqlite code: CInt, _ text: String, file: String) {
        switch code & 0xff {
        case SQLITE_FULL:
            self.init(
                .diskFull, "the warehouse \(file) is full: nothing of this write was stored",
                remedy: "free disk space (or raise the warehouse's limit) and go on; nothing is lost")
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(
                .locked, "another process is writing to the warehouse \(file)",
                remedy: "end it (a database tool with an open transaction?) and try again")
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            self.init(
                .readOnly, "the warehouse \(file) can't be written: \(text)",
                remedy: "give this user the right to write the file and its folder")
        case SQLITE_CORRUPT:
            self.init(
                .corrupt, "the warehouse \(file) is damaged: \(text)",
                remedy: "save what can be read with 'sqlite3 \(file) .recover', then move the file away")
        case SQLITE_NOTADB:
            self.init(
                .corrupt, "\(file) is not a warehouse: it is no SQLite database",
                remedy: "move the file away; a new one is made")
        case SQLITE_CANTOPEN:
            self.init(
                .cannotOpen, "the warehouse \(file) can't be opened: \(text)",
                remedy: "check that the folder exists and that this user may read and write it")
        case SQLITE_IOERR:
            self.init(
                .inputOutput, "reading or writing the warehouse \(file) failed: \(text)", remedy: "check the disk")
        default:
            self.init(.other, "the warehouse \(file): \(text) (SQLite code \(code))")
        }
    }

    /// Any error of the storage as one of ours.
    init(_ error: any Error, file: String) {
        switch error {
        case let error as WarehouseError: self = error
        case let error as DatabaseError:
            self.init(
                sqlite: error.extendedResultCode.rawValue, error.message ?? "\(error.resultCode)", file: file)
        default: self.init(.other, "the warehouse \(file): \(error)")
        }
    }
}
