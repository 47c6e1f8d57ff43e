import DialerModel

extension MethodTable {
  static let eventTypes = EventType.allCases.map(\.word)

  /// What `campaign.create` and `campaign.update` set, beside the campaign's id.
  private static let campaignFields: [ParameterSpec] =
    [
      .name, .tenant,
      ParameterSpec(
        "dialMode", .word(DialMode.allCases.map(\.rawValue)), standard: "progressive", "How its calls come about."),
      .timeZone, .region,
      ParameterSpec("callingHours", .identifier, "The set of calling hours."),
      ParameterSpec("calledCountLimit", .integer(1...65_535), "How many attempts a lead gets in all."),
      .attemptLimits,
      ParameterSpec(
        "minimumGapSeconds", .seconds(0...31_622_400), standard: "0", "Between any two dials to one person."),
      ParameterSpec(
        "wrapUpSeconds", .seconds(0...86_400),
        "After a call the agent is wrapping this long; without it, until call.wrap."),
      ParameterSpec(
        "unknownRegion", .word(UnknownRegionPolicy.allCases.map(\.rawValue)),
        "Which rules hold for a lead whose state is not known."),
      ParameterSpec(
        "zoneFromPhone", .boolean, standard: "false", "Whether a number's prefix may give a lead its zone."),
      .timeZoneRules,
      ParameterSpec("seed", .integer(0...Int64.max), standard: "1", "For the order `random`."),
      ParameterSpec("ringTimeoutSeconds", .seconds(5...120), standard: "28", "How long a call may ring."),
      ParameterSpec("callerIDs", .array(of: .phone, count: 0...100), "Numbers to call from."),
      ParameterSpec(
        "trunks", .array(of: .identifier, count: 0...64), "In order of preference; none: all, in their order."),
      ParameterSpec("maximumLiveCalls", .integer(1...100_000), "Calls at once."),
      ParameterSpec("callsPerSecond", .number(0.01...10_000), "Calls begun a second."),
      ParameterSpec("dialRatio", .number(1...20), standard: "1", "Lines for each ready agent in `ratio`."),
      ParameterSpec("abandonTargetPercent", .number(0...100), standard: "3", "Of the calls that a person answered."),
      ParameterSpec("listWeighting", .boolean, standard: "true", "Off: the lists to dial form one pool."),
      ParameterSpec("strictZones", .boolean, "Whether every zone that a number may lie in must be open."),
      ParameterSpec(
        "wrapCodes", .array(of: .object(wrapCode), count: 0...200), "What agents may say that a call came to."),
    ] + callDetail

  /// For the record of each call: see `evidence.export`. Each stands in the evidence of every attempt, so they are short.
  private static let callDetail: [ParameterSpec] = [
    ParameterSpec("telemarketer", .text(bytes: 1...128), "Who makes the calls, for the record of each."),
    ParameterSpec("seller", .text(bytes: 1...128), "For whom."),
    ParameterSpec("goods", .text(bytes: 1...128), "The good, service or charitable purpose."),
    ParameterSpec("callType", .word(CallDetail.CallType.allCases.map(\.rawValue)), "Whom the calls are to."),
    ParameterSpec("prerecorded", .boolean, "Whether a recorded message is played."),
    ParameterSpec("script", .text(bytes: 1...128), "The name and version of the script."),
    ParameterSpec("callerIDName", .text(bytes: 1...64), "The name that is shown with the calling number."),
    ParameterSpec("callerIDProof", .text(bytes: 1...256), "Where it stands that number and name may be shown."),
  ]

  private static let wrapCode: [ParameterSpec] = [
    ParameterSpec("code", .statusCode, required: true, "The status that the lead then has."),
    ParameterSpec("name", .text(bytes: 1...ParameterSpec.longestName), required: true, "Its full name."),
    ParameterSpec("completed", .boolean, standard: "false", "The lead is not dialled again."),
    ParameterSpec("converted", .boolean, standard: "false", "The lead's stage becomes `converted`."),
    ParameterSpec("contact", .boolean, standard: "false", "A person was reached."),
    ParameterSpec("doNotCall", .boolean, standard: "false", "The number goes on the do-not-call list."),
    ParameterSpec("callback", .boolean, standard: "false", "A time was agreed; call.wrap names it."),
  ]

  private static let campaignResult = "the campaign"

  static let campaignMethods: [MethodSpec] = [
    MethodSpec(
      "campaign.create", .campaign, role: .admin, changes: true, "Makes a campaign, which is stopped at first.",
      parameters: [.campaignID] + campaignFields.map { $0.orNull() }, result: campaignResult, example: Example.campaign,
      reasons: [.alreadyExists]),
    MethodSpec(
      "campaign.update", .campaign, role: .admin, changes: true,
      "Changes the fields that are given; null clears a field.",
      parameters: [.campaignID] + campaignFields.map { $0.asOptional().orNull() }, result: campaignResult,
      example: Example.campaign),
    MethodSpec(
      "campaign.get", .campaign, role: .observer, "Shows a campaign.", parameters: [.campaignID],
      result: campaignResult, example: Example.campaign),
    MethodSpec(
      "campaign.list", .campaign, role: .observer, "Shows every campaign.", result: "the campaigns",
      example: #"{"campaigns":["# + Example.campaign + "]}"),
    MethodSpec(
      "campaign.delete", .campaign, role: .admin, changes: true, "Deletes a campaign that is stopped.",
      parameters: [.campaignID], result: "what was deleted", example: #"{"deleted":1}"#),
    MethodSpec(
      "campaign.start", .campaign, role: .crm, changes: true, "Starts dialling, or goes on with it.",
      parameters: [.campaignID], result: campaignResult, example: Example.campaign),
    MethodSpec(
      "campaign.pause", .campaign, role: .crm, changes: true, "Makes no new calls; live ones go on.",
      parameters: [.campaignID], result: campaignResult, example: Example.campaign),
    MethodSpec(
      "campaign.stop", .campaign, role: .crm, changes: true, "Stops dialling; live calls end by themselves.",
      parameters: [
        .campaignID, ParameterSpec("hangup", .boolean, standard: "false", "Ends the live calls as well."),
      ], result: campaignResult, example: Example.campaign),
    MethodSpec(
      "campaign.explain", .campaign, role: .observer, "Says why its leads are or are not dialable now.",
      parameters: [
        .campaignID, ParameterSpec.listID.asOptional(),
        ParameterSpec(
          "byGate", .boolean, standard: "false",
          "Waits until every lead was judged by every gate, and answers from that; else at once, with the last such "
            + "judgement as byGate."),
      ],
      result:
        "dialable leads and the others by the first gate that stops each, in the order of lead.explain (but a list's "
        + "filter before the retry time); they add up to the total, by list and by zone. byGate is as of byGateAsOf. "
        + "judged: these are the gates that judging every lead as of asOf names; not so only while earlier calls are "
        + "still being taken in (after a start, a rule that looks further back, or a call to one of very many leads of a "
        + "person): then some leads may be under the gate that stopped them before",
      example:
        #"{"campaignID":"spring","state":"running","total":1000,"dialable":412,"asOf":"2026-11-20T14:03:11.123Z","#
        + #""judged":true,"reason":"412 leads dialable","byFirstGate":[{"gate":"calling-hours","#
        + #""leads":588,"nextAt":"2026-11-20T22:00:00.000Z"}],"byGateAsOf":null,"byGate":[],"perList":[],"perZone":[]}"#
    ),
    MethodSpec(
      "campaign.forecast", .campaign, role: .observer,
      "Says how many leads become dialable and how many close in the hours ahead, and when it runs dry.",
      parameters: [.campaignID, ParameterSpec("hours", .integer(1...168), standard: "24", "How far ahead.")],
      result: "intervals with the leads that open, close and come back; when each list is dry at today's rate",
      example:
        #"{"campaignID":"spring","state":"running","asOf":"2026-11-20T14:03:11.123Z","until":"2026-11-21T14:03:11.123Z","#
        + #""dialable":412,"callsPerHour":230.0,"dryAt":"2026-11-20T15:50:40.253Z","intervals":[{"from":"#
        + #""2026-11-20T14:03:11.123Z","until":"2026-11-20T22:00:00.000Z","opening":0,"closing":0,"returning":12,"#
        + #""dialable":412}],"perList":[]}"#),
    MethodSpec(
      "campaign.stats", .campaign, role: .observer, "Counts calls, contacts and outcomes, and the share of each list.",
      parameters: [.campaignID, ParameterSpec("since", .instant, "Only what began then or later.")],
      result: "the counts",
      example: #"{"calls":230,"contacts":80,"outcomes":{"no-answer":150},"abandonPercent":1.2,"lists":[{"listID":101,"#
        + #""weight":70,"calls":81,"sharePercent":35.2}]}"#),
  ]
}

extension MethodTable {
  private static let toDial = ParameterSpec("toDial", .boolean, standard: "true", "Whether it is to be dialled.")
  private static let weight = ParameterSpec("weight", .integer(1...1000), standard: "100", "Its part of the calls.")
  private static let strategy = ParameterSpec(
    "strategy", .identifier, standard: "standard", "How it is worked through.")
  private static let filter = ParameterSpec.filter(mayBeEmpty: true, "Only leads that it takes; null: all.").orNull()

  static let campaignListMethods: [MethodSpec] = [
    MethodSpec(
      "campaign.assignList", .campaign, role: .crm, changes: true,
      "Gives a campaign a list, or changes how it dials one; what is not given stays.",
      parameters: [.campaignID, .listID, toDial, weight, strategy, filter], result: "the campaign's lists",
      example: Example.lists),
    MethodSpec(
      "campaign.unassignList", .campaign, role: .crm, changes: true, "Takes a list from a campaign.",
      parameters: [.campaignID, .listID], result: "the campaign's lists", example: Example.lists),
    MethodSpec(
      "campaign.setLists", .campaign, role: .crm, changes: true, "Sets all lists of a campaign in one step.",
      parameters: [
        .campaignID,
        ParameterSpec(
          "lists", .array(of: .object([.listID, toDial, weight, strategy, filter]), count: 0...1000), required: true,
          "The lists that it then has, and no others."),
      ], result: "the campaign's lists", example: Example.lists),
    MethodSpec(
      "campaign.lists", .campaign, role: .observer, "Shows the lists of a campaign, with their shares and counts.",
      parameters: [.campaignID], result: "the campaign's lists", example: Example.lists),
  ]
}
