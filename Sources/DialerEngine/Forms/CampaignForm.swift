import DialerModel

/// Campaigns, lists and agents as clients see them.
enum CampaignForm {
  static func json(_ campaign: Campaign) -> JSON {
    var form = JSONObject()
    form.append("campaignID", .string(campaign.campaignID.rawValue))
    form.append("name", .string(campaign.name))
    form.append("tenant", .string(campaign.tenant.rawValue))
    form.append("state", .string(campaign.state.rawValue))
    form.append("dialMode", .string(campaign.dialMode.rawValue))
    if campaign.dialMode == .predictive {
      form.append("runsAs", "progressive")
      form.append("runsAsReason", "predictive pacing is not built yet; one line is dialled for each ready agent")
    }
    form.append("timeZone", JSON(campaign.timeZone))
    form.append("region", JSON(campaign.region))
    form.append("callingHours", .string(campaign.callingHours.rawValue))
    form.append("calledCountLimit", campaign.calledCountLimit.map { JSON($0) } ?? .null)
    form.append("attemptLimits", .array(campaign.attemptLimits.map(limit)))
    form.append("minimumGapSeconds", JSON(campaign.minimumGap))
    form.append("wrapUpSeconds", campaign.wrapUp.map { JSON($0) } ?? .null)
    form.append("unknownRegion", JSON(campaign.unknownRegion?.rawValue))
    form.append("zoneFromPhone", .bool(campaign.zoneFromPhone))
    form.append(
      "timeZoneRules",
      .array(
        campaign.timeZoneRules.map {
          ["field": .string($0.field), "equals": .string($0.equals), "timeZone": .string($0.timeZone)]
        }))
    form.append("seed", JSON(campaign.seed))
    form.append("ringTimeoutSeconds", JSON(campaign.ringTimeout))
    form.append("callerIDs", JSON(campaign.callerIDs))
    form.append("trunks", JSON(campaign.trunks.map(\.rawValue)))
    form.append("maximumLiveCalls", campaign.maximumLiveCalls.map { JSON($0) } ?? .null)
    form.append("callsPerSecond", campaign.callsPerSecond.map { JSON($0) } ?? .null)
    form.append("dialRatio", JSON(campaign.dialRatio))
    form.append("abandonTargetPercent", JSON(campaign.abandonTargetPercent))
    form.append("listWeighting", .bool(campaign.listWeighting))
    form.append("strictZones", .bool(campaign.strictZones))
    form.append("wrapCodes", .array(campaign.wrapCodes.map(wrapCode)))
    append(campaign.callDetail ?? CallDetail(), to: &form)
    form.append("createdAt", JSON(campaign.createdAt))
    form.append("updatedAt", JSON(campaign.updatedAt))
    return .object(form)
  }

  private static func append(_ detail: CallDetail, to form: inout JSONObject) {
    form.append("telemarketer", JSON(detail.telemarketer))
    form.append("seller", JSON(detail.seller))
    form.append("goods", JSON(detail.goods))
    form.append("callType", JSON(detail.callType?.rawValue))
    form.append("prerecorded", detail.prerecorded.map { .bool($0) } ?? .null)
    form.append("script", JSON(detail.script))
    form.append("callerIDName", JSON(detail.callerIDName))
    form.append("callerIDProof", JSON(detail.callerIDProof))
  }

  static func limit(_ limit: AttemptLimit) -> JSON {
    [
      "count": JSON(limit.count), "windowSeconds": JSON(limit.window), "scope": .string(limit.scope.rawValue),
      "counts": .string(limit.counts.rawValue),
    ]
  }

  private static func wrapCode(_ code: WrapCode) -> JSON {
    [
      "code": .string(code.code), "name": .string(code.name), "completed": .bool(code.completed),
      "converted": .bool(code.converted), "contact": .bool(code.contact), "doNotCall": .bool(code.doNotCall),
      "callback": .bool(code.callback),
    ]
  }

  static func list(_ list: LeadList, leads: Int) -> JSON {
    [
      "listID": JSON(list.listID.rawValue), "name": .string(list.name), "tenant": .string(list.tenant.rawValue),
      "owner": JSON(list.owner), "description": JSON(list.description), "timeZone": JSON(list.timeZone),
      "expiresAt": JSON(list.expiresAt), "active": .bool(list.active), "leads": JSON(leads),
      "createdAt": JSON(list.createdAt), "updatedAt": JSON(list.updatedAt),
    ]
  }

  static func agent(_ runtime: AgentRuntime, callID: CallID?, reservedCode: String?) -> JSON {
    let agent = runtime.agent
    var form = JSONObject()
    form.append("agentID", .string(agent.agentID.rawValue))
    form.append("campaignIDs", JSON(agent.campaignIDs.map(\.rawValue)))
    form.append("extension", JSON(agent.extension))
    form.append("state", .string(agent.state.rawValue))
    form.append("since", JSON(agent.since))
    form.append("reason", JSON(agent.reason))
    form.append("callID", JSON(callID?.rawValue))
    form.append("leadID", runtime.reservedLead.map { JSON($0.rawValue) } ?? .null)
    form.append("vendorLeadCode", JSON(reservedCode))
    if runtime.pausesNext != nil { form.append("next", "paused") }
    return .object(form)
  }
}
