/// What the core must not call, because it reads a clock, draws chance that has no seed or does I/O; and what nobody
/// may write, because it ends the daemon for what is no broken invariant.
enum BannedCallRule {
  /// `now` is an argument here, a generator is passed in, and what is to be told goes out as a value.
  static let core: Set = [
    "DialerModel", "TimeZones", "PhoneNumbers", "DialingRules", "LeadImport", "LeadSelection", "Telephony",
    "ControlProtocol",
    "DialerEngine",
  ]

  private static let inCore: [(call: String, why: String)] = [
    ("Date()", "reads the clock"), ("Date.now", "reads the clock"), ("clock_gettime", "reads the clock"),
    ("gettimeofday", "reads the clock"), ("time(nil)", "reads the clock"), ("ContinuousClock", "reads the clock"),
    ("SuspendingClock", "reads the clock"), ("DispatchTime.now", "reads the clock"),
    ("DispatchWallTime.now", "reads the clock"), ("UUID()", "draws chance without a seed"),
    ("SystemRandomNumberGenerator", "draws chance without a seed"), ("sleep(", "waits"), ("usleep(", "waits"),
    ("nanosleep(", "waits"), ("ProcessInfo", "asks the process"), ("getenv(", "asks the process"),
  ]

  private static let everywhere: [(call: String, why: String)] = [
    ("try!", "ends the process on an error"), ("as!", "ends the process on a wrong type"),
    ("fatalError(", "ends the process: `precondition` says which invariant broke"),
  ]

  private static let drawing = [".random(", ".randomElement(", ".shuffled(", ".shuffle("]

  static func findings(_ file: SourceFile) -> [Finding] {
    guard file.isSwift else { return [] }
    var findings = find(everywhere, in: file)
    let isCore = file.path.hasPrefix("Sources/") && core.contains(file.target ?? "")
    if isCore { findings += find(inCore, in: file) }
    if isCore || file.isTest { findings += unseeded(file) }
    if file.path.hasPrefix("Sources/"), file.target != "dialerd", file.target != "dialerctl" {
      findings += find([("print(", "is for the executables; a module hands out values")], in: file)
    }
    return findings
  }

  private static func find(_ calls: [(call: String, why: String)], in file: SourceFile) -> [Finding] {
    calls.flatMap { banned in
      file.code.places(of: banned.call).map { file.finding(at: $0, "`\(banned.call)` \(banned.why)") }
    }
  }

  private static func unseeded(_ file: SourceFile) -> [Finding] {
    drawing.flatMap { call in
      file.code.places(of: call).compactMap { place in
        let open = place + call.utf8.count - 1
        let arguments = Array(file.code[open..<file.code.endOfBrackets(from: open)])
        if arguments.contains(word: "using:") || arguments.contains(UInt8(ascii: "&")) { return nil }
        return file.finding(at: place, "`\(call)…)` draws chance without a seed: `using:` is missing")
      }
    }
  }
}

/// What is left to do is an issue, not a comment.
enum UnfinishedWorkRule {
  /// Put together, so that the rule does not find itself.
  static let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

  /// Data may well hold such a word: the letters stand for a time zone in the tz database's own rules.
  static func findings(_ file: SourceFile) -> [Finding] {
    guard !TextRule.isData(file) else { return [] }
    return words.flatMap { word in
      file.comments.places(of: word).map { file.finding(at: $0, "`\(word)` is not committed") }
    }
  }
}

/// Sendability that the compiler does not check carries its proof in a comment.
enum UncheckedSendableRule {
  private static let linesAbove = 6
  /// A proof speaks of one of these: a comment on something else is none.
  private static let subjects = [
    "sendable", "thread", "lock", "locked", "queue", "mutex", "monitor", "confined", "loop", "written",
    "immutable",
  ]

  static func findings(_ file: SourceFile) -> [Finding] {
    guard file.isSwift else { return [] }
    return (file.code.places(of: "@unchecked Sendable") + file.code.places(of: "nonisolated(unsafe)"))
      .filter { !isProved(file, at: $0) }
      .map { file.finding(at: $0, "no comment says why this may be shared between threads") }
  }

  /// On the line itself, in the lines above, or in the whole of a longer comment that stands there.
  private static func isProved(_ file: SourceFile, at place: Int) -> Bool {
    let lines = file.comments.split(separator: newline, omittingEmptySubsequences: false)
    let line = file.line(at: place) - 1
    var first = max(0, line - linesAbove)
    while first > 0, lines[first].contains(where: { !$0.isSpace }) { first -= 1 }
    let words = lines[first...line].flatMap { Array($0).names(in: 0..<$0.count).map { $0.name.lowercased() } }
    return words.contains { subjects.contains($0) || subjects.contains(String($0.dropLast())) }
  }
}
