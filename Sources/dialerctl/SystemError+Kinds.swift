import DaemonSystem
import Glibc

extension SystemError {
  /// The file's mode, or a folder's, does not let this user in.
  var isPermissionDenied: Bool { code == EACCES || code == EPERM }

  /// The daemon closed the connection without a word.
  static func connectionClosed(_ socket: String) -> SystemError {
    SystemError("receive", code: ECONNRESET, subject: socket)
  }
}
