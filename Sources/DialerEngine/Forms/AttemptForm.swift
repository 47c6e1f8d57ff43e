import DialerModel

/// An attempt as clients see it, wherever one stands.
enum AttemptForm {
  static func json(_ attempt: Attempt, live: LiveCall?, leadDeleted: Bool, withEvidence: Bool = false) -> JSON {
    var form = JSONObject()
    form.append("attemptID", JSON(attempt.attemptID.rawValue))
    form.append("callID", .string(attempt.callID.rawValue))
    form.append("leadID", JSON(attempt.leadID.rawValue))
    form.append("vendorLeadCode", JSON(attempt.vendorLeadCode))
    form.append("listID", JSON(attempt.listID.rawValue))
    form.append("campaignID", .string(attempt.campaignID.rawValue))
    form.append("phone", .string(attempt.phone.e164))
    form.append("callerID", JSON(attempt.callerID))
    form.append("trunk", .string(attempt.trunk.rawValue))
    form.append("agentID", JSON(attempt.agentID?.rawValue))
    appendTimes(attempt, to: &form)
    let status = live?.liveStatus ?? attempt.wrapCode ?? attempt.outcome?.restingStatus ?? "UNK"
    form.append("outcome", JSON(attempt.outcome?.word))
    form.append("cause", attempt.cause.map { JSON($0) } ?? .null)
    form.append("status", .string(status))
    form.append("statusName", JSON(StatusName.name(of: status) ?? wrapCodeName(status, live)))
    form.append("counted", .bool(attempt.counted))
    form.append("wrapCode", JSON(attempt.wrapCode))
    form.append("notes", JSON(attempt.notes))
    form.append("recording", JSON(attempt.recording))
    form.append("leadDeleted", .bool(leadDeleted))
    if withEvidence { form.append("evidence", (try? JSON(parsing: attempt.evidence)) ?? .null) }
    return .object(form)
  }

  private static func wrapCodeName(_ code: String, _ live: LiveCall?) -> String? {
    live?.campaign.campaign.wrapCodes.first { $0.code == code }?.name
  }

  private static func appendTimes(_ attempt: Attempt, to form: inout JSONObject) {
    form.append("startedAt", JSON(attempt.startedAt))
    form.append("dialledAt", JSON(attempt.dialledAt))
    form.append("ringingAt", JSON(attempt.ringingAt))
    form.append("answeredAt", JSON(attempt.answeredAt))
    form.append("connectedAt", JSON(attempt.connectedAt))
    form.append("endedAt", JSON(attempt.endedAt))
    form.append("ringSeconds", attempt.ringTime.map { JSON($0) } ?? .null)
    form.append("talkSeconds", attempt.talkTime.map { JSON($0) } ?? .null)
  }
}
