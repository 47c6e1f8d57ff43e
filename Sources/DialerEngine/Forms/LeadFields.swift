import DialerModel

/// The fields of one lead, as filters ask for them.
struct LeadFields {
  let engine: Engine
  let lead: KnownLead

  func value(_ field: FilterField) -> FilterValue? {
    let record = lead.record
    let details = lead.details
    switch field {
    case .leadID: return .integer(Int64(record.leadID.rawValue))
    case .vendorLeadCode: return text(lead.vendorLeadCode)
    case .listID: return .integer(Int64(record.listID.rawValue))
    case .listName: return text(engine.lists[record.listID]?.name)
    case .source: return text(details.source)
    case .firstName: return text(details.firstName)
    case .lastName: return text(details.lastName)
    case .email: return text(details.email)
    case .postalCode: return text(details.postalCode)
    case .owner: return text(details.owner)
    case .region: return text(engine.names.place(record.place).region)
    case .state: return text(engine.names.place(record.place).state)
    case .timeZone: return text(engine.names.zoneName(record.zone))
    case .timeZoneSource: return text(record.zoneSource.word)
    case .phone: return record.phones.all.first.map { .phone($0) }
    case .phone1, .phone2, .phone3, .phone4, .phone5: return phone(field)
    case .createdAt: return .instant(details.createdAt)
    case .updatedAt: return .instant(details.updatedAt)
    case .enteredAt: return .instant(record.entered)
    case .custom(let name): return custom(name)
    default: return stateValue(field)
    }
  }

  private func text(_ value: String?) -> FilterValue? { value.map { .text($0) } }

  private func phone(_ field: FilterField) -> FilterValue? {
    let places: [FilterField] = [.phone1, .phone2, .phone3, .phone4, .phone5]
    return places.firstIndex(of: field).flatMap { lead.record.phones[$0] }.map { .phone($0) }
  }

  private func custom(_ name: String) -> FilterValue? {
    switch lead.details.custom?[name] {
    case .string(let value): .text(value)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .bool(let value): .boolean(value)
    case .array, .object: lead.details.custom?[name].map { .text($0.text) }
    default: nil
    }
  }

  /// What calls change.
  private func stateValue(_ field: FilterField) -> FilterValue? {
    let state = lead.record.state
    let touch = engine.touches[lead.record.leadID]
    switch field {
    case .rank:
      return lead.record.rank == LeadRecord.missingRank ? nil : .integer(Int64(lead.record.rank))
    case .status: return .text(state.status.description)
    case .statusName: return text(engine.statusName(state.status.description, list: lead.record.listID))
    case .stage: return .text(state.stage.word)
    case .completed: return .boolean(state.completed)
    case .archived: return .boolean(state.archived)
    case .live: return .boolean(engine.callByLead[lead.record.leadID] != nil)
    case .calledCount: return .integer(Int64(state.calledCount))
    case .lastAttemptAt: return state.wasAttempted ? .instant(state.lastAttemptAt) : nil
    case .lastOutcome: return text(state.lastOutcome?.word)
    case .lastContactedAt: return (touch?.lastContactedAt ?? lead.touch.lastContactedAt).map { .instant($0) }
    case .lastAgentID: return text((touch?.lastAgentID ?? lead.touch.lastAgentID)?.rawValue)
    case .wrapCode: return text(touch?.wrapCode ?? lead.touch.wrapCode)
    case .callbackAt: return engine.callbacks.all(of: lead.record.leadID).map(\.at).min().map { .instant($0) }
    default: return nil
    }
  }
}
