import DialerModel

/// Why a value does not fit its specification, with a path that grows while the fault travels outwards.
struct ParameterFault: Error {
  var path: String
  let value: JSON?
  let accepted: [String]
  let message: String

  init(_ path: String = "", value: JSON?, accepted: [String], _ message: String) {
    self.path = path
    self.value = value
    self.accepted = accepted
    self.message = message
  }

  func inside(_ part: String) -> ParameterFault {
    var fault = self
    fault.path = path.isEmpty ? part : path.hasPrefix("[") ? part + path : "\(part).\(path)"
    return fault
  }

  /// The message names the field when the check did not.
  var requestError: RequestError {
    .invalidParams(field: path, value: value, accepted: accepted, message: message)
  }
}

/// Checks values against their specifications.
enum ParameterCheck {
  static func object(_ object: JSONObject, _ specs: [ParameterSpec]) throws(ParameterFault) {
    for member in object.members {
      guard let spec = specs.first(where: { $0.name == member.key }) else {
        throw unknown(member, among: specs.map(\.name))
      }
      if member.value.isNull, spec.isNullable { continue }
      do throws(ParameterFault) {
        try value(member.value, spec.type)
      } catch { throw error.inside(member.key) }
    }
    for spec in specs where spec.required && object[spec.name] == nil {
      throw ParameterFault(
        spec.name, value: nil, accepted: [spec.type.accepted], "The parameter \(spec.name) is missing.")
    }
  }

  private static func unknown(_ member: JSONObject.Member, among names: [String]) -> ParameterFault {
    let shown = RequestError.shortened(member.key)
    let nearest = NearestNames.nearest(to: member.key, among: names, count: 1).first
    let hint = nearest.map { " The nearest is \($0)." } ?? ""
    let accepted = names.isEmpty ? ["no parameters"] : names
    return ParameterFault(shown, value: member.value, accepted: accepted, "There is no parameter \(shown) here.\(hint)")
  }

  static func choices(_ object: JSONObject, _ choices: [ParameterChoice]) throws(ParameterFault) {
    for choice in choices {
      var count = 0
      for name in choice.names where object[name] != nil { count += 1 }
      if choice.isMet(by: count) { continue }
      let given = choice.names.filter { object[$0] != nil }
      let field = given.count > 1 ? given[1] : choice.names[0]
      throw ParameterFault(field, value: object[field], accepted: choice.names, choice.sentence)
    }
  }

  static func value(_ value: JSON, _ type: ParameterType) throws(ParameterFault) {
    switch type {
    case .object(let specs):
      guard let object = value.objectValue else { throw wrong(value, type) }
      try self.object(object, specs)
    case .map(let type, let count): try map(value, of: type, count: count)
    case .array(let type, let count): try array(value, of: type, count: count)
    case .filter(let mayBeEmpty): try filter(value, mayBeEmpty)
    case .either(let types): try either(value, types)
    default: guard fits(value, type) else { throw wrong(value, type) }
    }
  }

  private static func wrong(_ value: JSON, _ type: ParameterType) -> ParameterFault {
    ParameterFault(value: value, accepted: acceptedList(type), "This must be \(type.accepted).")
  }

  /// Words one by one, for programs; anything else in one sentence.
  private static func acceptedList(_ type: ParameterType) -> [String] {
    if case .word(let words) = type { words } else { [type.accepted] }
  }

  private static func fits(_ value: JSON, _ type: ParameterType) -> Bool {
    switch type {
    case .text(let bytes): isText(value, bytes) { $0 != 0 }
    case .identifier: isText(value, 1...ParameterType.maximumIdentifierBytes) { $0 >= 0x20 && $0 != 0x7F }
    case .phone: isText(value, ParameterType.phoneBytes) { $0 >= 0x20 && $0 != 0x7F }
    case .statusCode: value.stringValue.flatMap { StatusCode($0) } != nil
    case .integer(let range): value.integerValue.map { range.contains($0) } ?? false
    case .number(let range), .seconds(let range): value.numberValue.map { range.contains($0) } ?? false
    case .boolean: value.boolValue != nil
    case .instant: value.stringValue.flatMap { Instant(rfc3339: $0) } != nil
    case .word(let words): value.stringValue.map { words.contains($0) } ?? false
    case .scalar: value.arrayValue == nil && value.objectValue == nil
    case .json: true
    default: false
    }
  }

  private static func isText(_ value: JSON, _ bytes: ClosedRange<Int>, _ allowed: (UInt8) -> Bool) -> Bool {
    guard let text = value.stringValue, bytes.contains(text.utf8.count) else { return false }
    return text.utf8.allSatisfy(allowed)
  }

  private static func map(
    _ value: JSON, of type: ParameterType, count: ClosedRange<Int>
  ) throws(ParameterFault) {
    guard let object = value.objectValue, count.contains(object.count) else {
      throw wrong(value, .map(of: type, count: count))
    }
    for member in object.members {
      let isName = (1...ParameterType.maximumIdentifierBytes).contains(member.key.utf8.count)
      guard isName, !member.key.utf8.contains(0) else {
        throw ParameterFault(
          RequestError.shortened(member.key), value: .string(member.key),
          accepted: ["a name of 1 to \(ParameterType.maximumIdentifierBytes) bytes, none of them zero"],
          "The name is too long or empty, or has a zero byte in it.")
      }
      do throws(ParameterFault) {
        try self.value(member.value, type)
      } catch { throw error.inside(member.key) }
    }
  }

  private static func array(
    _ value: JSON, of type: ParameterType, count: ClosedRange<Int>
  ) throws(ParameterFault) {
    guard let elements = value.arrayValue, count.contains(elements.count) else {
      throw wrong(value, .array(of: type, count: count))
    }
    for (index, element) in elements.enumerated() {
      do throws(ParameterFault) {
        try self.value(element, type)
      } catch { throw error.inside("[\(index)]") }
    }
  }

  private static func filter(_ value: JSON, _ mayBeEmpty: Bool) throws(ParameterFault) {
    do throws(RequestError) {
      _ = try FilterParameter.parse(value, field: "", mayBeEmpty: mayBeEmpty)
    } catch {
      let path = error.details["field"]?.stringValue ?? ""
      throw ParameterFault(
        path.hasPrefix(".") ? String(path.dropFirst()) : path, value: error.details["value"],
        accepted: (error.details["accepted"]?.arrayValue ?? []).compactMap(\.stringValue), error.message)
    }
  }

  /// The fault of the alternative that goes deepest, so that a wrong member of an object is named.
  private static func either(_ value: JSON, _ types: [ParameterType]) throws(ParameterFault) {
    var deepest: ParameterFault?
    for type in types {
      do throws(ParameterFault) {
        return try self.value(value, type)
      } catch {
        if !error.path.isEmpty { deepest = error }
      }
    }
    throw deepest ?? wrong(value, .either(types))
  }
}
