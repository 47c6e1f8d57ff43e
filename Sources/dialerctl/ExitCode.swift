import DaemonSystem

/// What `dialerctl` ends with: one number for each reason word, so that a script can tell why without reading text.
/// A number never changes its meaning; a new reason gets a new number.
///
/// Those up to 78 are of the package's one table, which is BSD's `sysexits.h`; those from 79 on, which it leaves free,
/// are for answers of the daemon that it has no number for.
enum ExitCode {
  struct Row: Sendable {
    let reason: String
    let code: Int32
    let meaning: String
  }

  static let success = ExitStatus.ok.rawValue
  /// What was to be found true is not: `evidence verify` found a record that does not fit.
  static let untrue = ExitStatus.failure.rawValue
  /// For a reason that a newer daemon knows and this program does not.
  static let otherReason = ExitStatus.failure.rawValue

  /// `EX_PROTOCOL`, which the package's table has no use for: the two do not speak the same version.
  private static let protocolError: Int32 = 76

  /// What a shell says of a program that SIGINT ended.
  private static let interrupted: Int32 = 130

  static let table: [Row] = [
    Row(reason: "usage", code: ExitStatus.usage.rawValue, meaning: "The command line is wrong."),
    Row(reason: "invalid-params", code: ExitStatus.dataError.rawValue, meaning: "A value is missing or not accepted."),
    Row(reason: "not-found", code: ExitStatus.noInput.rawValue, meaning: "What was named is not there."),
    Row(reason: "no-daemon", code: ExitStatus.unavailable.rawValue, meaning: "No daemon answers on the socket."),
    Row(reason: "unavailable", code: ExitStatus.unavailable.rawValue, meaning: "The daemon cannot do this now."),
    Row(reason: "internal-error", code: ExitStatus.software.rawValue, meaning: "The daemon failed; its log says why."),
    Row(reason: "already-exists", code: ExitStatus.cantCreate.rawValue, meaning: "It is there already."),
    Row(reason: "connection-lost", code: ExitStatus.ioError.rawValue, meaning: "The daemon went away while asked."),
    Row(reason: "timeout", code: ExitStatus.ioError.rawValue, meaning: "No answer came in time."),
    Row(reason: "busy", code: ExitStatus.tempFail.rawValue, meaning: "A limit is reached; try again."),
    Row(reason: "parse-error", code: protocolError, meaning: "The daemon could not read the line."),
    Row(reason: "invalid-request", code: protocolError, meaning: "The daemon does not take it for a request."),
    Row(reason: "unknown-method", code: protocolError, meaning: "The daemon is of another version."),
    Row(reason: "unreadable-answer", code: protocolError, meaning: "The answer makes no sense to this program."),
    Row(reason: "not-permitted", code: ExitStatus.noPermission.rawValue, meaning: "The caller's role may not."),
    Row(reason: "config", code: ExitStatus.config.rawValue, meaning: "The configuration cannot be read."),
    Row(reason: "unreadable-file", code: ExitStatus.noInput.rawValue, meaning: "A file cannot be read."),
    Row(reason: "unwritable-file", code: ExitStatus.cantCreate.rawValue, meaning: "A file cannot be written."),
    Row(reason: "interrupted", code: interrupted, meaning: "The user stopped it (SIGINT)."),
    Row(reason: "conflict", code: 80, meaning: "It does not go with how things are now."),
    Row(reason: "refused", code: 81, meaning: "A rule forbids the dial."),
    Row(reason: "too-large", code: 82, meaning: "The request is larger than a limit."),
    Row(reason: "ambiguous", code: 83, meaning: "The vendor lead code stands in several lists."),
  ]

  static func code(of reason: String) -> Int32 { table.first { $0.reason == reason }?.code ?? otherReason }
}
