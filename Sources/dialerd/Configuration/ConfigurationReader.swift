import ControlProtocol
import DialerModel

/// Takes options out of a parsed file, and gathers what is wrong with them.
///
/// An option that is not there, or that is wrong, leaves its default in place, so that all faults are found in one run.
struct ConfigurationReader {
  /// More faults than this are counted only: a wrong file may hold any number of them.
  static let maximumFaults = 100

  /// The members of one object of the file; none when it is not there.
  struct Section {
    /// Empty for the whole file.
    var path: String
    /// Where a missing member is missed; nil when the object is not in the file.
    var offset: Int?
    /// By the first place of each key.
    var members: [String: JSON5Value]
    var keys: [String]

    func path(of key: String) -> String {
      let isPlain =
        !key.isEmpty && key.utf8.allSatisfy { ConfigurationReader.isNameByte($0) && $0 != UInt8(ascii: ".") }
      if !isPlain { return "\(path)[\"\(JSON5Value.shortened(key))\"]" }
      return path.isEmpty ? key : "\(path).\(key)"
    }
  }

  private let source: SourceText
  private var faults: [ConfigurationFault] = []
  private var further = 0
  /// The key path of every option that was asked for, whether it was there or not.
  private(set) var options: [String] = []
  /// Every value that was asked for and was there, by its key path.
  private(set) var values: [String: JSON5Value] = [:]

  init(_ source: SourceText) { self.source = source }

  /// - Throws: all faults, where there are any.
  func finish(file: String) throws(ConfigurationFaults) {
    guard !faults.isEmpty else { return }
    // Faults without a place first; those of one place in the order in which they were found.
    let sorted = faults.enumerated().sorted { left, right in
      let places = (
        left.element.position ?? .init(line: 0, column: 0), right.element.position ?? .init(line: 0, column: 0)
      )
      return (places.0, left.offset) < (places.1, right.offset)
    }
    throw ConfigurationFaults(file: file, faults: sorted.map(\.element), further: further)
  }

  // MARK: - Faults

  mutating func fault(
    offset: Int?, _ keyPath: String, _ value: String?, _ problem: String, accepted: String? = nil
  ) {
    guard faults.count < Self.maximumFaults else {
      further += 1
      return
    }
    faults.append(
      ConfigurationFault(
        position: offset.map { source.position(of: $0) }, keyPath: keyPath, value: value, problem: problem,
        accepted: accepted))
  }

  /// A fault of the option's value as it stands in the file, or of its default.
  mutating func fault(_ keyPath: String, default: String?, _ problem: String, accepted: String? = nil) {
    let value = values[keyPath]
    let shown = value?.shown ?? `default`.map { "\"\(JSON5Value.shortened($0))\" (the default)" }
    fault(offset: value?.offset, keyPath, shown, problem, accepted: accepted)
  }

  /// A fault of a key of an option that is an object of names.
  mutating func fault(key: String, of option: String, _ problem: String, accepted: String) {
    guard case .object(let members)? = values[option]?.content else { return }
    let path = Section(path: option, offset: nil, members: [:], keys: []).path(of: key)
    let offset = members.first { $0.key == key }?.offset
    fault(offset: offset, path, nil, problem, accepted: accepted)
  }

  /// A fault of an element of an option that is an array.
  mutating func fault(element index: Int, of option: String, _ problem: String, accepted: String) {
    guard case .array(let elements)? = values[option]?.content, elements.indices.contains(index) else { return }
    let element = elements[index]
    fault(offset: element.offset, "\(option)[\(index)]", element.shown, problem, accepted: accepted)
  }

  // MARK: - Sections

  /// Takes an object apart; a member whose key is not in `keys` is a fault. Nil `keys`: any.
  mutating func section(_ value: JSON5Value?, path: String, keys: [String]?) -> Section {
    var section = Section(path: path, offset: value?.offset, members: [:], keys: [])
    guard let value else { return section }
    guard case .object(let members) = value.content else {
      let accepted = keys.map { "an object with " + $0.joined(separator: ", ") } ?? "an object"
      fault(offset: value.offset, path, value.shown, "is not an object", accepted: accepted)
      return section
    }
    var firsts: [String: Int] = [:]
    for member in members {
      let memberPath = section.path(of: member.key)
      if let first = firsts[member.key] {
        let line = source.position(of: first).line
        fault(offset: member.offset, memberPath, member.value.shown, "stands twice; first on line \(line)")
        continue
      }
      firsts[member.key] = member.offset
      if let keys, !keys.contains(member.key) {
        let nearest = further == 0 ? NearestNames.nearest(to: member.key, among: keys, count: 1).first : nil
        let problem = "is no option" + (nearest.map { "; did you mean \($0)?" } ?? "")
        fault(offset: member.offset, memberPath, nil, problem, accepted: keys.joined(separator: ", "))
        continue
      }
      section.members[member.key] = member.value
      section.keys.append(member.key)
    }
    return section
  }

  mutating func section(_ key: String, in parent: Section, keys: [String]?) -> Section {
    section(parent.members[key], path: parent.path(of: key), keys: keys)
  }

  /// The value of an option, which is noted; nil when it is not there.
  mutating func value(_ key: String, in section: Section) -> JSON5Value? {
    let path = section.path(of: key)
    options.append(path)
    values[path] = section.members[key]
    return section.members[key]
  }

  // MARK: - Options

  /// Sets `target` to what `convert` makes of the option; nil is a fault.
  mutating func read<Value>(
    _ key: String, in section: Section, into target: inout Value, accepted: String,
    _ convert: (JSON5Value.Content) -> Value?
  ) {
    guard let value = value(key, in: section) else { return }
    if let converted = convert(value.content) {
      target = converted
    } else {
      fault(offset: value.offset, section.path(of: key), value.shown, "is not accepted", accepted: accepted)
    }
  }

  mutating func text(
    _ key: String, in section: Section, into target: inout String, accepted: String,
    where isFit: (String) -> Bool = { _ in true }
  ) {
    read(key, in: section, into: &target, accepted: accepted) { content in
      if case .text(let text) = content, Self.isPlain(text), isFit(text) { text } else { nil }
    }
  }

  /// Text, or null for none.
  mutating func optionalText(
    _ key: String, in section: Section, into target: inout String?, accepted: String,
    where isFit: (String) -> Bool = { _ in true }
  ) {
    read(key, in: section, into: &target, accepted: accepted + ", or null") { content in
      switch content {
      case .null: .some(nil)
      case .text(let text) where Self.isPlain(text) && isFit(text): .some(text)
      default: nil
      }
    }
  }

  mutating func integer(_ key: String, in section: Section, into target: inout Int, _ range: ClosedRange<Int>) {
    read(
      key, in: section, into: &target, accepted: "a whole number, \(range.lowerBound) to \(range.upperBound)"
    ) { content in
      if case .integer(let number) = content, let value = Int(exactly: number), range.contains(value) {
        value
      } else {
        nil
      }
    }
  }

  mutating func number(
    _ key: String, in section: Section, into target: inout Double, accepted: String, where isFit: (Double) -> Bool
  ) {
    read(key, in: section, into: &target, accepted: accepted) { content in
      Self.number(content).flatMap { isFit($0) ? $0 : nil }
    }
  }

  mutating func word<Word>(
    _ key: String, in section: Section, into target: inout Word, _ words: [(String, Word)]
  ) {
    let accepted = words.map { "\"\($0.0)\"" }.joined(separator: ", ")
    read(key, in: section, into: &target, accepted: accepted) { content in
      if case .text(let text) = content { words.first { $0.0 == text }?.1 } else { nil }
    }
  }

  // MARK: - Values

  /// Finite numbers only.
  static func number(_ content: JSON5Value.Content) -> Double? {
    switch content {
    case .integer(let value): Double(value)
    case .number(let value) where value.isFinite: value
    default: nil
    }
  }

  /// No option is empty or holds a control character; a path with a zero byte would be cut at it by the system.
  static func isPlain(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 4096 && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
