import Foundation
import Glibc

/// What the figures were taken on; without it they say nothing.
struct Machine {
  let directory: String

  func describe() throws -> String {
    let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    let mebibytes = sysconf(Int32(_SC_PHYS_PAGES)) / 256
    let disk = try DiskReference(directory: directory).rate(count: 200)
    return """
      machine: \(cores) cores (\(Self.processor)), \(mebibytes) MiB of memory, \(Self.kernel), load \(Self.load)
      disk:    \(Table.number(disk)) pwrite+fdatasync of 4 KiB a second, appended, in \(directory)
      """
  }

  private static var kernel: String {
    var name = utsname()
    uname(&name)
    return withUnsafeBytes(of: name.release) { bytes in
      "Linux " + String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private static var processor: String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("model name") } ?? "model name: unknown"
    return line.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces)
  }

  /// Over the last minute: above a few tenths somebody else is at work.
  private static var load: String {
    let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
    return String(text.prefix { $0 != " " })
  }
}
