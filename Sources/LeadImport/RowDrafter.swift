import DialerModel
import PhoneNumbers
import TimeZones

/// Makes leads of rows, or says what is wrong with them. A value: each thread that reads has its own.
public struct RowDrafter: Sendable {
  public static let maximumCustomBytes = 16_384
  public static let maximumCodeBytes = 128
  public static let maximumEmailBytes = 254

  public let mapping: ColumnMapping
  private let context: ImportContext
  private let zones: ZoneChoice
  private let regionColumn: Int?

  public init(mapping: ColumnMapping, context: ImportContext) {
    self.mapping = mapping
    self.context = context
    zones = ZoneChoice(context.rules.timeZoneRules)
    regionColumn = mapping.fields.firstIndex { $0.contains(.region) }
  }

  /// The lead of a row.
  ///
  /// - Parameter draft: what could be read; also of a row with a fault, as far as it came.
  public func draft(_ record: CSVRecord, into draft: inout LeadDraft) throws(RowFault) {
    draft = LeadDraft()
    guard record.fields.count <= mapping.columns.count || extraIsBlank(record) else {
      throw RowFault(
        field: "row", reason: "too-many-fields",
        message: "The row has \(record.fields.count) fields and the file \(mapping.columns.count) columns.")
    }
    try applyRegion(record, to: &draft)
    var fault: RowFault?
    for (column, fields) in mapping.fields.enumerated() where !fields.isEmpty && column < record.fields.count {
      let value = record.fields[column].trimmed
      guard !value.isEmpty else { continue }
      for field in fields {
        do throws(RowFault) {
          try apply(value, to: field, of: &draft)
        } catch {
          // The rest is read all the same: who is deleted must be found by what the row says of them.
          fault = fault ?? error
        }
      }
    }
    if let fault { throw fault }
    guard !draft.phones.all.isEmpty else {
      throw RowFault(field: "phone1", reason: "no-phone", message: "A lead needs at least one telephone number.")
    }
    guard draft.custom.isEmpty || JSON.object(draft.custom).text.utf8.count <= Self.maximumCustomBytes else {
      throw RowFault(
        field: "custom", reason: "too-large",
        message: "The lead's own fields are larger than \(Self.maximumCustomBytes) bytes.")
    }
    let national = draft.region ?? context.rules.region
    if draft.region == nil { draft.region = draft.phones.all.first.flatMap { context.plan.region(of: $0) } }
    try applyFieldRules(&draft, region: national)
    try settleZone(&draft)
  }

  /// The same as for a lead that a client adds.
  private func applyFieldRules(_ draft: inout LeadDraft, region: String?) throws(RowFault) {
    guard !context.rules.fieldRules.isEmpty else { return }
    do throws(FieldValueFault) {
      let cut = try context.rules.fieldRules.apply(to: &draft) { text in
        if case .success(let phone) = context.plan.parse(text, region: region) { phone } else { nil }
      }
      for field in cut where !draft.cut.contains(field) { draft.cut.append(field) }
    } catch {
      throw RowFault(field: error.field, reason: error.reason, message: error.message)
    }
  }

  private func extraIsBlank(_ record: CSVRecord) -> Bool {
    record.fields[mapping.columns.count...].allSatisfy { $0.trimmed.isEmpty }
  }

  /// First of all: the numbers are read by it.
  private func applyRegion(_ record: CSVRecord, to draft: inout LeadDraft) throws(RowFault) {
    guard let regionColumn, regionColumn < record.fields.count else { return }
    let value = record.fields[regionColumn].trimmed
    guard !value.isEmpty else { return }
    draft.region = value.utf8.count == 2 ? value.uppercased() : nil
    guard let region = draft.region, context.plan.hasRegion(region) else {
      draft.region = nil
      throw RowFault(
        field: "region", reason: "unknown-region",
        message: "The numbering plan has no region of this code: give a two-letter code such as US.")
    }
  }

  private func apply(_ value: String, to field: ImportField, of draft: inout LeadDraft) throws(RowFault) {
    switch field {
    case .phoneAt(let place): try applyPhone(value, place, to: &draft)
    case .vendorLeadCode:
      try check(value, "vendorLeadCode", Self.maximumCodeBytes)
      draft.vendorLeadCode = value
    case .email:
      try check(value, "email", Self.maximumEmailBytes)
      draft.email = value
    case .firstName: draft.firstName = cut(value, field, &draft)
    case .lastName: draft.lastName = cut(value, field, &draft)
    case .source: draft.source = cut(value, field, &draft)
    case .owner: draft.owner = cut(value, field, &draft)
    case .postalCode: draft.postalCode = cut(value, field, &draft)
    case .state: draft.state = cut(value, field, &draft)
    case .timeZone:
      draft.zone = value
      draft.zoneSource = .lead
    case .rank:
      guard let rank = Int32(value), rank != LeadRecord.missingRank else {
        throw RowFault(field: "rank", reason: "not-a-number", message: "A rank is a whole number of 32 bits.")
      }
      draft.rank = rank
    case .custom(let name): draft.custom[name] = .string(value)
    case .region, .phone: break
    }
  }

  private func applyPhone(_ value: String, _ place: Int, to draft: inout LeadDraft) throws(RowFault) {
    switch context.plan.parse(value, region: draft.region ?? context.rules.region) {
    case .success(let phone): draft.phones[place] = phone
    case .failure(let fault):
      throw RowFault(field: "phone\(place + 1)", reason: fault.reason, message: fault.message)
    }
  }

  /// A key that is cut would be another's.
  private func check(_ value: String, _ field: String, _ maximum: Int) throws(RowFault) {
    guard value.utf8.count <= maximum else {
      throw RowFault(field: field, reason: "too-long", message: "\(field) is longer than \(maximum) bytes.")
    }
  }

  private func cut(_ value: String, _ field: ImportField, _ draft: inout LeadDraft) -> String {
    guard let maximum = field.maximumBytes, value.utf8.count > maximum else { return value }
    draft.cut.append(field.name)
    var bytes = 0
    var end = value.startIndex
    while end < value.endIndex {
      let next = value.index(after: end)
      bytes += value[end..<next].utf8.count
      if bytes > maximum { break }
      end = next
    }
    return String(value[..<end])
  }

  // MARK: - The zone

  /// The row's own; a rule; the phone's prefix; the list's; the campaign's; the configuration's.
  private func settleZone(_ draft: inout LeadDraft) throws(RowFault) {
    if !draft.zone.isEmpty {
      guard context.timeZones.zone(named: draft.zone) != nil else {
        throw RowFault(
          field: "timeZone", reason: "unknown-time-zone",
          message: "There is no time zone of this name in the tz database: give one such as Australia/Sydney.")
      }
      return
    }
    guard let (zone, source) = derivedZone(draft) else {
      throw RowFault(
        field: "timeZone", reason: "no-time-zone",
        message: "Neither the row, a rule, the list, a campaign nor the configuration gives it a time zone.")
    }
    draft.zone = zone
    draft.zoneSource = source
  }

  private func derivedZone(_ draft: LeadDraft) -> (String, TimeZoneSource)? {
    let rules = context.rules
    if let zone = zones.zone(of: draft) { return (zone, .rule) }
    if rules.zoneFromPhone, let phone = draft.phones.all.first {
      let found = context.prefixZones.zones(of: phone, plan: context.plan)
      if found.count == 1, context.timeZones.zone(named: found[0]) != nil { return (found[0], .phone) }
    }
    if let zone = rules.listZone { return (zone, .list) }
    if let zone = rules.campaignZone { return (zone, .campaign) }
    return rules.defaultZone.map { ($0, .configuration) }
  }
}
