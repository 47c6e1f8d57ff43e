// swift-tools-version: 6.2
import PackageDescription

/// Every target is built in Swift 6 language mode; a warning is an error.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A library module of the package.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one module, in `Tests/<name>Tests`.
func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], module: Bool = true, exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies + (module ? [.init(stringLiteral: name)] : []),
    exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "dialerd",
  targets: [
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CSystem"),
    module("DialerModel"),
    module("TimeZones", ["DialerModel"]),
    module("PhoneNumbers", ["DialerModel"]),
    module("DialingRules", ["DialerModel", "TimeZones", "PhoneNumbers"]),
    module("LeadImport", ["DialerModel", "TimeZones", "PhoneNumbers"]),
    module("LeadSelection", ["DialerModel", "CSystem"]),
    module("LeadStore", ["DialerModel", "CSQLite"]),
    module("Telephony", ["DialerModel"]),
    module("ControlProtocol", ["DialerModel"]),
    module("DaemonSystem", ["DialerModel", "CSystem"]),
    module(
      "DialerEngine",
      [
        "DialerModel", "TimeZones", "PhoneNumbers", "DialingRules", "LeadSelection", "LeadStore", "Telephony",
        "ControlProtocol", "LeadImport",
      ]),
    .executableTarget(
      name: "dialerd",
      dependencies: [
        "DialerModel", "TimeZones", "PhoneNumbers", "DialingRules", "LeadSelection", "LeadStore", "Telephony",
        "ControlProtocol", "LeadImport", "DialerEngine", "DaemonSystem",
      ], swiftSettings: strict),
    .executableTarget(
      name: "dialerctl", dependencies: ["DialerModel", "ControlProtocol", "DaemonSystem"], swiftSettings: strict),
    .executableTarget(
      name: "dialerbench",
      dependencies: [
        "DialerModel", "TimeZones", "PhoneNumbers", "DialingRules", "LeadSelection", "LeadStore", "Telephony",
        "ControlProtocol", "LeadImport", "DialerEngine", "DaemonSystem", "CSQLite", "dialerd",
      ], path: "Benchmarks/dialerbench", swiftSettings: strict),
    tests("DialerModel"),
    tests("TimeZones", ["DialerModel"], exclude: ["Fixtures"]),
    tests("PhoneNumbers", ["DialerModel"], exclude: ["Fixtures"]),
    tests("DialingRules", ["DialerModel", "TimeZones", "PhoneNumbers"]),
    tests("LeadImport", ["DialerModel", "TimeZones", "PhoneNumbers"]),
    tests("LeadSelection", ["DialerModel"]),
    tests("LeadStore", ["DialerModel", "CSQLite"]),
    tests("Telephony", ["DialerModel"]),
    tests("ControlProtocol", ["DialerModel"]),
    tests("DaemonSystem", ["DialerModel", "CSystem"]),
    tests(
      "DialerEngine",
      [
        "DialerModel", "TimeZones", "PhoneNumbers", "DialingRules", "LeadSelection", "LeadStore", "Telephony",
        "ControlProtocol", "LeadImport",
      ]),
    tests(
      "dialerd",
      [
        "DialerModel", "TimeZones", "PhoneNumbers", "ControlProtocol", "LeadImport", "LeadStore", "DaemonSystem",
        "DialerEngine", "Telephony",
      ]),
    tests("dialerctl", ["DialerModel", "ControlProtocol", "DaemonSystem"]),
    tests("Tidy", module: false),
    tests(
      "EndToEnd", ["DialerModel", "LeadStore", "ControlProtocol", "DaemonSystem", "dialerd", "dialerctl"], module: false
    ),
  ],
  swiftLanguageModes: [.v6]
)
