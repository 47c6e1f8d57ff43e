import DialerModel

extension MethodTable {
  private static let listFields: [ParameterSpec] = [
    ParameterSpec("owner", .text(bytes: 1...64), "Who answers for it."),
    ParameterSpec("description", .text(bytes: 1...1024), "What people should know of it."),
    .timeZone,
    ParameterSpec("expiresAt", .instant, "From then on it is not dialled."),
    ParameterSpec("active", .boolean, standard: "true", "Off: no campaign dials it."),
  ]

  static let listMethods: [MethodSpec] = [
    MethodSpec(
      "list.create", .list, role: .crm, changes: true, "Makes a list.",
      parameters: [
        ParameterSpec("listID", .listID, "Without it the daemon gives the next free one."),
        ParameterSpec.name.asRequired(), ParameterSpec.tenant.orNull(),
      ] + listFields.map { $0.orNull() }, result: "the list", example: Example.list, reasons: [.alreadyExists]),
    MethodSpec(
      "list.update", .list, role: .crm, changes: true, "Changes the fields that are given; null clears a field.",
      parameters: [.listID, .name, ParameterSpec.tenant.asOptional()] + listFields.map { $0.asOptional().orNull() },
      result: "the list", example: Example.list),
    MethodSpec(
      "list.get", .list, role: .observer, "Shows a list.", parameters: [.listID], result: "the list",
      example: Example.list),
    MethodSpec(
      "list.list", .list, role: .observer, "Shows every list.", result: "the lists",
      example: #"{"lists":["# + Example.list + "]}"),
    MethodSpec(
      "list.delete", .list, role: .crm, changes: true,
      "Deletes a list and its leads, unless some campaign is to dial it, one of its leads is in a call, or leads are "
        + "just being imported or moved into it: `conflict`. Its leads are gone for everybody at once, and are taken out "
        + "piece by piece; after a crash meanwhile those that are left are there, and it is deleted again.",
      parameters: [.listID],
      result: "what was deleted", example: #"{"deleted":1,"leads":1000}"#),
    MethodSpec(
      "list.reset", .list, role: .crm, changes: true,
      "Clears retry waits, spent phones and completed (not of DNC, DNCL, DUP), never the called count.",
      parameters: [.listID, .filter(mayBeEmpty: true, "Only the leads that it takes.")],
      result: "how many became dialable, and how many still meet a limit",
      example: #"{"reset":588,"dialable":540,"limited":48}"#),
  ]

  private static let strategyID = ParameterSpec("strategyID", .identifier, required: true, "The strategy.")
  private static let outcomes = ParameterType.word(Outcome.allCases.map(\.word))
  private static let orderKeys = ["attempts", "lastAttempt", "rank", "entered", "leadID", "random", "phone"]
  private static let phoneNames = (1...PhoneSet.capacity).map { "phone\($0)" }

  private static let retry: [ParameterSpec] = [
    ParameterSpec("outcome", outcomes, required: true, "After which outcome."),
    ParameterSpec("afterSeconds", .seconds(0...31_622_400), required: true, "How long the lead then waits."),
    ParameterSpec("limit", .integer(1...255), "How often; without it the called count alone limits.").orNull(),
    ParameterSpec("nextPhone", .boolean, standard: "false", "The next attempt goes to the next phone."),
    ParameterSpec("dialNow", .boolean, standard: "false", "The next phone is dialled without the wait."),
    ParameterSpec("priority", .integer(0...15), standard: "0", "Ahead of others of its list, the higher the further."),
    ParameterSpec("recycleOnStart", .boolean, standard: "false", "The wait ends when the campaign is started."),
  ]

  static let strategyMethods: [MethodSpec] = [
    MethodSpec(
      "strategy.put", .strategy, role: .admin, changes: true, "Makes a strategy or replaces it.",
      parameters: [
        strategyID, .name,
        ParameterSpec(
          "order", .array(of: .word(orderKeys + orderKeys.map { "-" + $0 }), count: 1...4),
          standard: "attempts, lastAttempt, leadID", "Who goes first; - before a key turns it round."),
        ParameterSpec("newEvery", .integer(1...1000), "Each Nth pick is a lead never called.").orNull(),
        ParameterSpec(
          "phoneOrder", .array(of: .word(phoneNames), count: 1...PhoneSet.capacity), standard: "phone1 to phone5",
          "Which phones are tried, in this order."),
        ParameterSpec(
          "phonePolicy", .word(PhonePolicy.allCases.map(\.rawValue)), standard: "next-attempt",
          "When the next phone has its turn."),
        ParameterSpec("calledCountLimit", .integer(1...65_535), "Attempts, where lower than the campaign's.").orNull(),
        ParameterSpec(
          "retries", .array(of: .object(retry), count: 0...Outcome.allCases.count), standard: "those of `standard`",
          "What follows each outcome."),
        ParameterSpec(
          "dialable", .array(of: .statusCode, count: 0...100), standard: "every status", "Only leads in these statuses."
        ),
        ParameterSpec(
          "completeAfter", .array(of: outcomes, count: 0...Outcome.allCases.count), standard: "answered, connected",
          "Outcomes that complete a lead."),
      ], result: "the strategy", example: Example.strategy),
    MethodSpec(
      "strategy.get", .strategy, role: .observer, "Shows a strategy.", parameters: [strategyID],
      result: "the strategy", example: Example.strategy),
    MethodSpec(
      "strategy.list", .strategy, role: .observer, "Shows every strategy.", result: "the strategies",
      example: #"{"strategies":["# + Example.strategy + "]}"),
    MethodSpec(
      "strategy.delete", .strategy, role: .admin, changes: true, "Deletes a strategy that no list is dialled by.",
      parameters: [strategyID], result: "what was deleted", example: #"{"deleted":1}"#),
  ]
}
