import DialerModel
import Foundation

/// Finds out where the daemon listens.
enum SocketPath {
  /// Where the service of a packaged daemon listens.
  static let standard = "/run/dialerd/dialerd.sock"

  /// The part of the daemon's configuration that matters here.
  private struct Configuration: Decodable {
    struct Socket: Decodable { var path: String? }
    var socket: Socket?
  }

  /// The first of: `--socket`, the variable `DIALERD_SOCKET`, `socket.path` of the configuration named by `--config` or
  /// else by `DIALERD_CONFIG`, that of `dialerd.json5` in the present directory (which the daemon takes as well),
  /// ``standard``. An empty variable counts as none.
  ///
  /// - Throws: `config` when the configuration that is to be asked cannot be read.
  static func find(_ invocation: Invocation, on host: some ClientHost) throws(ClientError) -> String {
    if let path = invocation.socket { return path }
    if let path = variable("DIALERD_SOCKET", host) { return path }
    guard let file = invocation.configuration ?? variable("DIALERD_CONFIG", host) else {
      guard let beside = try? host.readFile("dialerd.json5") else { return standard }
      return try path(in: beside, file: "dialerd.json5") ?? standard
    }
    return try path(in: try host.readFile(file), file: file) ?? standard
  }

  private static func variable(_ name: String, _ host: some ClientHost) -> String? {
    host.variable(name).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The path in a configuration, nil when it names none. A relative one begins at the folder of the file, as the daemon
  /// reads it; a name in the abstract space (`@…`) is no path.
  static func path(in bytes: [UInt8], file: String) throws(ClientError) -> String? {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    let configuration: Configuration
    do {
      configuration = try decoder.decode(Configuration.self, from: Data(bytes))
    } catch {
      throw ClientError(
        "config", "The configuration \(file) cannot be read; dialerd --check says where its faults are.",
        details: ["file": .string(file)])
    }
    guard let path = configuration.socket?.path, !path.isEmpty else { return nil }
    if path.hasPrefix("/") || path.hasPrefix("@") { return path }
    guard let slash = file.lastIndex(of: "/") else { return path }
    return String(file[...slash]) + path
  }
}
