import DialerModel
import Foundation

extension Configuration {
  /// The longest file that is read, in bytes: far more than every option with its comment takes.
  static let maximumFileBytes = 1 << 20

  /// Reads a configuration and checks it against the machine.
  ///
  /// - Parameter path: absolute, or relative to the current directory.
  /// - Returns: the configuration with every path absolute.
  /// - Throws: every fault at once; the caller writes ``ConfigurationFaults/lines`` and ends with status 78, or on a
  ///   reload keeps the configuration that it has.
  static func load(
    path: String, surroundings: Surroundings = .system
  ) throws(ConfigurationFaults) -> Configuration {
    func unreadable(_ problem: String) -> ConfigurationFaults {
      ConfigurationFaults(file: path, faults: [ConfigurationFault(keyPath: "", problem: problem)])
    }
    guard let kind = surroundings.kind(path) else { throw unreadable("there is no such file") }
    guard kind == .other else { throw unreadable("is a directory, not a file") }
    let bytes: [UInt8]
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      bytes = [UInt8](try handle.read(upToCount: maximumFileBytes + 1) ?? Data())
    } catch {
      throw unreadable("cannot be read: \((error as NSError).localizedDescription)")
    }
    return try parse(bytes, path: path, surroundings: surroundings)
  }

  /// Reads the bytes of the file at `path`; see ``load(path:surroundings:)``.
  static func parse(
    _ bytes: [UInt8], path: String, surroundings: Surroundings
  ) throws(ConfigurationFaults) -> Configuration {
    let source = SourceText(bytes)
    var reader = ConfigurationReader(source)
    guard bytes.count <= maximumFileBytes else {
      reader.fault(offset: nil, "", nil, "is too long", accepted: "at most \(maximumFileBytes) bytes")
      try reader.finish(file: path)
      return .standard
    }
    let root: JSON5Value
    do throws(JSON5Fault) {
      root = try JSON5Parser.value(of: bytes)
    } catch {
      reader.fault(offset: error.offset, "", nil, error.problem.rawValue)
      try reader.finish(file: path)
      return .standard
    }
    let file = path.hasPrefix("/") ? path : DataDirectory.join(surroundings.currentDirectory, path)
    let configuration = reader.configuration(root).resolved(against: DataDirectory.parent(of: file))
    reader.check(configuration, file: file, surroundings)
    try reader.finish(file: path)
    return configuration
  }
}
