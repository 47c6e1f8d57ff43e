import DaemonSystem
import LeadStore
import PhoneNumbers
import TimeZones

/// A start that cannot be: one line for people, and the status to exit with.
struct StartFault: Error {
  var message: String
  var status: ExitStatus

  /// What any error of the start comes to.
  init(_ error: any Error) {
    message = Self.lines(error).joined(separator: "; ")
    status =
      switch error {
      case let fault as StartFault: fault.status
      case is ConfigurationFaults: .config
      case let failure as FileLock.Failure: Self.status(failure)
      case let error as StoreError: Self.status(error)
      case let error as SystemError: error.isAddressInUse ? .unavailable : .osError
      case is TimeZoneError, is NumberingPlanError: .noInput
      default: .software
      }
  }

  init(_ error: StoreError, database path: String) {
    let advice =
      error.kind == .corrupt
      ? "; dialerd --check-database says where it is damaged, and a backup can take its place" : ""
    self.init("\(path): \(error)\(advice)", Self.status(error))
  }

  init(_ message: String, _ status: ExitStatus) {
    self.message = message
    self.status = status
  }

  private static func status(_ failure: FileLock.Failure) -> ExitStatus {
    if case .locked = failure { return .unavailable }
    return .osError
  }

  private static func status(_ error: StoreError) -> ExitStatus {
    switch error.kind {
    case .corrupt: .dataError
    case .readOnly: .noPermission
    case .full, .ioError: .ioError
    default: .cantCreate
    }
  }

  /// Every fault in a line of its own.
  static func lines(_ error: any Error) -> [String] {
    switch error {
    case let fault as StartFault: [fault.message]
    case let faults as ConfigurationFaults: faults.lines
    case let failure as FileLock.Failure: [text(failure)]
    default: ["\(error)"]
    }
  }

  private static func text(_ failure: FileLock.Failure) -> String {
    switch failure {
    case .locked(let path, let process):
      "another dialerd\(process.map { " (process \($0))" } ?? "") has the database: \(path) is locked"
    case .system(let error): "\(error)"
    }
  }
}
