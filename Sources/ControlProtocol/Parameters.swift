import DialerModel

/// The checked parameters of one call, or of one object inside them.
///
/// Everything that the specification says has been checked when it exists: names, required ones, types, ranges. The
/// getters for optional parameters give nil for what is absent or null; the others throw `invalid-params` for it.
public struct Parameters: Sendable {
  public let object: JSONObject
  /// Where the object stands: empty for the params themselves, else such as `lists[2]`.
  public let path: String

  /// - Throws: `invalid-params`, naming field, value and what would be accepted.
  public init(_ object: JSONObject, of spec: MethodSpec) throws(RequestError) {
    do throws(ParameterFault) {
      try ParameterCheck.object(object, spec.parameters)
      try ParameterCheck.choices(object, spec.choices)
    } catch {
      throw error.requestError
    }
    self.object = object
    path = ""
  }

  /// An object inside checked parameters.
  private init(inner object: JSONObject, path: String) {
    self.object = object
    self.path = path
  }

  /// The path of a parameter, for an error that the method itself finds.
  public func field(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  /// An error about a parameter that the method itself finds.
  public func invalid(_ name: String, accepted: [String] = [], _ message: String) -> RequestError {
    .invalidParams(field: field(name), value: object[name], accepted: accepted, message: message)
  }

  /// Whether it was given, be it null.
  public func isPresent(_ name: String) -> Bool { object[name] != nil }

  /// Whether it was given as null, which clears the field.
  public func isNull(_ name: String) -> Bool { object[name]?.isNull ?? false }

  /// The value as it came.
  public func json(_ name: String) -> JSON? { object[name] }
}

extension Parameters {
  public func optionalText(_ name: String) -> String? { object[name]?.stringValue }
  public func optionalInteger(_ name: String) -> Int64? { object[name]?.integerValue }
  public func optionalNumber(_ name: String) -> Double? { object[name]?.numberValue }
  public func optionalBoolean(_ name: String) -> Bool? { object[name]?.boolValue }
  public func optionalInstant(_ name: String) -> Instant? {
    object[name]?.stringValue.flatMap { Instant(rfc3339: $0) }
  }
  /// A duration given in seconds, to the millisecond.
  public func optionalSeconds(_ name: String) -> Interval? {
    object[name]?.numberValue.map { Interval(seconds: $0) }
  }
  /// An array of text; one text alone is an array of one.
  public func optionalStrings(_ name: String) -> [String]? {
    guard let value = object[name] else { return nil }
    return value.stringValue.map { [$0] } ?? value.arrayValue?.compactMap(\.stringValue)
  }
  /// An array of objects, each with getters and a path of its own.
  public func optionalObjects(_ name: String) -> [Parameters]? {
    object[name]?.arrayValue?.enumerated().compactMap { index, element in
      element.objectValue.map { Parameters(inner: $0, path: "\(field(name))[\(index)]") }
    }
  }
  public func optionalObject(_ name: String) -> Parameters? {
    object[name]?.objectValue.map { Parameters(inner: $0, path: field(name)) }
  }
  public func optionalFilter(_ name: String) throws(RequestError) -> FilterExpression? {
    guard let value = object[name], !value.isNull else { return nil }
    return try FilterParameter.parse(value, field: field(name))
  }
}

extension Parameters {
  public func text(_ name: String) throws(RequestError) -> String { try required(optionalText(name), name) }
  public func integer(_ name: String) throws(RequestError) -> Int64 { try required(optionalInteger(name), name) }
  public func number(_ name: String) throws(RequestError) -> Double { try required(optionalNumber(name), name) }
  public func boolean(_ name: String) throws(RequestError) -> Bool { try required(optionalBoolean(name), name) }
  public func instant(_ name: String) throws(RequestError) -> Instant { try required(optionalInstant(name), name) }
  public func seconds(_ name: String) throws(RequestError) -> Interval { try required(optionalSeconds(name), name) }
  public func strings(_ name: String) throws(RequestError) -> [String] { try required(optionalStrings(name), name) }
  public func objects(_ name: String) throws(RequestError) -> [Parameters] {
    try required(optionalObjects(name), name)
  }
  public func filter(_ name: String) throws(RequestError) -> FilterExpression {
    try required(try optionalFilter(name), name)
  }

  private func required<Value>(_ value: Value?, _ name: String) throws(RequestError) -> Value {
    guard let value else {
      throw .invalidParams(
        field: field(name), value: object[name], accepted: [], message: "The parameter \(field(name)) is missing.")
    }
    return value
  }
}

/// What every change accepts.
extension Parameters {
  public var requestID: String? { optionalText("requestID") }
  public var isDryRun: Bool { optionalBoolean("dryRun") ?? false }
}

/// The ids, in the types of the model; ranges have been checked.
extension Parameters {
  public func optionalLeadID(_ name: String = "leadID") -> LeadID? {
    optionalInteger(name).flatMap { UInt32(exactly: $0) }.map { LeadID($0) }
  }
  public func optionalListID(_ name: String = "listID") -> ListID? {
    optionalInteger(name).flatMap { UInt32(exactly: $0) }.map { ListID($0) }
  }
  public func optionalAttemptID(_ name: String = "attemptID") -> AttemptID? {
    optionalInteger(name).map { AttemptID($0) }
  }
  public func listID(_ name: String = "listID") throws(RequestError) -> ListID {
    try required(optionalListID(name), name)
  }
  public func campaignID(_ name: String = "campaignID") throws(RequestError) -> CampaignID {
    CampaignID(try text(name))
  }
  public func agentID(_ name: String = "agentID") throws(RequestError) -> AgentID { AgentID(try text(name)) }
}
