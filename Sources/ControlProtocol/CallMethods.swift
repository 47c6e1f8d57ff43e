import DialerModel

extension MethodTable {
  private static let notes = ParameterSpec("notes", .text(bytes: 0...4096), "What the agent wrote.")

  static let callMethods: [MethodSpec] = [
    MethodSpec(
      "call.list", .call, role: .observer, "Shows the live calls.",
      parameters: [ParameterSpec.campaignID.asOptional(), .evidence], result: "the calls, as attempts",
      example: #"{"calls":["# + Example.attempt + "]}"),
    MethodSpec(
      "call.note", .call, role: .crm, changes: true, "Notes something on a call or an attempt.",
      parameters: ParameterSpec.call + [
        notes.orNull(), ParameterSpec("recording", .text(bytes: 1...1024), "Where its recording is.").orNull(),
      ], choices: [.oneCall, .atLeastOne(["notes", "recording"])], result: "the attempt", example: Example.attempt),
    MethodSpec(
      "call.hangup", .call, role: .crm, changes: true, "Ends a call.",
      parameters: [ParameterSpec.call[0].asRequired()], result: "the attempt", example: Example.attempt),
    MethodSpec(
      "call.wrap", .call, role: .crm, changes: true,
      "Says what a call came to, also later and again: a second wrap code takes the place of the first.",
      parameters: ParameterSpec.call + [
        ParameterSpec("wrapCode", .statusCode, required: true, "One of the campaign's wrap codes."),
        ParameterSpec.agentID.asOptional(), notes,
        ParameterSpec("callbackAt", .instant, "The agreed time, where the wrap code asks for one."),
      ], choices: [.oneCall], result: "the lead", example: Example.lead),
  ]

  static let agentMethods: [MethodSpec] = [
    MethodSpec(
      "agent.login", .agent, role: .crm, changes: true, "An agent begins, paused at first.",
      parameters: [
        .agentID,
        ParameterSpec("campaignIDs", .array(of: .identifier, count: 1...64), required: true, "Whose calls it takes."),
        ParameterSpec("extension", .text(bytes: 1...64), "Where calls are connected to."),
      ], result: "the agent", example: Example.agent),
    MethodSpec(
      "agent.logout", .agent, role: .crm, changes: true, "An agent ends.", parameters: [.agentID],
      result: "the agent", example: Example.agent),
    MethodSpec(
      "agent.setState", .agent, role: .crm, changes: true, "Says what an agent does now.",
      parameters: [
        .agentID, ParameterSpec("state", .word(["ready", "paused", "wrapping"]), required: true, "The state."),
        ParameterSpec("reason", .text(bytes: 1...128), "Why, for people."),
      ], result: "the agent", example: Example.agent),
    MethodSpec(
      "agent.list", .agent, role: .observer, "Shows the agents.", parameters: [ParameterSpec.campaignID.asOptional()],
      result: "the agents", example: #"{"agents":["# + Example.agent + "]}"),
  ]

  private static let doNotCall: [ParameterSpec] = [
    // 10,000 numbers of the longest form fit a line of 1 MiB.
    ParameterSpec(
      "phones", .array(of: .phone, count: 1...10_000), required: true, "Numbers, or prefixes that end in *."),
    ParameterSpec("tenant", .identifier, "Only for this tenant."),
    ParameterSpec("campaignID", .identifier, "Only for this campaign."),
    ParameterSpec("reason", .text(bytes: 1...128), "Why, for people."),
  ]
  private static let oneOwner = [ParameterChoice.atMostOne(["tenant", "campaignID"])]

  static let doNotCallMethods: [MethodSpec] = [
    MethodSpec(
      "dnc.add", .dnc, role: .crm, changes: true,
      "Forbids numbers from the next claim on; without tenant and campaign, for everyone.", parameters: doNotCall,
      choices: oneOwner, result: "how many", example: #"{"added":2,"present":1}"#),
    MethodSpec(
      "dnc.remove", .dnc, role: .crm, changes: true, "Allows numbers again.", parameters: doNotCall,
      choices: oneOwner, result: "how many", example: #"{"removed":2,"absent":1}"#),
    MethodSpec(
      "dnc.import", .dnc, role: .crm, changes: true,
      "Begins an import of numbers, one a line; import.write, .status, .commit and .cancel take its id.",
      parameters: doNotCallImport, choices: oneOwner, result: "its id", example: #"{"importID":"dmh5k2x0a"}"#),
    MethodSpec(
      "dnc.check", .dnc, role: .observer, "Says whether numbers are forbidden, and by what.", parameters: doNotCall,
      choices: oneOwner, result: "a verdict for each",
      example: #"{"phones":[{"phone":"+61291234567","listed":true,"by":"+61291*","scope":"everyone"}]}"#),
  ]

  private static let doNotCallImport: [ParameterSpec] =
    doNotCall.dropFirst() + [
      .region,
      ParameterSpec("path", .text(bytes: 1...1024), "A file in a configured directory, in place of import.write."),
    ]

  private static let reportFilter: [ParameterSpec] =
    ParameterSpec.lead + [
      ParameterSpec.call[0], ParameterSpec("phone", .phone, "The number dialled."),
      ParameterSpec.campaignID.asOptional(), ParameterSpec.agentID.asOptional(),
      ParameterSpec("outcome", .word(Outcome.allCases.map(\.word)), "What it came to."),
      ParameterSpec("since", .instant, "Begun then or later."), ParameterSpec("until", .instant, "Begun before then."),
    ]

  static let reportMethods: [MethodSpec] = [
    MethodSpec(
      "report.calls", .report, role: .observer, "Finds attempts; all members of the filter hold together.",
      parameters: [
        ParameterSpec("filter", .object(reportFilter), "Without it: every attempt."), .limit, .cursor, .evidence,
      ], result: "the attempts, newest first",
      example: #"{"attempts":["# + Example.attempt + #"],"nextCursor":"a1"}"#)
  ]
}
