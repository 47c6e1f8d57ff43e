import DaemonSystem
import DialerModel
import Foundation
import LeadStore

/// `dialerd`: reads its flags, loads the configuration, and runs.
@main
struct Dialerd {
  static func main() {
    // Before any thread is there, so that every thread inherits it.
    ProcessSignals.block([SIGTERM, SIGINT, SIGHUP])
    ProcessSignals.ignoreBrokenPipes()
    ProcessSignals.ignoreFileSizeLimit()
    let status: ExitStatus
    do {
      status = try run(try Flags(Array(CommandLine.arguments.dropFirst())))
    } catch {
      let fault = StartFault(error)
      for line in StartFault.lines(error) { Output.error("dialerd: \(line)") }
      status = fault.status
    }
    exit(status.rawValue)
  }

  private static func run(_ flags: Flags) throws -> ExitStatus {
    switch flags.action {
    case .help:
      Output.line(Flags.help)
      return .ok
    case .version:
      Output.line("dialerd \(Daemon.version)")
      return .ok
    case .check: return try check(flags)
    case .checkDatabase: return try checkDatabase(flags)
    case .demo: return try Demo.run(seconds: flags.demoSeconds)
    case .run:
      let configuration = try flags.loadConfiguration()
      return try Daemon(configuration: configuration, path: flags.configurationPath).run()
    }
  }

  /// Names what is wrong in the database, and exits. The lock keeps a daemon out meanwhile, and this out while one runs.
  private static func checkDatabase(_ flags: Flags) throws -> ExitStatus {
    let path = try flags.loadConfiguration().database
    guard FileManager.default.fileExists(atPath: path) else {
      throw StartFault("there is no database \(path)", .noInput)
    }
    let lock = try FileLock(path: path + ".lock")
    defer { withExtendedLifetime(lock) {} }
    let store = try Daemon.openStore(path)
    defer { store.close() }
    let faults = try store.integrityCheck()
    for fault in faults { Output.line("\(path): \(fault)") }
    let reader = try store.makeReader()
    let broken = try reader.verifyEvidence().sentence
    if let broken { Output.line("\(path): evidence: \(broken)") }
    guard faults.isEmpty, broken == nil else { return .dataError }
    Output.line("\(path): no fault found")
    return .ok
  }

  /// Names every fault of the configuration, and exits.
  private static func check(_ flags: Flags) throws -> ExitStatus {
    let configuration = try flags.loadConfiguration()
    _ = try DataFiles.settings(configuration, path: flags.configurationPath)
    Output.line("\(flags.configurationPath ?? "the defaults"): no fault found")
    return .ok
  }
}

/// Lines for people.
enum Output {
  static func line(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
  static func error(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
