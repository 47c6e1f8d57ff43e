import ControlProtocol
import DialerModel
import LeadStore

/// The proof of what was dialled and why it was allowed. The store is asked for one piece after the other, so that
/// neither claims nor other questions wait for millions of rows.
extension Engine {
  func verifyEvidence(_ command: Command) throws(RequestError) -> Answer {
    let range = try evidenceRange(command.parameters)
    guard command.peer.tenant == nil else {
      throw RequestError(
        .notPermitted, "The records of all tenants hang together: a peer that is bound to one may not look at them.",
        details: ["role": .string(command.peer.role.rawValue), "method": .string(command.request.method)])
    }
    verify(range, after: nil, command)
    return .later
  }

  private func verify(_ range: EvidenceRange, after walk: EvidenceWalk?, _ command: Command) {
    ask(.verifyEvidence(range, walk)) { [self] answer in
      guard case .evidenceWalk(let walk) = answer else { return answerFailed(command, answer) }
      guard walk.isFinished else { return verify(range, after: walk, command) }
      if let sentence = walk.sentence { writeLog(.error, "evidence.broken", [("reason", .text(sentence))]) }
      finish(command, .success(Self.report(walk)))
    }
  }

  private static func report(_ walk: EvidenceWalk) -> JSON {
    var form: JSONObject = ["fits": .bool(walk.fault == nil), "checked": JSON(walk.checked)]
    switch walk.fault {
    case .changed(let attempt), .courseChanged(let attempt): form.append("attemptID", JSON(attempt.rawValue))
    case .missing(let last): form.append("missingAfter", JSON(last.rawValue))
    case .courseMissing(let last): form.append("missingAfter", ifPresent: last.map { JSON($0.rawValue) })
    case nil: break
    }
    form.append("detail", ifPresent: walk.sentence.map { .string($0) })
    return .object(form)
  }

  func exportEvidence(_ command: Command) throws(RequestError) -> Answer {
    let range = try evidenceRange(command.parameters)
    var after: AttemptID?
    if let cursor = command.parameters.optionalText("cursor") {
      guard let number = Int64(cursor, radix: 36), number > 0 else {
        throw command.parameters.invalid(
          "cursor", accepted: ["the nextCursor of an answer"],
          "cursor: this is no cursor of an answer to evidence.export.")
      }
      after = AttemptID(number)
    }
    ask(.exportEvidence(range, tenant: command.peer.tenant, after: after)) { [self] answer in
      guard case .evidenceText(let text, let count, let next) = answer else { return answerFailed(command, answer) }
      var result: JSONObject = ["csv": .string(text), "attempts": JSON(count)]
      result.append("nextCursor", ifPresent: next.map { .string(String($0.rawValue, radix: 36)) })
      finish(command, .success(.object(result)))
    }
    return .later
  }

  private func evidenceRange(_ parameters: Parameters) throws(RequestError) -> EvidenceRange {
    let range = EvidenceRange(
      since: parameters.optionalInstant("since"), until: parameters.optionalInstant("until"))
    if let since = range.since, let until = range.until, since >= until {
      throw parameters.invalid(
        "until", accepted: ["an instant after since"], "until: the time ends before it begins (\(since)).")
    }
    return range
  }
}
