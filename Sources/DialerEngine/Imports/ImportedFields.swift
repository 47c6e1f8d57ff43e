import DialerModel
import LeadImport

/// What a row changes in a lead that is there: the fields that the file fills, and nothing else.
struct ImportedFields {
  let engine: Engine
  let change: ImportChange

  func apply(to lead: inout KnownLead) {
    let draft = change.draft
    for field in change.filled {
      switch field {
      case .phoneAt(let place): lead.record.phones[place] = draft.phones[place]
      case .vendorLeadCode: lead.vendorLeadCode = draft.vendorLeadCode
      case .firstName: lead.details.firstName = draft.firstName
      case .lastName: lead.details.lastName = draft.lastName
      case .email: lead.details.email = draft.email
      case .source: lead.details.source = draft.source
      case .owner: lead.details.owner = draft.owner
      case .postalCode: lead.details.postalCode = draft.postalCode
      case .rank: lead.record.rank = draft.rank ?? LeadRecord.missingRank
      case .custom(let name):
        var custom = lead.details.custom ?? JSONObject()
        custom[name] = draft.custom[name]
        lead.details.custom = custom.isEmpty ? nil : custom
      case .phone, .timeZone, .region, .state: break
      }
    }
    lead.record.emailKey = TextKey.email(lead.details.email)
    lead.record.nameKey = TextKey.name(first: lead.details.firstName, last: lead.details.lastName)
    applyPlace(to: &lead)
    applyZone(to: &lead)
  }

  private func applyPlace(to lead: inout KnownLead) {
    var place = engine.names.place(lead.record.place)
    if change.filled.contains(.state) { place.state = change.draft.state }
    if change.filled.contains(.region) || place.region == nil { place.region = change.draft.region }
    lead.record.place = engine.names.place(place, changes: &engine.output.transaction.changes)
  }

  /// A zone that the lead has of its own, or by a rule whose field the file does not fill, is better than one that the
  /// row would get from its number, the list or a campaign.
  private func applyZone(to lead: inout KnownLead) {
    let draft = change.draft
    let isSaid = draft.zoneSource == .lead || draft.zoneSource == .rule
    if !isSaid {
      if lead.record.zoneSource == .lead, !change.filled.contains(.timeZone) { return }
      let ruled: Set<ImportField> = [.state, .region, .postalCode, .source, .owner]
      if lead.record.zoneSource == .rule, change.filled.isDisjoint(with: ruled) { return }
    }
    lead.record.zone = engine.names.zone(draft.zone, changes: &engine.output.transaction.changes)
    lead.record.zoneSource = draft.zoneSource
  }
}
