import ControlProtocol
import DialerModel

/// From the fields that a client gives to a lead, new or changed.
extension Engine {
  static let maximumCustomBytes = 16_384

  /// - Parameter base: the lead as it stands; nil for a new one.
  func draft(_ parameters: Parameters, base: KnownLead?, list: LeadList) throws(RequestError) -> KnownLead {
    var lead =
      base
      ?? KnownLead(
        record: LeadRecord(
          leadID: LeadID(0), listID: list.listID, phones: PhoneSet(), zone: 0, entered: now.wall), vendorLeadCode: nil,
        details: LeadDetails(createdAt: now.wall), touch: LeadTouch())
    if parameters.isPresent("vendorLeadCode") { lead.vendorLeadCode = parameters.optionalText("vendorLeadCode") }
    applyTexts(parameters, to: &lead.details)
    try applyCustom(parameters, to: &lead.details)
    if parameters.isPresent("rank") {
      lead.record.rank = parameters.optionalInteger("rank").map { Int32(clamping: $0) } ?? LeadRecord.missingRank
    }
    var place = names.place(lead.record.place)
    if parameters.isPresent("region") {
      place.region = parameters.optionalText("region")?.uppercased()
      if let region = place.region { try checkRegion(region, "region") }
    }
    if parameters.isPresent("state") { place.state = parameters.optionalText("state") }
    let national =
      place.region ?? campaigns(with: list.listID).compactMap(\.campaign.region).first ?? settings.defaultRegion
    try applyPhones(parameters, region: national, to: &lead.record.phones)
    if place.region == nil {
      place.region = lead.record.phones.all.first.flatMap { settings.numberingPlan.region(of: $0) }
    }
    lead.record.place = names.place(place, changes: &output.transaction.changes)
    lead.cut = []
    try applyFieldRules(
      parameters, isNew: base == nil, tenant: list.tenant, place, region: national, to: &lead)
    lead.record.emailKey = TextKey.email(lead.details.email)
    lead.record.nameKey = TextKey.name(first: lead.details.firstName, last: lead.details.lastName)
    try applyZone(parameters, place, list, isNew: base == nil, to: &lead)
    if parameters.isPresent("callAt") {
      lead.record.state.retryAt = parameters.optionalInstant("callAt") ?? Instant(milliseconds: 0)
    }
    lead.details.updatedAt = now.wall
    return lead
  }

  /// Zones and places that a lead uses for the first time are taken into the tables as it is drafted; those of a dry run
  /// are forgotten again.
  func namesBeforeDryRun(of command: Command) -> (names: NameTables, changes: Int)? {
    command.isDryRun ? (names, output.transaction.changes.count) : nil
  }

  func forgetNames(since known: (names: NameTables, changes: Int)?) {
    guard let known else { return }
    names = known.names
    output.transaction.changes.removeSubrange(known.changes...)
  }

  private func applyTexts(_ parameters: Parameters, to details: inout LeadDetails) {
    if parameters.isPresent("firstName") { details.firstName = parameters.optionalText("firstName") }
    if parameters.isPresent("lastName") { details.lastName = parameters.optionalText("lastName") }
    if parameters.isPresent("email") { details.email = parameters.optionalText("email") }
    if parameters.isPresent("source") { details.source = parameters.optionalText("source") }
    if parameters.isPresent("owner") { details.owner = parameters.optionalText("owner") }
    if parameters.isPresent("postalCode") { details.postalCode = parameters.optionalText("postalCode") }
  }

  private func applyCustom(_ parameters: Parameters, to details: inout LeadDetails) throws(RequestError) {
    guard parameters.isPresent("custom") else { return }
    guard let given = parameters.json("custom")?.objectValue else {
      details.custom = nil
      return
    }
    var custom = details.custom ?? JSONObject()
    // Without its type `nil` would be a JSON null, which is kept.
    for member in given.members { custom[member.key] = member.value.isNull ? JSON?.none : member.value }
    guard JSON.object(custom).text.utf8.count <= Self.maximumCustomBytes else {
      throw .invalidParams(
        field: "custom", value: nil, accepted: ["at most \(Self.maximumCustomBytes) bytes of JSON a lead"],
        message: "custom: the lead's own fields would be larger than \(Self.maximumCustomBytes) bytes.")
    }
    details.custom = custom.isEmpty ? nil : custom
  }

  private func applyPhones(
    _ parameters: Parameters, region: String?, to phones: inout PhoneSet
  ) throws(RequestError) {
    if let texts = parameters.optionalStrings("phones") {
      var read = PhoneSet()
      for (place, text) in texts.enumerated() { read[place] = try phone(text, region: region, "phones[\(place)]") }
      phones = read
    }
    for place in 0..<PhoneSet.capacity {
      let name = "phone\(place + 1)"
      guard parameters.isPresent(name) else { continue }
      phones[place] = try parameters.optionalText(name).map { (text) throws(RequestError) in
        try phone(text, region: region, name)
      }
    }
    guard !phones.all.isEmpty else {
      throw .invalidParams(
        field: "phones", value: nil, accepted: ["at least one telephone number"],
        message: "phones: a lead needs at least one valid telephone number.")
    }
  }

  // MARK: - The lead's zone

  /// The lead's own zone; a rule; the phone's prefix, where the campaign asks for it; the list's; the campaign's; the
  /// configuration's.
  private func applyZone(
    _ parameters: Parameters, _ place: Place, _ list: LeadList, isNew: Bool, to lead: inout KnownLead
  ) throws(RequestError) {
    let own = parameters.optionalText("timeZone")
    if let own {
      try checkTimeZone(own, "timeZone")
      set(own, .lead, to: &lead)
      return
    }
    let hasOwn = !isNew && lead.record.zoneSource == .lead && !parameters.isPresent("timeZone")
    if hasOwn { return }
    guard let (zone, source) = derivedZone(of: lead, place, list) else {
      throw .invalidParams(
        field: "timeZone", value: nil, accepted: ["an IANA zone name, such as Australia/Sydney"],
        message:
          "timeZone: neither the lead, a rule, the list, a campaign nor the configuration gives it a time zone.")
    }
    set(zone, source, to: &lead)
  }

  private func set(_ zone: String, _ source: TimeZoneSource, to lead: inout KnownLead) {
    lead.record.zone = names.zone(zone, changes: &output.transaction.changes)
    lead.record.zoneSource = source
  }

  private func derivedZone(of lead: KnownLead, _ place: Place, _ list: LeadList) -> (String, TimeZoneSource)? {
    let dialling = campaigns(with: list.listID)
    for campaign in dialling {
      for rule in campaign.campaign.timeZoneRules
      where value(of: rule.field, lead, place)?.lowercased() == rule.equals.lowercased() {
        return (rule.timeZone, .rule)
      }
    }
    if dialling.contains(where: \.campaign.zoneFromPhone), let phone = lead.record.phones.all.first {
      let zones = settings.prefixZones.zones(of: phone, plan: settings.numberingPlan)
      if let first = zones.first, zones.count == 1, settings.timeZones.zone(named: first) != nil {
        return (first, .phone)
      }
    }
    if let zone = list.timeZone { return (zone, .list) }
    for campaign in dialling { if let zone = campaign.campaign.timeZone { return (zone, .campaign) } }
    return settings.defaultTimeZone.map { ($0, .configuration) }
  }

  private func value(of field: String, _ lead: KnownLead, _ place: Place) -> String? {
    switch field {
    case "state": place.state
    case "region": place.region
    case "postalCode": lead.details.postalCode
    case "source": lead.details.source
    case "owner": lead.details.owner
    default:
      field.hasPrefix("custom.")
        ? lead.details.custom?[String(field.dropFirst("custom.".count))].map { $0.stringValue ?? $0.text } : nil
    }
  }

  func campaigns(with list: ListID) -> [CampaignRuntime] { campaignOrder.filter { $0.assigned[list] != nil } }
}
