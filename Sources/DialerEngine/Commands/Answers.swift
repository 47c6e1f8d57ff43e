import ControlProtocol
import DialerModel

/// Answers, and the first answer given again to a repeated `requestID`.
extension Engine {
  /// Replies; a change's reply waits for its transaction and is remembered under its `requestID`.
  func finish(_ command: Command, _ answer: Result<JSON, RequestError>) {
    let request = command.request
    guard request.changes, !command.isDryRun else {
      output.immediate.append(.reply(request.token, withInstant(answer)))
      return
    }
    if let id = command.parameters.requestID {
      answers.finishPending(userID: command.peer.userID, requestID: id)
      if let remembered = remembered(request, id, answer) {
        answers.remember(remembered)
        output.transaction.answers.append(remembered)
      }
    }
    reply(request.token, answer)
  }

  private func remembered(
    _ request: EngineRequest, _ id: String, _ answer: Result<JSON, RequestError>
  ) -> RememberedAnswer? {
    let text: String
    var isError = false
    switch answer {
    case .success(.object(var result)) where request.method == "import.edit":
      // The rows of a file are kept in one place only, where they can be found when somebody is deleted.
      result["values"] = nil
      text = JSON.object(result).text
    case .success(let result): text = result.text
    case .failure(let error):
      guard error.reason.isRemembered else { return nil }
      text = error.json.text
      isError = true
    }
    var remembered = RememberedAnswer(
      userID: request.peer.userID, requestID: id, fingerprint: request.fingerprint, answer: Array(text.utf8),
      isError: isError, at: now.wall)
    remembered.leadID = request.parameters.optionalLeadID()
    // A refusal may show what another lead has: the value that it must not share.
    if case .failure(let error) = answer, let shown = error.details["leadID"]?.integerValue {
      remembered.leadID = UInt32(exactly: shown).map { LeadID($0) }
    }
    if case .success(let result) = answer, let shown = (result["leadID"] ?? result["lead"]?["leadID"])?.integerValue {
      remembered.leadID = UInt32(exactly: shown).map { LeadID($0) }
    }
    if case .failure(let error) = answer, let named = error.details["leadID"]?.integerValue {
      remembered.leadID = UInt32(exactly: named).map { LeadID($0) }
    }
    return remembered
  }

  /// A repeat is answered without touching what is kept of the first: that may still be under way.
  func isRepeat(_ command: Command) -> Bool {
    do throws(RequestError) {
      return try answeredBefore(command)
    } catch {
      reply(command.token, .failure(error))
      return true
    }
  }

  /// The same `requestID` from the same user within 24 hours gets the first answer again.
  private func answeredBefore(_ command: Command) throws(RequestError) -> Bool {
    guard let id = command.parameters.requestID else { return false }
    if let first = answers.answer(userID: command.peer.userID, requestID: id) {
      guard first.fingerprint == command.request.fingerprint else {
        throw .conflict("request-id-used", "This requestID was used for another request within the last 24 hours.")
      }
      let json = (try? JSON(parsing: first.answer)) ?? .null
      if first.isError {
        throw RequestError(json) ?? .internalError("The first answer to this requestID cannot be read.")
      }
      reply(command.token, .success(json))
      return true
    }
    guard answers.begin(userID: command.peer.userID, requestID: id) else {
      throw .busy("request-in-progress", "The first request with this requestID is still being carried out; try again.")
    }
    return false
  }

  /// An answer of a store that cannot be brought up to date says as of when it is.
  private func withInstant(_ answer: Result<JSON, RequestError>) -> Result<JSON, RequestError> {
    guard isStoreBehind, case .success(.object(var result)) = answer else { return answer }
    result["asOf"] = storeIsAsOf.map { JSON($0) } ?? .null
    return .success(.object(result))
  }
}
