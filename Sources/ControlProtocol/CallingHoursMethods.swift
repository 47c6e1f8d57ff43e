import DialerModel

extension MethodTable {
  private static let callingHoursID = ParameterSpec("callingHoursID", .identifier, required: true, "The set of rules.")
  private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
  /// `09:00-12:00` is eleven bytes.
  private static let windows = ParameterType.array(of: .text(bytes: 11...11), count: 0...24)

  private static let weekly = ParameterSpec(
    "weekly",
    .object(weekdays.map { ParameterSpec($0, windows, "Windows such as 09:00-12:00; 20:00-02:00 ends next day.") }),
    "Windows by weekday.")

  private static let dateRule = ParameterType.either([
    .text(bytes: 7...10),
    .object([
      ParameterSpec("month", .integer(1...12), required: true, "1 is January."),
      ParameterSpec("weekday", .word(weekdays), required: true, "Which weekday of the month."),
      ParameterSpec("nth", .either([.integer(1...5), .integer(-1...(-1))]), required: true, "-1 is the last."),
    ]),
    .object([ParameterSpec("easter", .integer(-100...250), required: true, "Days after Easter Sunday.")]),
  ])

  private static let dates = ParameterSpec(
    "dates",
    .array(
      of: .object([
        ParameterSpec("date", dateRule, required: true, "2026-12-25, --12-25 (each year), or a rule."),
        ParameterSpec("windows", windows, standard: "none: no calls", "The windows of that date."),
        ParameterSpec("name", .text(bytes: 1...ParameterSpec.longestName), "What the date is called."),
        ParameterSpec("observed", .boolean, standard: "false", "A Saturday or Sunday moves to Friday or Monday."),
      ]), count: 0...1000), "Dates without calls or with windows of their own.")

  private static let source = ParameterSpec("source", .text(bytes: 1...1024), "Where the rule comes from.")

  private static let abandonHold = ParameterSpec(
    "abandonHoldSeconds", .seconds(0...31_622_400), "After an abandoned call none without an agent in hand.")

  private static let region: [ParameterSpec] = [
    weekly, dates, .attemptLimits, abandonHold,
    ParameterSpec(
      "phonePrefixes", .array(of: .text(bytes: 2...16), count: 0...1000),
      "Numbers that begin so, such as +1305, are held to the rules wherever the lead is."),
    ParameterSpec("replaces", .boolean, standard: "false", "Loosens the base as well, instead of only narrowing it."),
    source.asRequired(),
    ParameterSpec("effectiveFrom", .text(bytes: 10...10), "The first date, such as 2026-07-01."),
    ParameterSpec("effectiveUntil", .text(bytes: 10...10), "The last date."),
  ]

  static let callingHoursMethods: [MethodSpec] = [
    MethodSpec(
      "callingHours.put", .callingHours, role: .admin, changes: true, "Makes a set of calling hours or replaces it.",
      parameters: [
        callingHoursID, .name, source, weekly, dates, .attemptLimits, abandonHold,
        ParameterSpec(
          "regions",
          .map(of: .either([.object(region), .array(of: .object(region), count: 1...16)]), count: 0...1000),
          "Narrower rules by country or state, such as US-FL; several for one in an array."),
        ParameterSpec(
          "unknownRegion", .word(UnknownRegionPolicy.allCases.map(\.rawValue)), standard: "base",
          "Which rules hold for a lead whose state is not known."),
      ], result: "the set", example: Example.callingHours),
    MethodSpec(
      "callingHours.get", .callingHours, role: .observer, "Shows a set of calling hours.",
      parameters: [callingHoursID], result: "the set", example: Example.callingHours),
    MethodSpec(
      "callingHours.list", .callingHours, role: .observer, "Shows every set of calling hours.", result: "the sets",
      example: #"{"callingHours":["# + Example.callingHours + "]}"),
    MethodSpec(
      "callingHours.delete", .callingHours, role: .admin, changes: true,
      "Deletes a set of calling hours that no campaign uses.", parameters: [callingHoursID],
      result: "what was deleted", example: #"{"deleted":1}"#),
  ]
}
