import Foundation

extension Error {
    /// Why a file could not be read or written, in the system's own words where it has some: "No space left on device".
    public var systemReason: String {
        var innermost = self as NSError
        while let inner = innermost.userInfo[NSUnderlyingErrorKey] as? NSError { innermost = inner }
        if innermost.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(innermost.code))) }
        let number: Int32? =
            switch CocoaError.Code(rawValue: innermost.code) {
            case _ where innermost.domain != NSCocoaErrorDomain: nil
            case .fileNoSuchFile, .fileReadNoSuchFile: ENOENT
            case .fileWriteFileExists: EEXIST
            case .fileReadNoPermission, .fileWriteNoPermission: EACCES
            case .fileWriteOutOfSpace: ENOSPC
            case .fileWriteVolumeReadOnly: EROFS
            // Foundation says no more when the place is taken by a folder.
            case .fileWriteUnknown: EISDIR
            case .fileReadInvalidFileName, .fileWriteInvalidFileName: EINVAL
            default: nil
            }
        return number.map { String(cString: strerror($0)) } ?? innermost.localizedDescription
    }
}
