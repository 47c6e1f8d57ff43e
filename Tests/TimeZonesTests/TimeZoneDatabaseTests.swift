import DialerModel
import Foundation
import Testing
import TimeZones

/// Read once for all tests, as the daemon does.
enum SystemZones {
  static let database = Result { try TimeZoneDatabase() }
}

@Suite("The system's tz database")
struct TimeZoneDatabaseTests {
  let database: TimeZoneDatabase
  init() throws { database = try SystemZones.database.get() }

  private static func text(_ file: String) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return try String(contentsOf: folder.appendingPathComponent("Fixtures/\(file)"), encoding: .utf8)
  }

  @Test("agrees with every vector")
  func vectors() throws {
    var count = 0
    for line in try Self.text("time-zone-vectors.tsv").split(separator: "\n").dropFirst() {
      let fields = line.split(separator: "\t")
      let rules = try #require(database.zone(named: String(fields[0])), "\(fields[0])")
      let time = try #require(Int64(fields[1]))
      #expect(rules.utcOffset(at: time) == Int32(fields[2]), "\(line)")
      count += 1
    }
    #expect(count == 689)
  }

  @Test("agrees with the C library in every zone, from 1900 to 2150 and around each change", arguments: 0..<8)
  func systemClock(part: Int) {
    let from: Int64 = -2_208_988_800
    let to: Int64 = 5_680_281_600
    var generator = SeededGenerator(seed: UInt64(part))
    for (index, name) in database.names.enumerated() where index % 8 == part {
      guard let rules = database.zone(named: name) else {
        Issue.record("\(name) is listed and not there")
        continue
      }
      var times = (0..<250).map { _ in Int64.random(in: from..<to, using: &generator) }
      var change = rules.nextChange(after: from)
      while let at = change, at < to {
        times += [at - 1, at, at + 1]
        change = rules.nextChange(after: at)
      }
      let expected = SystemClock.offsets(in: name, at: times)
      let wrong = zip(times, expected).filter { rules.utcOffset(at: $0) != $1 }
      #expect(wrong.isEmpty, "\(name): \(wrong.prefix(3))")
    }
  }

  @Test("is compared with a C library that tells zones apart")
  func systemClockWorks() {
    #expect(SystemClock.offsets(in: "America/New_York", at: [0, 1_800_000_000]) == [-18_000, -18_000])
    #expect(SystemClock.offsets(in: "Australia/Sydney", at: [0, 1_800_000_000]) == [36_000, 39_600])
  }

  @Test("names the version of its data")
  func version() {
    #expect(database.version.contains(/^20[0-9][0-9][a-z]/))
  }

  @Test(
    "knows zones and links", arguments: ["Europe/Berlin", "US/Eastern", "Etc/GMT+5", "UTC", "EST5EDT", "Asia/Calcutta"])
  func knownNames(name: String) {
    #expect(database.zone(named: name) != nil)
    #expect(database.names.contains(name))
  }

  @Test(
    "does not know what is no zone's name",
    arguments: [
      "", "PST", "europe/berlin", "Europe/Berlin ", "GMT+5", "Factory", "posixrules", "localtime",
      "posix/Europe/Berlin",
      "right/Europe/Berlin", "../zoneinfo/UTC", "zone.tab", "tzdata.zi", "Europe", "/etc/localtime", "Mars/Olympus",
    ])
  func unknownNames(name: String) {
    #expect(database.zone(named: name) == nil)
    #expect(!database.names.contains(name))
  }

  @Test("gives links the rules of their zone")
  func linksShare() {
    #expect(database.zone(named: "US/Eastern") === database.zone(named: "America/New_York"))
    #expect(database.zone(named: "US/Eastern")?.name == "America/New_York")
    #expect(database.zone(named: "Europe/Paris") !== database.zone(named: "Europe/Berlin"))
  }

  @Test("lists its names in order and once each")
  func namesSorted() {
    #expect(database.names.count > 550)
    #expect(zip(database.names, database.names.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test(
    "says the next change as a walk through time finds it",
    arguments: [
      "America/New_York", "Europe/Dublin", "Africa/Casablanca", "America/Nuuk", "Etc/GMT+5", "Australia/Lord_Howe",
      "Asia/Jerusalem", "Pacific/Chatham", "America/Santiago", "Asia/Kolkata", "Africa/Cairo", "Antarctica/Troll",
    ])
  func nextChange(name: String) throws {
    let rules = try #require(database.zone(named: name))
    let hour: Int64 = 3600
    for (from, to) in [(1_500_000_000, 1_900_000_000), (4_285_000_000, 4_305_000_000)] as [(Int64, Int64)] {
      var expected: Int64?
      var wrong: [Int64] = []
      // Backwards, so that the change found last is the next one of every hour before it.
      for time in stride(from: to, to: from, by: -Int(hour)) {
        let start = time - hour
        let offset = rules.utcOffset(at: start)
        if rules.utcOffset(at: time) != offset {
          expected = (start + 1...time).first { rules.utcOffset(at: $0) != offset }
        }
        let next = rules.nextChange(after: start)
        if expected == nil ? next ?? .max <= to : next != expected { wrong.append(start) }
      }
      #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    }
  }
}

@Suite("A tz database in a directory")
struct TimeZoneDirectoryTests {
  /// Makes a directory of the files, and takes it away after.
  private func withDirectory(_ files: [String: [UInt8]], _ body: (String) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("zones-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    for (name, bytes) in files {
      let file = root.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }
    try body(root.path)
  }

  private let zone = TZifBytes(footer: "XXX-1").bytes

  @Test("without an index has every TZif file for a zone")
  func walks() throws {
    let files = [
      "A/One": zone, "Two": zone, "posix/Two": zone, "Factory": zone, "zone.tab": [35],
      "+VERSION": Array("2030a\n".utf8),
    ]
    try withDirectory(files) { root in
      try FileManager.default.createSymbolicLink(atPath: root + "/Three", withDestinationPath: "A/One")
      let database = try TimeZoneDatabase(directory: root)
      #expect(database.names == ["A/One", "Three", "Two"])
      #expect(database.zone(named: "Three") === database.zone(named: "A/One"))
      #expect(database.version == "2030a")
    }
  }

  @Test("with an index has its zones and links, but for those the system does not carry")
  func indexed() throws {
    let index =
      "# version 2031b\nR x\nZ A/One 0 - X\n1 - Y\nZ Gone 0 - X\nZ Factory 0 - X\nL A/One Two\nL Two Three\nL Gone Far\n"
    try withDirectory(["tzdata.zi": Array(index.utf8), "A/One": zone, "Other": zone]) { root in
      let database = try TimeZoneDatabase(directory: root)
      #expect(database.names == ["A/One", "Three", "Two"])
      #expect(database.zone(named: "Three")?.name == "A/One")
      #expect(database.version == "2031b")
    }
  }

  @Test("names every malformed file")
  func faults() throws {
    let index = "# version 2031b\nZ A 0 - X\nZ B 0 - X\nZ C 0 - X\n"
    try withDirectory(["tzdata.zi": Array(index.utf8), "A": zone, "B": [1, 2], "C": Array(zone.dropLast())]) { root in
      let fault = TimeZoneError.faultyFiles([.init(file: "B", fault: .notTZif), .init(file: "C", fault: .truncated)])
      #expect(throws: fault) { try TimeZoneDatabase(directory: root) }
      #expect(fault.description == "B: is not a TZif file; C: is cut short")
    }
  }

  @Test(
    "refuses an index with names that lead elsewhere",
    arguments: ["Z ../A 0 - X", "Z /A 0", "L A", "Z", "L A B C", "L B C", "L C B\nL B C", "Z A//B 0", "Z ./A 0"])
  func badIndex(line: String) throws {
    try withDirectory(["tzdata.zi": Array("# version x\nZ A 0 - X\n\(line)\n".utf8), "A": zone]) { root in
      let error = #expect(throws: TimeZoneError.self) { try TimeZoneDatabase(directory: root) }
      #expect(error?.description.hasPrefix("tzdata.zi: ") == true)
    }
  }

  @Test("that is empty or not there is refused")
  func noZones() throws {
    try withDirectory(["README": [65]]) { root in
      #expect(throws: TimeZoneError.noZones(directory: root)) { try TimeZoneDatabase(directory: root) }
      let absent = root + "/absent"
      #expect(throws: TimeZoneError.noZones(directory: absent)) { try TimeZoneDatabase(directory: absent) }
    }
  }
}
