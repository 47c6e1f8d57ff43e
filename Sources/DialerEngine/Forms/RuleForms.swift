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

/// Sets of calling hours and strategies are documents that people write: they want to hear of all that is wrong at once,
/// where the method table stops at the first.
public enum DocumentFaults {
  /// - Parameter first: what the table found.
  /// - Returns: every fault of a document, or `first` for what is none or where the table alone sees it.
  public static func all(of method: String, _ params: JSONObject, first: RequestError) -> RequestError {
    var members = params
    members["requestID"] = nil
    members["dryRun"] = nil
    do throws(FieldFaults) {
      switch method {
      case "callingHours.put": _ = try CallingHoursCodec.callingHours(.object(members))
      case "strategy.put": _ = try StrategyCodec.strategy(.object(members))
      default: break
      }
      return first
    } catch {
      return error.requestError
    }
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
