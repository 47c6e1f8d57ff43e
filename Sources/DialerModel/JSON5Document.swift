/// A JSON5 text as a value of the control protocol, with the place of each part, so that what checks the value can say
/// where in the text a fault stands.
public struct JSON5Document: Sendable {
  public let json: JSON
  public let source: SourceText
  /// Offsets in bytes by path, such as `regions.US-FL.weekly.monday[0]`; the whole has the empty path.
  private let offsets: [String: Int]

  /// - Throws: what is no JSON5, and keys that stand twice in an object or numbers that JSON cannot hold: the first such
  ///   fault.
  public init(_ bytes: [UInt8]) throws(JSON5Fault) {
    source = SourceText(bytes)
    var offsets: [String: Int] = [:]
    json = try Self.json(try JSON5Parser.value(of: bytes), "", &offsets)
    self.offsets = offsets
  }

  /// Where a path stands; for one that is missing, where the object stands that it is missing from.
  public func position(of path: String) -> SourceText.Position {
    var path = Substring(path)
    while true {
      if let offset = offsets[String(path)] { return source.position(of: offset) }
      guard !path.isEmpty else { return source.position(of: 0) }
      guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else {
        path = ""
        continue
      }
      path = path[..<end]
    }
  }

  private static func json(
    _ value: JSON5Value, _ path: String, _ offsets: inout [String: Int]
  ) throws(JSON5Fault) -> JSON {
    offsets[path] = value.offset
    switch value.content {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .number(let number):
      guard number.isFinite else { throw JSON5Fault(offset: value.offset, problem: .numberTooLarge) }
      return .number(number)
    case .text(let value): return .string(value)
    case .array(let elements):
      var converted: [JSON] = []
      for (index, element) in elements.enumerated() {
        converted.append(try json(element, "\(path)[\(index)]", &offsets))
      }
      return .array(converted)
    case .object(let members):
      var object = JSONObject()
      for member in members {
        guard object[member.key] == nil else { throw JSON5Fault(offset: member.offset, problem: .doubleKey) }
        object.append(member.key, try json(member.value, path.isEmpty ? member.key : "\(path).\(member.key)", &offsets))
      }
      return .object(object)
    }
  }
}
