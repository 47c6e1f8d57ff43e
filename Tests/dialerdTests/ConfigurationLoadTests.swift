import Foundation
import Testing

@testable import dialerd

/// With real files.
struct ConfigurationLoadTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dialerd-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func faults(_ path: String) -> [String] {
    do throws(ConfigurationFaults) {
      _ = try Configuration.load(path: path)
      return []
    } catch {
      return error.lines
    }
  }

  @Test("the sample is accepted on this machine, beside the data files")
  func sample() throws {
    try withFolder { folder in
      for name in ["dialerd.json5", "numbering-plan.json", "phone-timezones.json"] {
        try Data(try ShippedFile.bytes(name)).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      let read = try Configuration.load(path: "\(folder)/dialerd.json5")
      #expect(read == Configuration.standard.resolved(against: folder))
    }
  }

  @Test("paths begin at the configuration's folder, and say nothing twice")
  func paths() {
    var configuration = Configuration.standard
    configuration.backups.directories = [".", "./kept//daily/", "/srv/./backups/", "/"]
    configuration.database = "./dialer.sqlite"
    let resolved = configuration.resolved(against: "/etc/dialerd")
    #expect(resolved.backups.directories == ["/etc/dialerd", "/etc/dialerd/kept/daily", "/srv/backups", "/"])
    #expect(resolved.database == "/etc/dialerd/dialer.sqlite")
  }

  @Test("a region is looked up in the number plan that is shipped")
  func region() throws {
    try withFolder { folder in
      for name in ["numbering-plan.json", "phone-timezones.json"] {
        try Data(try ShippedFile.bytes(name)).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      let file = "\(folder)/a.json5"
      try Data("{ defaults: { region: 'XX' } }".utf8).write(to: URL(fileURLWithPath: file))
      #expect(faults(file).count == 1)
      #expect(faults(file).first?.hasPrefix("\(file):1:23: defaults.region: \"XX\" is no region") == true)
      try Data("{ defaults: { region: 'NZ' } }".utf8).write(to: URL(fileURLWithPath: file))
      #expect(faults(file).isEmpty)
    }
  }

  @Test("a number plan that is none is a fault")
  func badPlan() throws {
    try withFolder { folder in
      for name in ["a.json5", "numbering-plan.json", "phone-timezones.json"] {
        try Data((name == "a.json5" ? "{}" : "[").utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      #expect(faults("\(folder)/a.json5").count == 1)
      #expect(faults("\(folder)/a.json5").first?.contains("is no number plan") == true)
    }
  }

  @Test("a file that is not there, a directory and a file that is too long are told apart")
  func unreadable() throws {
    try withFolder { folder in
      #expect(faults("\(folder)/none") == ["\(folder)/none: there is no such file"])
      #expect(faults(folder) == ["\(folder): is a directory, not a file"])
      try Data(repeating: 0x20, count: Configuration.maximumFileBytes + 1)
        .write(to: URL(fileURLWithPath: "\(folder)/long"))
      #expect(faults("\(folder)/long") == ["\(folder)/long: is too long; accepted: at most 1048576 bytes"])
    }
  }
}
