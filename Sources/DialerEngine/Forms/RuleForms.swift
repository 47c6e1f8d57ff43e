import ControlProtocol
import DialerModel
import DialingRules

/// Strategies as clients write and see them.
enum StrategyForm {
  static func strategy(_ parameters: Parameters) throws(RequestError) -> Strategy {
    do {
      return try StrategyCodec.strategy(.object(parameters.ownMembers))
    } catch {
      throw error.requestError
    }
  }

  static func json(_ strategy: Strategy) -> JSON { StrategyCodec.json(strategy) }
}

/// Sets of calling hours as clients write and see them.
enum CallingHoursForm {
  static func hours(_ parameters: Parameters) throws(RequestError) -> CallingHours {
    do {
      return try CallingHoursCodec.callingHours(.object(parameters.ownMembers))
    } catch {
      throw error.requestError
    }
  }

  static func json(_ hours: CallingHours) -> JSON {
    guard var form = CallingHoursCodec.json(hours).objectValue else { return .null }
    form["version"] = JSON(hours.version)
    return .object(form)
  }
}

extension Parameters {
  /// What is given of the thing itself, without what every change takes.
  var ownMembers: JSONObject {
    var members = object
    members["requestID"] = nil
    members["dryRun"] = nil
    return members
  }
}

extension FieldFaults {
  /// The first fault in the fields that every error has, and all of them beside it.
  var requestError: RequestError {
    guard let first = faults.first else { return .internalError("A fault without a place was found.") }
    var details: JSONObject = ["field": .string(first.path)]
    details.append("value", ifPresent: first.value.map { .string($0) })
    details.append("accepted", JSON([first.accepted]))
    details.append(
      "faults",
      .array(faults.map { ["field": .string($0.path), "value": JSON($0.value), "accepted": .string($0.accepted)] }))
    return RequestError(.invalidParams, faults.map(\.message).joined(separator: " "), details: details)
  }
}
