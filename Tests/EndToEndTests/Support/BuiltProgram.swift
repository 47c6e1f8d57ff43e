import Foundation
import Testing

/// The programs that were built together with these tests.
enum BuiltProgram {
  /// The path of `dialerd` or `dialerctl`: in the folder of the test bundle, or in one above it.
  static func path(_ name: String) throws -> String {
    let starts = ["/proc/self/exe", CommandLine.arguments[0]].map {
      URL(fileURLWithPath: $0).resolvingSymlinksInPath()
    }
    for start in starts {
      var folder = start.deletingLastPathComponent()
      while folder.path != "/" {
        let candidate = folder.appendingPathComponent(name)
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue,
          FileManager.default.isExecutableFile(atPath: candidate.path)
        {
          return candidate.path
        }
        folder.deleteLastPathComponent()
      }
    }
    return try #require(nil, "\(name) is built beside the tests")
  }
}
