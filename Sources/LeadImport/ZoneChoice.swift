import DialerModel

/// The rules that give a lead its zone, looked up instead of walked through: fifty states a row would cost more than
/// everything else.
struct ZoneChoice {
  private struct Table {
    var field: ImportField
    /// By value in lower case: the rule's place among all, and its zone.
    var zones: [String: (place: Int, zone: String)] = [:]
  }
  private var tables: [Table] = []

  init(_ rules: [TimeZoneRule]) {
    for (place, rule) in rules.enumerated() {
      guard let field = ImportField(name: rule.field) else { continue }
      let index: Int
      if let known = tables.firstIndex(where: { $0.field == field }) {
        index = known
      } else {
        index = tables.count
        tables.append(Table(field: field))
      }
      let value = rule.equals.lowercased()
      if tables[index].zones[value] == nil { tables[index].zones[value] = (place, rule.timeZone) }
    }
  }

  /// The zone of the first rule that applies.
  func zone(of draft: LeadDraft) -> String? {
    var best: (place: Int, zone: String)?
    for table in tables {
      guard let value = value(table.field, draft), let found = table.zones[value.lowercased()] else { continue }
      if best.map({ found.place < $0.place }) ?? true { best = found }
    }
    return best?.zone
  }

  private func value(_ field: ImportField, _ draft: LeadDraft) -> String? {
    switch field {
    case .state: draft.state
    case .region: draft.region
    case .postalCode: draft.postalCode
    case .source: draft.source
    case .owner: draft.owner
    case .custom(let name): draft.custom[name]?.stringValue
    default: nil
    }
  }
}
