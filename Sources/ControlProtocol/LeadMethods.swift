import DialerModel

extension MethodTable {
  private static let phoneNames = (1...PhoneSet.capacity).map { "phone\($0)" }
  /// A rank that is not there is kept as the smallest 32-bit number, so that one is not a rank.
  private static let rank = ParameterSpec(
    "rank", .integer(Int64(LeadRecord.missingRank) + 1...Int64(Int32.max)), "For the order `rank`.")
  private static let tenant = ParameterSpec("tenant", .identifier, "With filter: only this tenant's leads.")
  private static let owner = ParameterSpec("owner", .text(bytes: 1...64), "Who answers for it.")

  /// It holds the last lead's values of the fields sorted by: four times the 16 KiB of a custom field, as base64.
  private static let cursor = ParameterSpec(
    "cursor", .text(bytes: 1...131_072), "The `nextCursor` of the answer before, with the same sort.")

  private static let leadFields: [ParameterSpec] =
    [
      ParameterSpec(
        "phones", .array(of: .phone, count: 1...PhoneSet.capacity), "Its numbers, in place of phone1 to phone5.")
    ]
    + phoneNames.map { ParameterSpec($0, .phone, "The number of this place.").orNull() }
    + [
      ParameterSpec("source", .text(bytes: 1...64), "Where it comes from.").orNull(),
      ParameterSpec("firstName", .text(bytes: 1...128), "Its first name.").orNull(),
      ParameterSpec("lastName", .text(bytes: 1...128), "Its last name.").orNull(),
      ParameterSpec("email", .text(bytes: 3...254), "Its email address.").orNull(),
      ParameterSpec.timeZone.orNull(), ParameterSpec.region.orNull(),
      ParameterSpec("state", .text(bytes: 1...32), "The state or province.").orNull(),
      ParameterSpec("postalCode", .text(bytes: 1...16), "The postal code.").orNull(),
      rank.orNull(), owner.orNull(),
      ParameterSpec(
        "custom", .map(of: .json, count: 0...256),
        "Fields of the client's own, any JSON, 16 KiB in all; null clears one."
      )
      .orNull(),
    ]

  private static let arrival: [ParameterSpec] = [
    .match, .scope, .onMatch,
    ParameterSpec("priority", .word(["normal", "now"]), standard: "normal", "With `now` it goes out next."),
    ParameterSpec("callAt", .instant, "Not before then.").orNull(),
  ]

  private static let phoneChoice = ParameterChoice.atLeastOne(["phones"] + phoneNames)
  private static let phonesOrPlaces = phoneNames.map { ParameterChoice.atMostOne(["phones", $0]) }

  static let leadMethods: [MethodSpec] = [
    MethodSpec(
      "lead.add", .lead, role: .crm, changes: true, "Adds a lead, or updates the one that matches.",
      parameters: [
        .listID, ParameterSpec("vendorLeadCode", .text(bytes: 1...128), "The CRM's id of the lead."),
      ] + leadFields + arrival, choices: [phoneChoice] + phonesOrPlaces, result: "both ids and what was done",
      example: #"{"leadID":7,"vendorLeadCode":"CRM-7","action":"added","timeZone":"Australia/Sydney","#
        + #""timeZoneSource":"lead","phones":["+61291234567"]}"#, reasons: [.alreadyExists]),
    MethodSpec(
      "lead.update", .lead, role: .crm, changes: true,
      "Changes the fields that are given; null clears one. With leadID, vendorLeadCode is the new code.",
      parameters: [
        ParameterSpec.lead[0],
        ParameterSpec("vendorLeadCode", .text(bytes: 1...128), "The CRM's id: with leadID the new one.").orNull(),
        ParameterSpec.lead[2],
      ] + leadFields + arrival, choices: [.atLeastOne(["leadID", "vendorLeadCode"])] + phonesOrPlaces,
      result: "the lead", example: Example.lead, reasons: [.alreadyExists]),
    MethodSpec(
      "lead.get", .lead, role: .observer, "Shows a lead.",
      parameters: ParameterSpec.lead + [
        ParameterSpec("campaignID", .identifier, "Also nextEligibleAt and exhausted in this campaign.")
      ], choices: [.oneLead], result: "the lead", example: Example.lead),
    MethodSpec(
      "lead.find", .lead, role: .observer, "Finds the leads that a filter takes.",
      parameters: [
        .filter(mayBeEmpty: true, "Without it: every lead; archived ones only where it names `archived`."), tenant,
        ParameterSpec(
          "sort", .either([.text(bytes: 1...80), .array(of: .text(bytes: 1...80), count: 1...4)]), standard: "leadID",
          "Fields to sort by; - before one turns it round."), .limit, cursor,
      ], result: "the leads", example: #"{"leads":["# + Example.lead + #"],"nextCursor":"a1"}"#),
    MethodSpec(
      "lead.delete", .lead, role: .crm, changes: true, "Deletes leads; the call log keeps its rows.",
      parameters: ParameterSpec.lead + [.filter(mayBeEmpty: false, "All leads that it takes."), tenant],
      choices: [.oneLeadOrFilter], result: "how many", example: #"{"deleted":1}"#),
    MethodSpec(
      "lead.move", .lead, role: .crm, changes: true, "Moves leads to another list.",
      parameters: [
        ParameterSpec.lead[0], ParameterSpec.lead[1], .filter(mayBeEmpty: false, "All leads that it takes."), tenant,
        ParameterSpec("listID", .listID, required: true, "The list that they then stand in."),
      ], choices: [.oneLeadOrFilter], result: "the lead, or how many", example: Example.leadOrCount),
    MethodSpec(
      "lead.duplicate", .lead, role: .crm, changes: true,
      "Copies a lead to a list, where it has not been called yet. With leadID, vendorLeadCode is the copy's.",
      parameters: [
        ParameterSpec.lead[0], ParameterSpec.lead[1],
        ParameterSpec("listID", .listID, required: true, "The list of the copy."),
      ], choices: [.atLeastOne(["leadID", "vendorLeadCode"])], result: "the new lead", example: Example.lead,
      reasons: [.alreadyExists]),
    MethodSpec(
      "lead.archive", .lead, role: .crm, changes: true,
      "Puts leads away: they are not dialled, and found only by a filter that names `archived`.",
      parameters: ParameterSpec.lead + [.filter(mayBeEmpty: false, "All leads that it takes."), tenant],
      choices: [.oneLeadOrFilter], result: "how many", example: #"{"count":1}"#),
    MethodSpec(
      "lead.restore", .lead, role: .crm, changes: true, "Takes archived leads back.",
      parameters: ParameterSpec.lead + [
        .filter(mayBeEmpty: false, "Of the archived leads all that it takes."), tenant,
      ],
      choices: [.oneLeadOrFilter], result: "how many", example: #"{"count":1}"#),
    MethodSpec(
      "lead.setStatus", .lead, role: .crm, changes: true, "Sets status, completed, owner or rank of leads.",
      parameters: ParameterSpec.lead + [
        .filter(mayBeEmpty: false, "All leads that it takes."), tenant,
        ParameterSpec("status", .statusCode, "A built-in code or a wrap code."),
        ParameterSpec("completed", .boolean, "Whether they are not dialled again."), owner.orNull(), rank.orNull(),
      ], choices: [.oneLeadOrFilter, .atLeastOne(["status", "completed", "owner", "rank"])],
      result: "the lead, or how many", example: Example.leadOrCount),
  ]
}
