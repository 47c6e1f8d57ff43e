import Dispatch
import Foundation
import Glibc

/// A process that a test started, and its end.
final class RunningProgram {
  /// How long anything may take on a machine with much else to do, in seconds.
  static let patience = 60.0

  let process = Process()
  private let ended = DispatchSemaphore(value: 0)
  private var hasEnded = false

  /// - Parameter output: the file that standard output and standard error are added to.
  init(_ program: String, _ arguments: [String], environment: [String: String] = [:], output: String) throws {
    if !FileManager.default.fileExists(atPath: output) {
      _ = FileManager.default.createFile(atPath: output, contents: nil)
    }
    guard let handle = FileHandle(forWritingAtPath: output) else { throw Stuck("\(output) cannot be written") }
    try handle.seekToEnd()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    let ended = ended
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    try? handle.close()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  var isRunning: Bool { process.isRunning }

  func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end: the exit status, or minus the signal that ended it.
  @discardableResult
  func waitForExit() throws -> Int32 {
    if !hasEnded {
      guard ended.wait(timeout: .now() + Self.patience) == .success else {
        throw Stuck("process \(process.processIdentifier) did not end")
      }
      hasEnded = true
    }
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }
}

extension RunningProgram {
  /// Runs a program to its end.
  static func run(_ program: String, _ arguments: [String], in folder: TestFolder) throws -> (
    status: Int32, output: String
  ) {
    let name = "output-\(UUID().uuidString.prefix(8))"
    let program = try RunningProgram(program, arguments, output: folder.path(name))
    let status = try program.waitForExit()
    return (status, folder.text(name))
  }
}
