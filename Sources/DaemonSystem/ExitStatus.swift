/// What a program of this package ends with; the one table, after BSD's `sysexits.h`.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  case ok = 0
  /// The request was understood and refused, or something was found not to hold.
  case failure = 1
  /// The command line is wrong.
  case usage = 64
  /// The input is wrong.
  case dataError = 65
  /// An input file is not there or cannot be read.
  case noInput = 66
  /// Somebody who has to be there is not: no daemon answers, or another daemon already does.
  case unavailable = 69
  /// A defect of this program.
  case software = 70
  /// The operating system refused something that always works.
  case osError = 71
  /// A file or a socket cannot be made.
  case cantCreate = 73
  /// Reading or writing failed.
  case ioError = 74
  /// It may work when it is tried again.
  case tempFail = 75
  /// Not permitted.
  case noPermission = 77
  /// The configuration is wrong.
  case config = 78
}
