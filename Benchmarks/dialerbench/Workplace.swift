import DialerModel
import Foundation
import LeadStore

/// A directory with a database in it, below the directory of the run.
struct Workplace {
  let path: String
  var database: String { path + "/dialer.sqlite" }

  /// Made anew, whatever was there.
  init(_ context: Context, _ name: String) throws {
    path = context.directory + "/" + name
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Made when there is none; what is there is taken as it is. The name says what is in it.
  init(_ context: Context, kept name: String, prepare: (LeadStore) throws -> Void) throws {
    path = context.directory + "/" + name
    let mark = path + "/prepared"
    if FileManager.default.fileExists(atPath: mark) { return }
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try fill(prepare)
    guard FileManager.default.createFile(atPath: mark, contents: nil) else {
      throw BenchmarkError("\(mark) cannot be written")
    }
  }

  func fill(_ prepare: (LeadStore) throws -> Void) throws {
    let store = try LeadStore(path: database)
    defer { store.close() }
    try prepare(store)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
