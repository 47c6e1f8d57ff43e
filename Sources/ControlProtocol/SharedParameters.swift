import DialerModel

/// Parameters that several methods share.
extension ParameterSpec {
  static let longestName = 128
  static let name = ParameterSpec("name", .text(bytes: 1...longestName), "What people call it.")
  static let tenant = ParameterSpec("tenant", .identifier, standard: "default", "Shares nothing with other tenants.")
  static let campaignID = ParameterSpec("campaignID", .identifier, required: true, "The campaign.")
  static let listID = ParameterSpec("listID", .listID, required: true, "The list.")
  static let agentID = ParameterSpec("agentID", .identifier, required: true, "The CRM's id of the agent.")
  static let timeZone = ParameterSpec("timeZone", .text(bytes: 1...64), "An IANA zone name, such as Australia/Sydney.")
  static let region = ParameterSpec(
    "region", .text(bytes: 2...6), "The country, such as AU: how national numbers are read.")
  static let evidence = ParameterSpec("evidence", .boolean, standard: "false", "Also the evidence of each attempt.")
  static let limit = ParameterSpec("limit", .integer(1...1000), standard: "100", "How many at most.")
  static let cursor = ParameterSpec("cursor", .text(bytes: 1...512), "The `nextCursor` of the answer before.")

  /// The three that name one lead, to go with ``ParameterChoice/oneLead``.
  static let lead: [ParameterSpec] = [
    ParameterSpec("leadID", .leadID, "The dialer's id of the lead."),
    ParameterSpec("vendorLeadCode", .text(bytes: 1...128), "The CRM's id of the lead."),
    ParameterSpec("listID", .listID, "Where the vendor lead code stands in more than one list."),
  ]

  static func filter(mayBeEmpty: Bool, _ summary: String) -> ParameterSpec {
    ParameterSpec("filter", .filter(mayBeEmpty: mayBeEmpty), summary)
  }

  /// What `lead.add` and imports do with a lead that is there already.
  static let match = ParameterSpec(
    "match", .word(MatchRule.Key.allCases.map(\.rawValue)), standard: "vendorLeadCode",
    "What makes it the same lead as one that is there.")
  static let scope = ParameterSpec(
    "scope", .word(MatchRule.Scope.allCases.map(\.rawValue)), standard: "list", "Where such a lead is looked for.")
  static let onMatch = ParameterSpec(
    "onMatch", .word(MatchRule.OnMatch.allCases.map(\.rawValue)), standard: "update", "What becomes of it then.")

  /// `callID` and `attemptID`, to go with ``ParameterChoice/oneCall``.
  static let call: [ParameterSpec] = [
    ParameterSpec("callID", .identifier, "The exchange's name of the call."),
    ParameterSpec("attemptID", .attemptID, "The attempt."),
  ]

  static let attemptLimits = ParameterSpec(
    "attemptLimits",
    .array(
      of: .object([
        ParameterSpec("count", .integer(1...1000), required: true, "How many at most."),
        ParameterSpec("windowSeconds", .seconds(1...31_622_400), required: true, "In any time of this length."),
        ParameterSpec(
          "scope", .word(AttemptLimit.Scope.allCases.map(\.rawValue)), required: true, "To whom or what they go."),
        ParameterSpec(
          "counts", .word(AttemptLimit.Counted.allCases.map(\.rawValue)), standard: "attempts", "What is counted."),
      ]), count: 0...16), "Limits over all campaigns of the tenant.")

  static let timeZoneRules = ParameterSpec(
    "timeZoneRules",
    .array(
      of: .object([
        ParameterSpec(
          "field", .text(bytes: 1...80), required: true, "state, postalCode, region, source, owner or custom.NAME."),
        ParameterSpec("equals", .text(bytes: 1...128), required: true, "The value that the field has."),
        ParameterSpec("timeZone", .text(bytes: 1...64), required: true, "The zone that the lead then has."),
      ]), count: 0...1000), "The first that applies gives a lead without a zone its zone.")
}

extension ParameterChoice {
  static let oneLead = ParameterChoice.exactlyOne(["leadID", "vendorLeadCode"])
  static let oneLeadOrFilter = ParameterChoice.exactlyOne(["leadID", "vendorLeadCode", "filter"])
  static let oneCall = ParameterChoice.exactlyOne(["callID", "attemptID"])
}

/// Examples that several methods share, as JSON text.
enum Example {
  static let campaign =
    #"{"campaignID":"spring","name":"Spring","tenant":"default","dialMode":"progressive","state":"running","#
    + #""timeZone":"Australia/Sydney","region":"AU","callingHours":"always","listWeighting":true}"#
  static let lists =
    #"{"lists":[{"listID":101,"name":"Gold","toDial":true,"weight":70,"sharePercent":35.0,"strategy":"standard","#
    + #""total":1000,"dialableNow":412,"dialled":230}]}"#
  static let list = #"{"listID":101,"name":"Gold","tenant":"default","active":true}"#
  static let lead =
    #"{"leadID":7,"vendorLeadCode":"CRM-7","listID":101,"listName":"Gold","phones":["+61291234567"],"status":"NA","#
    + #""statusName":"No answer","stage":"new","completed":false,"calledCount":2,"lastOutcome":"no-answer"}"#
  static let leadOrCount = lead
  static let attempt =
    #"{"attemptID":51,"callID":"1fx0c7g2k9","leadID":7,"vendorLeadCode":"CRM-7","listID":101,"campaignID":"spring","#
    + #""phone":"+61291234567","trunk":"sim","startedAt":"2026-11-20T14:03:11.123Z","outcome":"no-answer","#
    + #""status":"NA","statusName":"No answer","counted":true,"leadDeleted":false}"#
  static let attempts = #"{"attempts":["# + attempt + "]}"
  static let agent = #"{"agentID":"ann","state":"ready","since":"2026-11-20T14:03:11.123Z","callID":null}"#
  static let strategy =
    #"{"strategyID":"standard","name":"Standard","order":["attempts","lastAttempt","leadID"]}"#
  static let hoursDay =
    #"{"callingHoursID":"us-states","version":1,"timeZone":"America/New_York","date":"2026-11-20","#
    + #""weekday":"friday","windows":[{"from":"08:00","until":"20:00","opensAt":"2026-11-20T13:00:00.000Z","#
    + #""closesAt":"2026-11-21T01:00:00.000Z","region":"US-FL","rule":"friday 08:00-20:00","#
    + #""source":"Fla. Stat. 501.616(6)"}],"closed":[{"from":"00:00","until":"08:00","rule":"friday"},"#
    + #"{"from":"20:00","until":"24:00","region":"US-FL","rule":"friday"}],"#
    + #""attemptLimits":[{"count":3,"windowSeconds":86400,"scope":"person","counts":"attempts","region":"US-FL"}]}"#
  static let callingHours =
    #"{"callingHoursID":"office","name":"Office hours","weekly":{"monday":["09:00-12:00","13:00-20:00"]}}"#
}
