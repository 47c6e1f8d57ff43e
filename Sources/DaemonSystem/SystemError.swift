import Glibc

/// A system call that failed: what was being done, the errno, and the file or socket it was done to.
///
/// `subject` is a path or an address from the configuration, never data of a lead or a client.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system call, or the step in the words of the field: `bind`, `flock`.
  public var operation: String
  /// The errno.
  public var code: Int32
  /// The path or address, nil where there is none.
  public var subject: String?

  public init(_ operation: String, code: Int32, subject: String? = nil) {
    self.operation = operation
    self.code = code
    self.subject = subject
  }

  /// The error of the system call that has just failed on this thread.
  static func last(_ operation: String, _ subject: String? = nil) -> SystemError {
    SystemError(operation, code: errno, subject: subject)
  }

  /// Another process answers on the socket that was to be listened on.
  public var isAddressInUse: Bool { code == EADDRINUSE }
  /// The time allowed for an answer is over.
  public var isTimeout: Bool { code == ETIMEDOUT }
  /// Nobody listens there: no socket file, or one that nobody answers on.
  public var isNobodyListening: Bool { code == ENOENT || code == ECONNREFUSED }
  /// The disk, or the quota, is full.
  public var isStorageFull: Bool { code == ENOSPC || code == EDQUOT }

  /// The errno in words: `Address already in use`.
  public var reason: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard strerror_r(code, buffer.baseAddress!, buffer.count) == 0 else { return "error \(code)" }
      return String(cString: buffer.baseAddress!)
    }
  }

  /// `bind dialerd.sock: Address already in use`
  public var description: String {
    if let subject { return "\(operation) \(subject): \(reason)" }
    return "\(operation): \(reason)"
  }
}
