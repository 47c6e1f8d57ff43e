import DialerModel

/// A request that is answered with an error instead of a result.
public struct RequestError: Error, Sendable, Hashable {
  public let reason: ErrorReason
  /// One sentence for a person.
  public let message: String
  /// What else a program can use, beside `reason`.
  public let details: JSONObject

  public init(_ reason: ErrorReason, _ message: String, details: JSONObject = [:]) {
    self.reason = reason
    self.message = message
    self.details = details
  }

  public var code: Int64 { reason.code }

  /// The error of a reply; nil when it is not one of ours.
  public init?(_ json: JSON) {
    guard let message = json["message"]?.stringValue, var details = json["data"]?.objectValue,
      let reason = details["reason"]?.stringValue.flatMap(ErrorReason.init(rawValue:))
    else { return nil }
    details["reason"] = nil
    self.init(reason, message, details: details)
  }

  /// `{"code":…,"message":…,"data":{"reason":…,…}}`
  public var json: JSON {
    var data: JSONObject = ["reason": .string(reason.rawValue)]
    for member in details.members { data[member.key] = member.value }
    return ["code": .integer(code), "message": .string(message), "data": .object(data)]
  }

  public func write(to writer: inout JSONWriter) { writer.value(json) }

  /// How much of an offending value is given back, in Unicode scalars: a value may be as long as a line, and a
  /// character without end.
  public static let shownScalars = 64

  /// The value, or its beginning as text when it is longer than is given back.
  public static func shortened(_ value: JSON) -> JSON {
    switch value {
    case .null, .bool, .integer, .number: return value
    case .string(let text): return .string(shortened(text))
    case .array, .object:
      let text = shortened(value.text)
      return text.hasSuffix("…") ? .string(text) : value
    }
  }

  public static func shortened(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: shownScalars, limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return text }
    return String(scalars[..<scalars.index(before: end)]) + "…"
  }
}

extension RequestError {
  public static func parseError(_ fault: JSONFault) -> RequestError {
    RequestError(
      .parseError, "The line is not JSON: at byte \(fault.offset): \(fault.message)",
      details: ["offset": JSON(fault.offset), "problem": .string(fault.message)])
  }

  public static func invalidRequest(
    _ message: String, field: String? = nil, value: JSON? = nil, accepted: [String] = []
  ) -> RequestError {
    RequestError(.invalidRequest, message, details: fields(field, value, accepted))
  }

  /// - Parameter nearest: the names that look most like it, the nearest first.
  public static func unknownMethod(_ name: String, nearest: [String]) -> RequestError {
    let shown = shortened(name)
    let hint = nearest.isEmpty ? "" : " The nearest is \(nearest[0])."
    return RequestError(
      .unknownMethod, "There is no method \(shown).\(hint)",
      details: ["field": "method", "value": .string(shown), "nearest": JSON(nearest)])
  }

  /// - Parameter field: the path from the params down, such as `attemptLimits[2].scope`.
  public static func invalidParams(
    field: String, value: JSON?, accepted: [String], message: String
  ) -> RequestError {
    RequestError(.invalidParams, message, details: fields(field, value, accepted))
  }

  public static func internalError(_ message: String) -> RequestError { RequestError(.internalError, message) }

  /// - Parameter what: `lead`, `campaign` and so on.
  public static func notFound(_ what: String, _ id: JSON) -> RequestError {
    RequestError(
      .notFound, "There is no \(what) \(shownText(id)).", details: ["what": .string(what), "value": shortened(id)])
  }

  public static func alreadyExists(_ what: String, _ id: JSON) -> RequestError {
    RequestError(
      .alreadyExists, "There is a \(what) \(shownText(id)) already.",
      details: ["what": .string(what), "value": shortened(id)])
  }

  /// - Parameter word: stable, such as `list-is-to-dial`.
  public static func conflict(_ word: String, _ message: String) -> RequestError {
    RequestError(.conflict, message, details: ["conflict": .string(word)])
  }

  /// - Parameter gates: as in the answer of `lead.explain`.
  public static func refused(gates: JSON) -> RequestError {
    let names = (gates.arrayValue ?? []).filter { $0["passes"]?.boolValue != true }
      .compactMap { $0["gate"]?.stringValue }
    let which = names.isEmpty ? "" : ": " + names.joined(separator: ", ")
    return RequestError(.refused, "The dial is not allowed\(which).", details: ["gates": gates])
  }

  /// - Parameter parameter: named when the method is allowed, but not with this parameter.
  public static func notPermitted(
    _ role: Role, _ method: String, needs: Role, parameter: String? = nil
  ) -> RequestError {
    var details: JSONObject = [
      "role": .string(role.rawValue), "method": .string(method), "accepted": JSON([needs.rawValue]),
    ]
    details.append("field", ifPresent: parameter.map { .string($0) })
    let what = parameter.map { "\($0) of \(method)" } ?? method
    return RequestError(
      .notPermitted, "The role \(role.rawValue) may not use \(what); it needs \(needs.rawValue).", details: details)
  }

  /// - Parameter limit: the name of the limit, such as `limits.requestBytes`.
  public static func tooLarge(_ limit: String, maximum: Int) -> RequestError {
    RequestError(
      .tooLarge, "The request is larger than \(limit) allows (\(maximum)).",
      details: ["limit": .string(limit), "maximum": JSON(maximum)])
  }

  public static func busy(_ limit: String, _ message: String? = nil) -> RequestError {
    RequestError(.busy, message ?? "The limit \(limit) is reached; try again.", details: ["limit": .string(limit)])
  }

  /// - Parameters:
  ///   - why: stable, such as `disk-full`, `trunk-down`, `shutting-down`.
  public static func unavailable(_ why: String, _ message: String) -> RequestError {
    RequestError(.unavailable, message, details: ["unavailable": .string(why)])
  }

  public static func ambiguous(vendorLeadCode: String, leadIDs: [LeadID]) -> RequestError {
    RequestError(
      .ambiguous, "The vendor lead code stands in several lists; name the list too, or the leadID.",
      details: [
        "field": "vendorLeadCode", "value": .string(shortened(vendorLeadCode)),
        "leadIDs": .array(leadIDs.map { JSON($0.rawValue) }),
      ])
  }

  private static func fields(_ field: String?, _ value: JSON?, _ accepted: [String]) -> JSONObject {
    var details = JSONObject()
    details.append("field", ifPresent: field.map { .string($0) })
    details.append("value", ifPresent: value.map { shortened($0) })
    if !accepted.isEmpty { details.append("accepted", JSON(accepted)) }
    return details
  }

  private static func shownText(_ id: JSON) -> String { id.stringValue.map { shortened($0) } ?? shortened(id).text }
}
