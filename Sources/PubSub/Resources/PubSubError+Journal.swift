import Journal

extension PubSubError {
    /// What a failure of the disk means for who asked for `resource`.
    init(_ error: JournalError, resource: String) {
        let code: Code =
            switch error.code {
            case .noSpace: .resourceExhausted
            case .dataLoss: .dataLoss
            case .tooLarge: .invalidArgument
            case .closed: .failedPrecondition
            default: .unavailable
            }
        self.init(code, "\(resource): \(error.message)")
    }

    /// The same for an error of any kind.
    init(_ error: any Error, resource: String) {
        switch error {
        case let error as PubSubError: self = error
        case let error as JournalError: self.init(error, resource: resource)
        default: self.init(.unavailable, "\(resource): \(error)")
        }
    }
}
