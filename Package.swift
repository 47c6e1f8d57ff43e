// swift-tools-version: 6.2
import PackageDescription

/// Every target is built in Swift 6 language mode; a warning is an error.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// For what runs many times for each call: there the checks at run time that nobody changes what another is changing cost
/// a seventh. Debug builds, and so all tests, make them.
let hot: [SwiftSetting] =
  strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

/// The modules whose tests there are, with commas between them; all of them where it is not set. A build under a sanitizer
/// takes minutes, and is of what it is for alone.
let tested = Context.environment["DIALERD_TESTED"].map { $0.split(separator: ",").map { "\($0)Tests" } }

/// A library module of the package.
func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = strict
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
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
    module("LeadStore", ["DialerModel", "CSQLite"], settings: hot),
    module("Telephony", ["DialerModel"]),
    module("ControlProtocol", ["DialerModel"]),
    module("DaemonSystem", ["DialerModel", "CSystem"]),
    module(
      "DialerEngine",
      [
        "DialerModel", "TimeZones", "PhoneNumbers", "DialingRules", "LeadSelection", "LeadStore", "Telephony",
        "ControlProtocol", "LeadImport",
      ], settings: hot),
    .executableTarget(
      name: "dialerd",
      dependencies: [
        "DialerModel", "TimeZones", "PhoneNumbers", "DialingRules", "LeadSelection", "LeadStore", "Telephony",
        "ControlProtocol", "LeadImport", "DialerEngine", "DaemonSystem",
      ], swiftSettings: strict),
    .executableTarget(
      name: "dialerctl",
      dependencies: ["DialerModel", "TimeZones", "DialingRules", "ControlProtocol", "DaemonSystem"],
      swiftSettings: strict),
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
    tests("dialerctl", ["DialerModel", "TimeZones", "DialingRules", "ControlProtocol", "DaemonSystem"]),
    tests("Tidy", module: false),
    tests(
      "EndToEnd", ["DialerModel", "LeadStore", "ControlProtocol", "DaemonSystem", "dialerd", "dialerctl"], module: false
    ),
  ],
  swiftLanguageModes: [.v6]
)

if let tested {
  precondition(Set(tested).isSubset(of: package.targets.map(\.name)), "a module in DIALERD_TESTED has no tests")
  package.targets.removeAll { $0.isTest && !tested.contains($0.name) }
}
