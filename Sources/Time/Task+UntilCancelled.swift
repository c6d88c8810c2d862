extension Task where Success == Never, Failure == Never {
    /// Returns when the current task is cancelled: what a service waits for whose work comes to it by calls.
    public static func untilCancelled() async {
        let (endless, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in endless {}
        // Whatever becomes of a stream whose continuation is gone: this one is still here.
        withExtendedLifetime(continuation) {}
    }
}
