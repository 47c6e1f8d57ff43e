import DialerModel

extension MethodTable {
  static let leadDialMethods: [MethodSpec] = [
    MethodSpec(
      "lead.dial", .lead, role: .crm, changes: true, "Dials a lead now; refused when a gate fails.",
      parameters: ParameterSpec.lead + [
        .campaignID,
        ParameterSpec("phone", .phone, "One of its numbers; without it the strategy's choice."),
        ParameterSpec("agentID", .identifier, "The agent to connect."),
        ParameterSpec(
          "override", .array(of: .word(Gate.allCases.map(\.word)), count: 1...Gate.allCases.count), role: .admin,
          "Gates not to mind; recorded with the attempt."),
      ], choices: [.oneLead], result: "the attempt, handed to the trunk",
      example: #"{"attemptID":51,"callID":"1fx0c7g2k9","leadID":7,"vendorLeadCode":"CRM-7"}"#, reasons: [.refused]),
    MethodSpec(
      "lead.next", .lead, role: .crm, changes: true, "Reserves the next lead for an agent, to preview or dial by hand.",
      parameters: [
        .campaignID, .agentID,
        ParameterSpec("reserveSeconds", .seconds(1...3600), "After this long the reservation ends by itself."),
      ], result: "the lead, or null with why and until when", example: #"{"lead":"# + Example.lead + "}"),
    MethodSpec(
      "lead.release", .lead, role: .crm, changes: true, "Gives a reserved lead back.", parameters: ParameterSpec.lead,
      choices: [.oneLead], result: "the lead", example: Example.lead),
    MethodSpec(
      "lead.explain", .lead, role: .observer, "Says for every gate whether it lets the lead pass, and until when not.",
      parameters: ParameterSpec.lead + [
        .campaignID, ParameterSpec("at", .instant, standard: "now", "As if it were then."),
      ], choices: [.oneLead], result: "every gate, and when it is eligible next",
      example:
        #"{"leadID":7,"vendorLeadCode":"CRM-7","dialable":false,"gates":[{"gate":"calling-hours","passes":false,"#
        + #""detail":"closed until 09:00","until":"2026-11-20T22:00:00.000Z"}],"nextEligibleAt":"2026-11-20T22:00:00.000Z","#
        + #""timeZone":"Australia/Sydney","timeZoneSource":"lead","localTime":"2026-11-21T01:03:11"}"#),
    MethodSpec(
      "lead.history", .lead, role: .observer, "Shows the attempts on a lead, newest first.",
      parameters: ParameterSpec.lead + [.evidence], choices: [.oneLead], result: "the attempts",
      example: Example.attempts),
  ]

  static let leadCallbackMethods: [MethodSpec] = [
    MethodSpec(
      "lead.schedule", .lead, role: .crm, changes: true, "Agrees a time to call a lead, for one agent or for anyone.",
      parameters: ParameterSpec.lead + [
        .campaignID, ParameterSpec("callbackAt", .instant, required: true, "When to call."),
        ParameterSpec("until", .instant, "It waits for its agent until then."),
        ParameterSpec(
          "then", .word(Callback.Then.allCases.map(\.rawValue)), standard: "anyone",
          "What becomes of an agent's own callback after `until`."),
        ParameterSpec("agentID", .identifier, "Whose it is; without it anyone's."),
        ParameterSpec("phone", .phone, "One of its numbers."),
      ], choices: [.oneLead], result: "the callback",
      example: #"{"leadID":7,"vendorLeadCode":"CRM-7","campaignID":"spring","callbackAt":"2026-11-21T01:00:00.000Z"}"#),
    MethodSpec(
      "lead.unschedule", .lead, role: .crm, changes: true, "Takes an agreed time back.",
      parameters: ParameterSpec.lead + [.campaignID], choices: [.oneLead], result: "how many",
      example: #"{"leadID":7,"vendorLeadCode":"CRM-7","unscheduled":1}"#),
  ]
}
