/// What a campaign says once about all of its calls, for the record that 16 CFR 310.5(a)(2) asks for of each: copied into
/// each attempt's evidence when it is claimed, so that a later change alters no record. Nil = not said.
public struct CallDetail: Hashable, Codable, Sendable {
  public enum CallType: String, CaseIterable, Codable, Sendable { case consumer, business }

  /// Who makes the calls.
  public var telemarketer: String?
  /// For whom.
  public var seller: String?
  /// The good, service or charitable purpose.
  public var goods: String?
  /// Whom the calls are to.
  public var callType: CallType?
  /// Whether a recorded message is played.
  public var prerecorded: Bool?
  /// The name and version of the script.
  public var script: String?
  /// The name that goes with the calling number.
  public var callerIDName: String?
  /// Where it stands that number and name may be shown.
  public var callerIDProof: String?

  public init() {}

  /// As an object of the members that are said.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    if let telemarketer { writer.member("telemarketer", telemarketer) }
    if let seller { writer.member("seller", seller) }
    if let goods { writer.member("goods", goods) }
    if let callType { writer.member("callType", callType.rawValue) }
    if let prerecorded { writer.member("prerecorded", prerecorded) }
    if let script { writer.member("script", script) }
    if let callerIDName { writer.member("callerIDName", callerIDName) }
    if let callerIDProof { writer.member("callerIDProof", callerIDProof) }
    writer.endObject()
  }
}
