import DialerModel

extension MethodTable {
  private static let segment = ParameterSpec("segment", .text(bytes: 1...64), required: true, "Its name.")
  private static let segmentExample =
    #"{"segment":"warm","tenant":"default","filter":{"stage":"contacted"},"updatedAt":"2026-11-20T14:03:11.123Z"}"#

  static let segmentMethods: [MethodSpec] = [
    MethodSpec(
      "segment.put", .segment, role: .crm, changes: true,
      "Gives a filter a name, or the name another filter; lists that go by it follow at once.",
      parameters: [
        segment, ParameterSpec("filter", .filter(mayBeEmpty: true), required: true, "What it takes."),
        ParameterSpec.tenant,
      ], result: "the segment", example: segmentExample),
    MethodSpec(
      "segment.get", .segment, role: .observer, "Shows a segment.", parameters: [segment, .tenant],
      result: "the segment", example: segmentExample, reasons: [.notFound]),
    MethodSpec(
      "segment.list", .segment, role: .observer, "Shows a tenant's segments.", parameters: [.tenant],
      result: "the segments", example: #"{"segments":["# + segmentExample + "]}"),
    MethodSpec(
      "segment.delete", .segment, role: .crm, changes: true,
      "Deletes a segment that neither a campaign's list nor another segment goes by.", parameters: [segment, .tenant],
      result: "what was deleted", example: #"{"deleted":1}"#, reasons: [.notFound]),
  ]

  private static let field = ParameterSpec(
    "field", .text(bytes: 1...80), required: true, "A field of a lead, or custom.NAME.")
  private static let fieldExample =
    #"{"tenant":"default","field":"custom.policy","type":"text","required":false,"unique":true,"maximumLength":20}"#

  static let fieldMethods: [MethodSpec] = [
    MethodSpec(
      "field.put", .field, role: .admin, changes: true,
      "Makes a rule for a field, or replaces it; it holds for what is written from then on.",
      parameters: [
        field,
        ParameterSpec("type", .word(FieldRule.Kind.allCases.map(\.rawValue)), required: true, "What it holds."),
        ParameterSpec("required", .boolean, standard: "false", "No new lead without it."),
        ParameterSpec("unique", .boolean, standard: "false", "No two leads of the tenant with the same value."),
        ParameterSpec("maximumLength", .integer(1...16_384), "In characters; longer text is cut.").orNull(),
        ParameterSpec.tenant,
      ], result: "the rule", example: fieldExample),
    MethodSpec(
      "field.list", .field, role: .observer, "Shows a tenant's rules for fields.", parameters: [.tenant],
      result: "the rules", example: #"{"fields":["# + fieldExample + "]}"),
    MethodSpec(
      "field.delete", .field, role: .admin, changes: true, "Takes the rule for a field away.",
      parameters: [field, .tenant], result: "what was deleted", example: #"{"deleted":1}"#, reasons: [.notFound]),
  ]

  static let contactMethods: [MethodSpec] = [
    MethodSpec(
      "contact.get", .lead, role: .observer,
      "Shows a person: every lead of theirs, also archived ones, and their calls.",
      parameters: ParameterSpec.lead + [
        ParameterSpec("email", .text(bytes: 3...254), "Whoever has this email, whatever its case."),
        ParameterSpec("phone", .phone, "Whoever has this number, in any place."),
        ParameterSpec("name", .text(bytes: 1...257), "With phone: first and last name, whatever their case."),
        .tenant, .limit, .cursor,
      ], choices: [.exactlyOne(["leadID", "vendorLeadCode", "email", "phone"])],
      result: "the leads, and the calls, newest first",
      example: #"{"leads":["# + Example.lead + #"],"calls":["# + Example.attempt + "]}")
  ]
}
