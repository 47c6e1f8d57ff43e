import ControlProtocol
import DialerModel
import DialingRules
import LeadStore

/// What a tenant asks of the fields of its leads.
extension Engine {
  func putFieldRule(_ command: Command) throws(RequestError) -> Answer {
    let rule = try fieldRule(command.parameters, try tenant(for: command))
    let old = fieldRules[rule.tenant]?.first { $0.field == rule.field }
    guard rule.unique, old?.unique != true, let field = FilterField(name: rule.field) else {
      return .done(keep(rule, command))
    }
    // What is not unique cannot be made so.
    askSameValue(field, rule, command) { [self] in
      if command.isDryRun { return finish(command, .success(Self.form(rule))) }
      output.transaction.changes.append(.indexField(field))
      ask(.fieldIndexed(field)) { [self] answer in
        if case .failed = answer { return answerFailed(command, answer) }
        makeUnique(field, rule, command)
      }
    }
    return .later
  }

  /// From this turn on no lead gets a value that another has. What was written before is looked at once more, because it
  /// came while the values were gathered.
  private func makeUnique(_ field: FilterField, _ rule: FieldRule, _ command: Command) {
    let old = fieldRules[rule.tenant]?.first { $0.field == rule.field }
    let form = keep(rule, command)
    askSameValue(field, rule, command) { [self] in
      finish(command, .success(form))
    } otherwise: { [self] in
      if let old { _ = keep(old, command) } else { drop(rule.field, of: rule.tenant) }
    }
  }

  private func askSameValue(
    _ field: FilterField, _ rule: FieldRule, _ command: Command, _ then: @escaping () -> Void,
    otherwise: @escaping () -> Void = {}
  ) {
    let own = lists.values.filter { $0.tenant == rule.tenant }.map(\.listID).sorted()
    ask(.sameValue(field, lists: own)) { [self] answer in
      guard case .leadIDs(let found) = answer else {
        otherwise()
        return answerFailed(command, answer)
      }
      guard !found.isEmpty else { return then() }
      otherwise()
      finish(
        command,
        .failure(
          RequestError(
            .conflict, "The leads \(found[0]) and \(found[1]) have the same value of \(rule.field).",
            details: [
              "conflict": "values-are-not-unique", "field": .string(rule.field),
              "leadIDs": .array(found.map { JSON($0.rawValue) }),
            ])))
    }
  }

  private func keep(_ rule: FieldRule, _ command: Command) -> JSON {
    guard !command.isDryRun else { return Self.form(rule) }
    var rules = fieldRules[rule.tenant, default: []].filter { $0.field != rule.field }
    rules.append(rule)
    fieldRules[rule.tenant] = rules.sorted { $0.field < $1.field }
    output.transaction.changes.append(.putFieldRule(rule))
    return Self.form(rule)
  }

  /// Fields of our own have a type, which a rule can only narrow.
  private static func types(of field: FilterField) -> [FieldRule.Kind]? {
    switch field {
    case .custom: FieldRule.Kind.allCases
    case .vendorLeadCode, .firstName, .lastName, .source, .owner, .postalCode: [.text, .integer, .date, .email]
    case .state, .region: [.text]
    case .email: [.text, .email]
    case .rank: [.integer]
    case .phone1, .phone2, .phone3, .phone4, .phone5: [.phone]
    default: nil
    }
  }

  private func fieldRule(_ parameters: Parameters, _ tenant: TenantID) throws(RequestError) -> FieldRule {
    let name = try parameters.text("field")
    guard let field = FilterField(name: name), let types = Self.types(of: field) else {
      let own = FilterField.all.filter { Self.types(of: $0.field) != nil }.map(\.name)
      throw parameters.invalid("field", accepted: own + ["custom.NAME"], "field: no rule can be made for this field.")
    }
    guard let type = FieldRule.Kind(rawValue: try parameters.text("type")), types.contains(type) else {
      throw parameters.invalid(
        "type", accepted: types.map(\.rawValue), "type: the field \(name) cannot be of this type.")
    }
    var rule = FieldRule(tenant: tenant, field: name, type: type)
    rule.required = parameters.optionalBoolean("required") ?? false
    rule.unique = parameters.optionalBoolean("unique") ?? false
    rule.maximumLength = parameters.optionalInteger("maximumLength").map { Int($0) }
    let isKey = field == .vendorLeadCode
    guard rule.maximumLength == nil || (type == .text && !isKey && field != .state && field != .region) else {
      throw parameters.invalid(
        "maximumLength", "maximumLength: what is no plain text, or names something, would be another value when cut.")
    }
    guard !rule.unique || Self.canBeUnique(field) else {
      throw parameters.invalid("unique", "unique: values of \(name) are not kept apart.")
    }
    return rule
  }

  private static func canBeUnique(_ field: FilterField) -> Bool {
    switch field {
    case .state, .region, .rank: false
    // Its index could not be written down.
    case .custom(let name): !name.utf8.contains(UInt8(ascii: "\""))
    default: true
    }
  }

  func listFieldRules(_ command: Command) throws(RequestError) -> Answer {
    .done(["fields": .array(fieldRules[try tenant(for: command), default: []].map(Self.form))])
  }

  func deleteFieldRule(_ command: Command) throws(RequestError) -> Answer {
    let tenant = try tenant(for: command)
    let name = try command.parameters.text("field")
    guard fieldRules[tenant]?.contains(where: { $0.field == name }) == true else {
      throw .notFound("field rule", .string(name))
    }
    if command.isDryRun { return .done(["deleted": 1]) }
    drop(name, of: tenant)
    return .done(["deleted": 1])
  }

  private func drop(_ field: String, of tenant: TenantID) {
    fieldRules[tenant]?.removeAll { $0.field == field }
    output.transaction.changes.append(.deleteFieldRule(tenant, field))
  }

  private static func form(_ rule: FieldRule) -> JSON {
    [
      "tenant": .string(rule.tenant.rawValue), "field": .string(rule.field), "type": .string(rule.type.rawValue),
      "required": .bool(rule.required), "unique": .bool(rule.unique),
      "maximumLength": rule.maximumLength.map { JSON($0) } ?? .null,
    ]
  }
}
