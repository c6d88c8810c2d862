import Pipes

/// How an attempt ended: `google.rpc.Status`.
public struct JobStatus: Sendable, Hashable, Codable {
    /// Of `google.rpc.Code`; 0 is OK.
    public var code: Int
    /// `OK`, or what went wrong, for people.
    public var message: String

    /// A status with a code of `google.rpc.Code`.
    public init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    /// The attempt succeeded.
    public static let ok = JobStatus(code: 0, message: "OK")

    /// Whether the attempt succeeded.
    public var isOK: Bool { code == 0 }

    /// No answer came within the attempt's deadline.
    static func deadlineExceeded(after deadline: String) -> JobStatus {
        JobStatus(code: 4, message: "DEADLINE_EXCEEDED: no answer within \(deadline)")
    }

    /// The process ended while the attempt was under way.
    static let interrupted = JobStatus(code: 10, message: "ABORTED: the program ended during the attempt")

    /// The scheduler was stopped while the attempt was under way.
    static let stopped = JobStatus(code: 1, message: "CANCELLED: the scheduler was stopped during the attempt")

    /// 2xx is a success, everything else is not.
    init(_ response: HTTPResponse) {
        if response.isSuccess {
            self = .ok
            return
        }
        let line = String(decoding: response.body.prefix(200), as: UTF8.self).split(whereSeparator: \.isNewline).first
        self.init(
            code: Self.code(ofHTTP: response.status), message: "HTTP \(response.status)\(line.map { ": \($0)" } ?? "")")
    }

    /// What a request or a publication threw.
    init(_ error: any Error) {
        guard let failure = error as? HTTPFailure else {
            self.init(code: 13, message: "INTERNAL: \(error)")
            return
        }
        let code =
            switch failure.reason {
            case .timeout: 4
            case .unreachable: 14
            case .badURL: 3
            }
        self.init(code: code, message: "\(failure.reason.rawValue): \(failure.message)")
    }

    /// As `google.rpc.Code`'s comments pair them.
    private static func code(ofHTTP status: Int) -> Int {
        switch status {
        case 400: 3
        case 401: 16
        case 403: 7
        case 404: 5
        case 409: 10
        case 429: 8
        case 499: 1
        case 501: 12
        case 503: 14
        case 504: 4
        case 500..<600: 13
        case 400..<500: 9
        default: 2
        }
    }
}
