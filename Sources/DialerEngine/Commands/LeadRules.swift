import ControlProtocol
import DialerModel
import DialingRules
import LeadStore

/// A tenant's field rules, held against one lead.
extension Engine {
  func rules(of tenant: TenantID) -> FieldRules { FieldRules(fieldRules[tenant] ?? []) }

  /// - Parameter parameters: what a client gives of the lead; of a lead that is there, only these fields are judged.
  func applyFieldRules(
    _ parameters: Parameters, isNew: Bool, tenant: TenantID, _ place: Place, region: String?, to lead: inout KnownLead
  ) throws(RequestError) {
    var ruled = RuledKnownLead(lead: lead, place: place)
    do throws(FieldValueFault) {
      func isGiven(_ field: FilterField) -> Bool { isNew || parameters.gives(field) }
      let cut = try rules(of: tenant).apply(to: &ruled, isGiven: isGiven) { text in
        if case .success(let phone) = settings.numberingPlan.parse(text, region: region) { phone } else { nil }
      }
      ruled.lead.cut += cut
    } catch {
      throw .invalidParams(
        field: error.field, value: error.value, accepted: [error.accepted], message: error.message)
    }
    lead = ruled.lead
  }

  /// What an index has to be asked for, to see whether the lead has a value that must be its own.
  func lookForEqual(
    _ lead: KnownLead, _ parameters: Parameters, isNew: Bool, _ tenant: TenantID, _ probe: inout LeadProbe
  ) {
    look(for: uniqueValues(lead, parameters, isNew: isNew, tenant), of: lead, &probe)
  }

  func look(for values: [UniqueValue], of lead: KnownLead, _ probe: inout LeadProbe) {
    for unique in values {
      switch unique.field {
      case .vendorLeadCode: break
      case .email: probe.emailKey = lead.record.emailKey
      case .phone1, .phone2, .phone3, .phone4, .phone5:
        if case .phone(let phone) = unique.value { probe.phones.append(phone) }
      default: probe.values.append(.init(field: unique.field, value: unique.value))
      }
    }
  }

  /// - Throws: `already-exists` with the lead that has the value.
  func checkUnique(
    _ lead: KnownLead, _ parameters: Parameters, isNew: Bool, _ tenant: TenantID, among candidates: [KnownLead]
  ) throws(RequestError) {
    let values = uniqueValues(lead, parameters, isNew: isNew, tenant)
    guard let (value, other) = taken(values, by: lead.record.leadID, tenant, among: candidates) else { return }
    throw RequestError(
      .alreadyExists, value.message(holder: other),
      details: [
        "field": .string(value.field.name), "value": RequestError.shortened(value.value.json),
        "leadID": JSON(other.rawValue),
      ])
  }

  /// The first of the values that another lead of the tenant has, and that lead.
  func taken(
    _ values: [UniqueValue], by lead: LeadID, _ tenant: TenantID, among candidates: [KnownLead]
  ) -> (UniqueValue, LeadID)? {
    for value in values {
      if let other = holder(of: value.value, value.field, not: lead, tenant, candidates) { return (value, other) }
    }
    return nil
  }

  private func holder(
    of value: FilterValue, _ field: FilterField, not lead: LeadID, _ tenant: TenantID, _ candidates: [KnownLead]
  ) -> LeadID? {
    func isOther(_ record: LeadRecord) -> Bool { record.leadID != lead && lists[record.listID]?.tenant == tenant }
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
  ) -> [UniqueValue] {
    uniqueValues(lead, tenant) { isNew || parameters.gives($0) }
  }

  func uniqueValues(
    _ lead: KnownLead, _ tenant: TenantID, isGiven: (FilterField) -> Bool
  ) -> [UniqueValue] {
    // A place is never unique.
    rules(of: tenant).uniqueValues(of: RuledKnownLead(lead: lead, place: Place()), isGiven: isGiven)
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

/// A lead with its place, which stands in a table of its own.
private struct RuledKnownLead: RuledLead {
  var lead: KnownLead
  let place: Place

  func ruledValue(_ field: FilterField) -> JSON? {
    let (record, details) = (lead.record, lead.details)
    func text(_ value: String?) -> JSON? { value.map { .string($0) } }
    switch field {
    case .vendorLeadCode: return text(lead.vendorLeadCode)
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

  mutating func setRuledValue(_ field: FilterField, _ value: JSON?) {
    let text = value.map { $0.stringValue ?? $0.text }
    switch field {
    case .vendorLeadCode: lead.vendorLeadCode = text
    case .firstName: lead.details.firstName = text
    case .lastName: lead.details.lastName = text
    case .email: lead.details.email = text
    case .source: lead.details.source = text
    case .owner: lead.details.owner = text
    case .postalCode: lead.details.postalCode = text
    case .custom(let name):
      var custom = lead.details.custom ?? JSONObject()
      custom[name] = value
      lead.details.custom = custom.isEmpty ? nil : custom
    default: break
    }
  }
}
