/// A test states one fact in a sentence, can fail, waits for no time and takes no port that may be taken.
enum TestRule {
  static func findings(_ file: SourceFile) -> [Finding] {
    guard file.isSwift, file.isTest else { return [] }
    return names(file) + bodies(file) + sleeps(file) + ports(file)
  }

  // MARK: Names

  private static func names(_ file: SourceFile) -> [Finding] {
    file.code.places(of: "@Test").compactMap { place in
      guard let name = displayName(file, attribute: place) else {
        return file.finding(at: place, "a test without a display name")
      }
      return isSentence(name) ? nil : file.finding(at: place, "no sentence that states a fact: \"\(name)\"")
    }
  }

  /// The string that is the attribute's first argument. A raw string's hashes stand before it.
  static func displayName(_ file: SourceFile, attribute place: Int) -> String? {
    let code = file.code
    let open = place + "@Test".utf8.count
    guard open < code.count, code[open] == UInt8(ascii: "("),
      let first = code[(open + 1)...].firstIndex(where: { !$0.isSpace && $0 != UInt8(ascii: "#") }),
      code[first] == UInt8(ascii: "\""), let close = code[(first + 1)...].firstIndex(of: UInt8(ascii: "\""))
    else { return nil }
    return String(decoding: file.text[(first + 1)..<close], as: UTF8.self)
  }

  /// Proper names of one word that a name begins with; one of several words ("New Year …") is known by its capitals.
  private static let properNames: Set = ["Easter"]

  /// Several words, the first without a capital, but for a proper name, a code or an acronym.
  static func isSentence(_ name: String) -> Bool {
    let words = name.split(separator: " ")
    guard words.count >= 2, let first = words[0].unicodeScalars.first else { return false }
    guard first.properties.isUppercase else { return true }
    return words[0].dropFirst().contains { !$0.isLowercase } || words[1].first?.isUppercase == true
      || properNames.contains(String(words[0]))
  }

  // MARK: Bodies

  private static func bodies(_ file: SourceFile) -> [Finding] {
    let functions = FunctionBody.all(in: file.code)
    var findings = file.code.places(of: "@Test").compactMap { place -> Finding? in
      guard let test = functions.first(where: { $0.keyword > place }) else {
        return file.finding(at: place, "no function follows")
      }
      return expects(file.code, in: test.body) ? nil : file.finding(at: place, "\(test.name) expects nothing")
    }
    for hollow in ["#expect(Bool(true))", "#expect(true)", "#require(true)"] {
      findings += file.code.places(of: hollow).map { file.finding(at: $0, "`\(hollow)` cannot fail") }
    }
    return findings
  }

  private static func expects(_ code: [UInt8], in body: Range<Int>) -> Bool {
    code.names(in: body).contains { name, place in
      let end = place + name.utf8.count
      let called = end < code.count && (code[end] == UInt8(ascii: "(") || code[end] == UInt8(ascii: "<"))
      switch name {
      case "expect" where code[place - 1] == UInt8(ascii: "#"): return true  // also `#expect { … } throws: { … }`
      case "require": return code[place - 1] == UInt8(ascii: "#")
      case "confirmation": return true
      case "record": return code[..<place].suffix("Issue.".utf8.count).elementsEqual("Issue.".utf8)
      default: return called && ["expect", "check", "verify"].contains { isVerb($0, name) }
      }
    }
  }

  /// `checkOrder` begins with the verb `check`, `checksum` does not.
  private static func isVerb(_ verb: String, _ name: String) -> Bool {
    name.hasPrefix(verb) && name.dropFirst(verb.count).first?.isLowercase != true
  }

  // MARK: Time and ports

  private static func sleeps(_ file: SourceFile) -> [Finding] {
    ["sleep(", "usleep(", "nanosleep(", "sleepForTimeInterval("].flatMap { call in
      file.code.places(of: call).map { file.finding(at: $0, "a test waits for what happens, not for time") }
    }
  }

  private static func ports(_ file: SourceFile) -> [Finding] {
    let hosts = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"].flatMap { host in
      file.text.places(of: host + ":").filter { number(file.text, from: $0 + host.utf8.count + 1) > 0 }
    }
    let fields = file.code.names(in: file.code.indices).filter { isPort($0.name) }.compactMap {
      name, place -> Int? in
      guard let mark = file.code.nonSpace(from: place + name.utf8.count),
        file.code[mark] == UInt8(ascii: "=") || file.code[mark] == UInt8(ascii: ":"),
        let value = file.code.nonSpace(from: mark + 1)
      else { return nil }
      return number(file.code, from: value) > 0 ? place : nil
    }
    return (hosts + fields).map { file.finding(at: $0, "a fixed port may be taken: ask for port 0") }
  }

  /// `port`, `sin_port` and `localPort`, and no `report`.
  private static func isPort(_ name: String) -> Bool {
    name == "port" || name.hasSuffix("_port") || name.hasSuffix("Port")
  }

  /// The number that stands there; 0, the port that the system chooses, also where none does.
  private static func number(_ text: [UInt8], from start: Int) -> Int {
    text[min(start, text.count)...].prefix { $0.isDigit }.reduce(0) { min($0 * 10 + Int($1 - 0x30), 99_999) }
  }
}
