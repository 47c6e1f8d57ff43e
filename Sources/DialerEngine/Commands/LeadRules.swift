import ControlProtocol
import DialerModel
import DialingRules
import LeadStore

/// A tenant's field rules, held against one lead.
extension Engine {
  /// - Parameter parameters: what a client gives of the lead; of a lead that is there, only these fields are judged, so
  ///   that a new rule stops nobody from changing another field.
  func applyFieldRules(
    _ parameters: Parameters, isNew: Bool, tenant: TenantID, _ place: Place, region: String?, to lead: inout KnownLead
  ) throws(RequestError) {
    for rule in fieldRules[tenant] ?? [] {
      guard let field = FilterField(name: rule.field), isNew || parameters.gives(field) else { continue }
      let value = lead.ruledValue(field, place)
      let taken: (value: JSON?, isCut: Bool)
      do throws(FieldValueFault) {
        taken = try rule.take(value) { text in
          if case .success(let phone) = settings.numberingPlan.parse(text, region: region) { phone } else { nil }
        }
      } catch {
        throw .invalidParams(
          field: error.field, value: error.value, accepted: [error.accepted], message: error.message)
      }
      if taken.isCut { lead.cut.append(rule.field) }
      if taken.value != value { lead.setRuledValue(field, taken.value) }
    }
  }

  /// What an index has to be asked for, to see whether the lead has a value that must be its own.
  func lookForEqual(
    _ lead: KnownLead, _ parameters: Parameters, isNew: Bool, _ tenant: TenantID, _ probe: inout LeadProbe
  ) {
    for (field, value) in uniqueValues(lead, parameters, isNew: isNew, tenant) {
      switch field {
      case .vendorLeadCode: break
      case .email: probe.emailKey = lead.record.emailKey
      case .phone1, .phone2, .phone3, .phone4, .phone5:
        if case .phone(let phone) = value { probe.phones.append(phone) }
      default: probe.values.append(.init(field: field, value: value))
      }
    }
  }

  /// - Throws: `already-exists` with the lead that has the value.
  func checkUnique(
    _ lead: KnownLead, _ parameters: Parameters, isNew: Bool, _ tenant: TenantID, among candidates: [KnownLead]
  ) throws(RequestError) {
    for (field, value) in uniqueValues(lead, parameters, isNew: isNew, tenant) {
      guard let other = holder(of: value, field, not: lead.record.leadID, tenant, candidates) else { continue }
      throw RequestError(
        .alreadyExists, "\(field.name): the lead \(other) has this value, and it is to be unique.",
        details: [
          "field": .string(field.name), "value": RequestError.shortened(value.json), "leadID": JSON(other.rawValue),
        ])
    }
  }

  private func holder(
    of value: FilterValue, _ field: FilterField, not lead: LeadID, _ tenant: TenantID, _ candidates: [KnownLead]
  ) -> LeadID? {
    func isOther(_ record: LeadRecord) -> Bool { record.leadID != lead && self.tenant(of: record) == tenant }
    if field == .vendorLeadCode, case .text(let code) = value {
      return leads.leads(withCode: code).compactMap { leads.record($0) }.filter(isOther).map(\.leadID).min()
    }
    let wanted = FilterExpression.compare(field, .eq, [value])
    return candidates.first { other in
      guard isOther(other.record) else { return false }
      if field == .email, case .text(let email) = value { return other.record.emailKey == TextKey.email(email) }
      return FilterEvaluator.takes(wanted, value: LeadFields(engine: self, lead: other).value)
    }?.record.leadID
  }

  private func uniqueValues(
    _ lead: KnownLead, _ parameters: Parameters, isNew: Bool, _ tenant: TenantID
  ) -> [(FilterField, FilterValue)] {
    (fieldRules[tenant] ?? []).filter(\.unique).compactMap { rule in
      guard let field = FilterField(name: rule.field), isNew || parameters.gives(field) else { return nil }
      let value =
        field == .vendorLeadCode
        ? lead.vendorLeadCode.map { .text($0) } : LeadFields(engine: self, lead: lead).value(field)
      if case .text("") = value { return nil }
      return value.map { (field, $0) }
    }
  }
}

extension Parameters {
  /// Whether they say something of a field of the lead.
  fileprivate func gives(_ field: FilterField) -> Bool {
    switch field {
    case .custom(let name): isNull("custom") || json("custom")?[name] != nil
    case .phone1, .phone2, .phone3, .phone4, .phone5: isPresent("phones") || isPresent(field.name)
    default: isPresent(field.name)
    }
  }
}

extension KnownLead {
  /// The value of a field that a rule can be made for.
  fileprivate func ruledValue(_ field: FilterField, _ place: Place) -> JSON? {
    func text(_ value: String?) -> JSON? { value.map { .string($0) } }
    switch field {
    case .vendorLeadCode: return text(vendorLeadCode)
    case .firstName: return text(details.firstName)
    case .lastName: return text(details.lastName)
    case .email: return text(details.email)
    case .source: return text(details.source)
    case .owner: return text(details.owner)
    case .postalCode: return text(details.postalCode)
    case .state: return text(place.state)
    case .region: return text(place.region)
    case .rank: return record.rank == LeadRecord.missingRank ? nil : JSON(record.rank)
    case .phone1: return text(record.phones[0]?.e164)
    case .phone2: return text(record.phones[1]?.e164)
    case .phone3: return text(record.phones[2]?.e164)
    case .phone4: return text(record.phones[3]?.e164)
    case .phone5: return text(record.phones[4]?.e164)
    case .custom(let name): return details.custom?[name]
    default: return nil
    }
  }

  /// What a rule made of the value. Of a number, a rank or a place a rule makes nothing else.
  fileprivate mutating func setRuledValue(_ field: FilterField, _ value: JSON?) {
    let text = value.map { $0.stringValue ?? $0.text }
    switch field {
    case .vendorLeadCode: vendorLeadCode = text
    case .firstName: details.firstName = text
    case .lastName: details.lastName = text
    case .email: details.email = text
    case .source: details.source = text
    case .owner: details.owner = text
    case .postalCode: details.postalCode = text
    case .custom(let name):
      var custom = details.custom ?? JSONObject()
      custom[name] = value
      details.custom = custom.isEmpty ? nil : custom
    default: break
    }
  }
}
