import DialerModel

/// Is told of each dial before the simulator acts on it, so that a test can tell from outside what reached the line. The
/// host writes the line to a file; the instant is wall time.
public typealias DialLogging = @Sendable (_ at: Instant, _ callID: CallID, _ number: PhoneNumber) -> Void
