import DialerModel

/// Reads the members of JSON objects and gathers every fault instead of stopping at the first.
struct FieldReader {
  private(set) var faults: [FieldFault] = []

  /// So much of a value is repeated in a fault.
  private static let shownCharacters = 60
  /// A text full of faults need not be answered by a longer one.
  static let maximumFaults = 100

  mutating func fault(_ path: String, _ value: JSON?, _ accepted: String) {
    guard faults.count < Self.maximumFaults else { return }
    let shown = value.map { value -> String in
      let text = value.text
      return text.count > Self.shownCharacters ? text.prefix(Self.shownCharacters) + "…" : text
    }
    faults.append(FieldFault(path: path, value: shown, accepted: accepted))
  }

  func finish() throws(FieldFaults) {
    guard faults.isEmpty else { throw FieldFaults(faults) }
  }

  static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The members of an object; an unknown key is a fault, so that a slip of the pen is not silently ignored.
  mutating func object(_ value: JSON?, _ path: String, keys: [String]) -> JSONObject? {
    guard let object = value?.objectValue else {
      fault(path, value, "an object")
      return nil
    }
    for member in object.members where !keys.contains(member.key) {
      fault(Self.join(path, member.key), member.value, "one of the keys \(keys.joined(separator: ", "))")
    }
    return object
  }

  /// The value of a key; null counts as missing.
  static func value(_ object: JSONObject, _ key: String) -> JSON? {
    guard let value = object[key], !value.isNull else { return nil }
    return value
  }

  mutating func text(
    _ object: JSONObject, _ key: String, _ path: String, bytes: ClosedRange<Int>, isRequired: Bool = false
  ) -> String? {
    let accepted = "text of \(bytes.lowerBound) to \(bytes.upperBound) bytes"
    guard let value = Self.value(object, key) else {
      if isRequired { fault(Self.join(path, key), nil, accepted) }
      return nil
    }
    guard let text = value.stringValue, bytes.contains(text.utf8.count) else {
      fault(Self.join(path, key), value, accepted)
      return nil
    }
    return text
  }

  mutating func integer(
    _ object: JSONObject, _ key: String, _ path: String, _ range: ClosedRange<Int>, isRequired: Bool = false
  ) -> Int? {
    let accepted = "an integer from \(range.lowerBound) to \(range.upperBound)"
    guard let value = Self.value(object, key) else {
      if isRequired { fault(Self.join(path, key), nil, accepted) }
      return nil
    }
    guard let number = value.integerValue, let integer = Int(exactly: number), range.contains(integer) else {
      fault(Self.join(path, key), value, accepted)
      return nil
    }
    return integer
  }

  mutating func boolean(_ object: JSONObject, _ key: String, _ path: String) -> Bool? {
    guard let value = Self.value(object, key) else { return nil }
    if let boolean = value.boolValue { return boolean }
    fault(Self.join(path, key), value, "true or false")
    return nil
  }

  /// Seconds with decimals to the millisecond.
  mutating func seconds(
    _ object: JSONObject, _ key: String, _ path: String, _ range: ClosedRange<Int>, isRequired: Bool = false
  ) -> Interval? {
    let accepted = "seconds from \(range.lowerBound) to \(range.upperBound)"
    guard let value = Self.value(object, key) else {
      if isRequired { fault(Self.join(path, key), nil, accepted) }
      return nil
    }
    guard let number = value.numberValue, Double(range.lowerBound) <= number, number <= Double(range.upperBound) else {
      fault(Self.join(path, key), value, accepted)
      return nil
    }
    return Interval(seconds: number)
  }

  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ object: JSONObject, _ key: String, _ path: String, _ type: Word.Type
  ) -> Word? where Word.RawValue == String {
    guard let value = Self.value(object, key) else { return nil }
    if let word = value.stringValue.flatMap({ Word(rawValue: $0) }) { return word }
    fault(Self.join(path, key), value, "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    return nil
  }

  /// Empty when the key is missing.
  mutating func array(
    _ object: JSONObject, _ key: String, _ path: String, maximum: Int
  ) -> [(value: JSON, path: String)] {
    guard let value = Self.value(object, key) else { return [] }
    return array(value, Self.join(path, key), maximum: maximum)
  }

  mutating func array(_ value: JSON, _ path: String, maximum: Int) -> [(value: JSON, path: String)] {
    guard let elements = value.arrayValue, elements.count <= maximum else {
      fault(path, value, "an array of at most \(maximum)")
      return []
    }
    return elements.enumerated().map { ($1, "\(path)[\($0)]") }
  }
}
