/// Which module may import which. An arrow only ever points down, and what reads a clock or touches the system stays
/// in the few modules that are there for it: the core can be simulated only as long as it imports neither.
enum ImportRule {
  /// The rooms from the ground up, each with what it may import of this package.
  static let modules: [String: Set<String>] = [
    "DialerModel": [],
    "TimeZones": ["DialerModel"],
    "PhoneNumbers": ["DialerModel"],
    "DialingRules": ["DialerModel", "TimeZones", "PhoneNumbers"],
    "LeadImport": ["DialerModel", "TimeZones", "PhoneNumbers"],
    "LeadSelection": ["DialerModel", "CSystem"],  // huge pages and prefetching
    "LeadStore": ["DialerModel", "CSQLite"],
    "Telephony": ["DialerModel"],
    "ControlProtocol": ["DialerModel"],
    "DialerEngine": [
      "DialerModel", "TimeZones", "PhoneNumbers", "DialingRules", "LeadSelection", "LeadStore", "Telephony",
      "ControlProtocol", "LeadImport",
    ],
    "DaemonSystem": ["DialerModel", "CSystem"],
    "dialerctl": ["DialerModel", "ControlProtocol", "DaemonSystem"],
    "dialerd": everyLibrary,
  ]

  /// What a module may import of the toolchain. A module that is not named here needs nothing but the standard library.
  static let system: [String: Set<String>] = [
    "TimeZones": ["Foundation", "Glibc"],  // the tz database's files
    "PhoneNumbers": ["Foundation"],  // the plan's JSON
    "LeadStore": ["Foundation", "Glibc", "Synchronization"],  // threads of its own
    "DaemonSystem": ["Glibc", "Synchronization"],
    "dialerctl": ["Foundation", "Glibc", "Dispatch", "Synchronization"],
    "dialerd": ["Foundation", "Glibc", "Dispatch", "Synchronization"],
  ]

  /// Functions of the C library that depend on their arguments alone, and may be imported one by one
  /// (`import func Glibc.exp`) where the module may not.
  static let pureFunctions: Set = ["Glibc.exp", "Glibc.log", "Glibc.sqrt", "Glibc.pow", "Glibc.cos", "Glibc.sin"]

  private static let everyLibrary: Set = [
    "DialerModel", "TimeZones", "PhoneNumbers", "DialingRules", "LeadSelection", "LeadStore", "Telephony",
    "ControlProtocol", "LeadImport", "DialerEngine", "DaemonSystem",
  ]
  private static let tests: Set = ["Testing", "Foundation", "Glibc", "Dispatch", "Synchronization"]

  static func findings(_ file: SourceFile) -> [Finding] {
    guard file.isSwift, let target = file.target else { return [] }
    guard let allowed = allowed(file, target) else {
      return [file.finding("\(target) is not in the import table of ImportRule")]
    }
    return imports(file).compactMap { found in
      if found.testable, !file.isTest { return file.finding(at: found.place, "only tests may use @testable") }
      if allowed.contains(found.module) || pureFunctions.contains(found.name) { return nil }
      return file.finding(at: found.place, "\(target) may not import \(found.name)")
    }
  }

  /// Nil when the table does not know the target. A module's tests may import what the module may, and the module.
  private static func allowed(_ file: SourceFile, _ target: String) -> Set<String>? {
    switch file.folders[0] {
    case "Sources": return modules[target].map { $0.union(system[target] ?? []) }
    case "Benchmarks": return everyLibrary.union(["Foundation", "Glibc", "Dispatch", "Synchronization", "CSQLite"])
    default:
      if target == "TidyTests" { return tests }
      if target == "EndToEndTests" { return everyLibrary.union(tests).union(["dialerd", "dialerctl"]) }
      let module = String(target.dropLast("Tests".count))
      guard target.hasSuffix("Tests"), let below = modules[module] else { return nil }
      return below.union(tests).union([module])
    }
  }

  private struct Import {
    let place: Int
    /// As written: `Glibc`, `Glibc.exp`.
    let name: String
    let testable: Bool
    var module: String { String(name.prefix { $0 != "." }) }
  }

  private static func imports(_ file: SourceFile) -> [Import] {
    file.code.places(of: "import").compactMap { place in
      let start = file.code[..<place].lastIndex(of: newline).map { $0 + 1 } ?? 0
      let end = file.code[place...].firstIndex(of: newline) ?? file.code.count
      let before = Array(file.code[start..<place])
      // Not the label `import:`, nor the name `.import`.
      guard before.allSatisfy({ $0.isWord || $0.isSpace || $0 == UInt8(ascii: "@") }), file.code[place + 6].isSpace
      else { return nil }
      let words = file.code[place..<end].split { $0.isSpace || $0 == UInt8(ascii: ";") }
      let name = words.last.map { String(decoding: $0, as: UTF8.self) } ?? ""
      // `import func Glibc.exp` brings in one function, `import Glibc.exp` would bring in all.
      return Import(
        place: place, name: words.count > 2 ? name : String(name.prefix { $0 != "." }),
        testable: before.contains(word: "testable"))
    }
  }
}
