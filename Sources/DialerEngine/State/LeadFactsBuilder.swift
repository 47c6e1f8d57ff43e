import DialerModel
import DialingRules
import LeadSelection
import PhoneNumbers
import TimeZones

/// The past of one lead, its numbers and its person, read from the log when a limit asks.
struct LeadHistory: AttemptHistory {
  private unowned(unsafe) let log: AttemptLog
  private let lead: LeadID
  private let tenantKey: UInt64
  private let person: AttemptLog.Chains

  /// - Parameter keys: the lead's own and its person's. A lead without any key of its person is a person of its own.
  init(_ log: AttemptLog, _ lead: LeadID, keys: DialKeys, tenantKey: UInt64) {
    self.log = log
    self.lead = lead
    self.tenantKey = tenantKey
    person = log.chains(of: keys)
  }

  func isBlank(phone: PhoneNumber) -> Bool { person.isEmpty && (phone.digits == 0 || chains(phone).isEmpty) }

  func nth(
    _ n: Int, newest scope: AttemptLimit.Scope, counts: AttemptLimit.Counted, phone: PhoneNumber
  ) -> Instant? {
    let answersOnly = counts == .answers
    switch scope {
    // Who has no attempt under any key of its person has none under its own.
    case .lead:
      return person.isEmpty ? nil : log.nth(n, answersOnly: answersOnly, log.chains(of: DialKeys(.lead(lead))))
    case .phone: return log.nth(n, answersOnly: answersOnly, chains(phone))
    case .person: return person.isEmpty ? nil : log.nth(n, answersOnly: answersOnly, person)
    }
  }

  var lastToPerson: Instant? { person.isEmpty ? nil : log.nth(1, answersOnly: false, person) }

  /// Whichever is later: the person's, or that of whoever answers the number.
  func lastAbandoned(phone: PhoneNumber) -> Instant? { log.lastAbandoned(person.with(chains(phone))) }

  private func chains(_ phone: PhoneNumber) -> AttemptLog.Chains {
    log.chains(of: DialKeys(.phone(phone, tenant: tenantKey)))
  }
}

/// The hours of one lead in a campaign, from the profiles that the campaign keeps.
struct LeadHoursInCampaign: LeadHours {
  struct OfPhone: PhoneHours {
    unowned(unsafe) let campaign: CampaignRuntime
    let profile: UInt32

    func status(at now: Instant) -> HoursStatus { campaign.status(profile: profile, at: now) }
    var limits: [TimedLimit] { campaign.profiles[Int(profile)].hours.limits }
    var holds: [TimedHold] { campaign.profiles[Int(profile)].hours.holds }
  }

  unowned(unsafe) let engine: Engine
  unowned(unsafe) let campaign: CampaignRuntime
  let record: LeadRecord

  func of(phone: Int) -> OfPhone {
    OfPhone(campaign: campaign, profile: engine.profile(of: record, phone: phone, in: campaign))
  }
}

extension Engine {
  /// The zone and rule profile for which calling hours are judged when this phone is dialled.
  func profile(of record: LeadRecord, phone: Int, in campaign: CampaignRuntime) -> UInt32 {
    var prefixSet: UInt16?
    let number = phone >= 0 ? record.phones[phone] : record.phones[0]
    if campaign.campaign.strictZones, let number {
      prefixSet = numberPlaces.zoneSet(of: number)
    }
    let phoneRegion = number.flatMap { campaign.hours.phoneRegion(of: $0) }
    let key = ProfileKey(zone: record.zone, prefixZones: prefixSet, place: record.place, phoneRegion: phoneRegion)
    return campaign.knownProfile(key) ?? campaign.addProfile(key, makeProfile(key, in: campaign))
  }

  /// The id comes first: to ask for it may add a profile to the table.
  func hoursProfile(of record: LeadRecord, phone: Int, in campaign: CampaignRuntime) -> HoursProfile {
    let id = profile(of: record, phone: phone, in: campaign)
    return campaign.profiles[Int(id)].hours
  }

  func makeProfile(_ key: ProfileKey, in campaign: CampaignRuntime) -> HoursProfile {
    var zones: [ZoneRules] = []
    var missing: String?
    for name in zoneNames(of: key) {
      guard let rules = settings.timeZones.zone(named: name) else {
        // The tz database has it no more, or not yet: its leads wait rather than being called at a guess.
        missing = missing ?? name
        continue
      }
      if !zones.contains(where: { $0 === rules }) { zones.append(rules) }
    }
    let place = names.place(key.place)
    var profile = campaign.hours.profile(
      zones: zones.isEmpty ? [.utc] : zones, country: place.region, state: place.state, phoneRegion: key.phoneRegion)
    profile.missingZone = missing
    return profile
  }

  /// The lead's own first, then those that its number may lie in.
  func zoneNames(of key: ProfileKey) -> [String] {
    [names.zoneName(key.zone)] + (key.prefixZones.map { settings.prefixZones.zoneSets[Int($0)] } ?? [])
  }

  /// Everything that the gates ask of a lead now.
  ///
  /// - Parameter agentInHand: whether an agent is there for the call; nil = as the campaign's way of dialling has it, or
  ///   because it is `agent` who asks.
  func facts(
    _ record: LeadRecord, in campaign: CampaignRuntime, list: AssignedList?, locks keys: DialKeys,
    requestedPhone: Int8 = -1, agent: AgentID? = nil, agentInHand: Bool? = nil
  ) -> LeadFacts {
    var facts = LeadFacts(record: record, requestedPhone: requestedPhone)
    facts.agentInHand = agentInHand ?? (agent != nil || campaign.campaign.dialMode.hasAgentInHand)
    facts.list = listFacts(record.listID, list)
    // A call and a reservation hold the lead's own key: who does not, has neither.
    let isHolder: Bool
    if locks.isHeld(keys.first ?? .lead(record.leadID)) {
      let held = reservations[record.leadID]
      let isLive = callByLead[record.leadID] != nil
      if isLive { facts.live.insert(.lead) }
      if let held, held.agentID != agent || agent == nil { facts.live.insert(.reserved) }
      isHolder = isLive || held != nil
    } else {
      isHolder = false
    }
    // What this lead's own call or reservation holds says nothing about others.
    if !isHolder, keys.contains(where: { locks.isHeld($0) }) { facts.live.insert(.person) }
    for place in 0..<PhoneSet.capacity {
      guard let phone = record.phones[place] else { continue }
      if !isHolder, locks.isHeld(.line(phone)) { facts.livePhones |= 1 << UInt8(place) }
      if doNotCall.forbids(phone, tenant: campaign.campaign.tenant, campaign: campaign.id) {
        facts.doNotCallPhones |= 1 << UInt8(place)
      }
    }
    if let list { facts.filterTakes = takes(list, record) }
    if !callbacks.isEmpty, let callback = callbacks[record.leadID, campaign.id] {
      facts.callback = CallbackFacts(
        at: callback.at, until: callback.until ?? .distantFuture,
        waitsForAgent: callback.agentID != nil && callback.agentID != agent, then: callback.then)
    }
    return facts
  }

  private func listFacts(_ id: ListID, _ assigned: AssignedList?) -> ListFacts {
    if let assigned, assigned.factsEdition == listsEdition { return assigned.facts }
    guard let stored = lists[id] else { return ListFacts(active: false, assigned: false, toDial: false) }
    let facts = ListFacts(
      active: stored.active, expiresAt: stored.expiresAt ?? .distantFuture, assigned: assigned != nil,
      toDial: assigned?.assignment.toDial ?? false)
    if let assigned { (assigned.facts, assigned.factsEdition) = (facts, listsEdition) }
    return facts
  }

  /// Whether the list's filter takes the lead; true without a filter.
  func takes(_ list: AssignedList, _ record: LeadRecord) -> Bool {
    guard let program = list.filterProgram else { return true }
    guard list.filterBits != nil else { return false }
    return program.evaluate(staticBits: list.filterBits?[record.leadID.rawValue] ?? 0, record: record)
  }

  /// The lead's own key, and those under which its person is found. Lines are locked only as they are dialled.
  func personKeys(_ record: LeadRecord, in campaign: CampaignRuntime) -> DialKeys {
    var keys = DialKeys(.lead(record.leadID))
    DialKey.forEachPerson(record, codeKey: leads.codeKey(record.leadID), tenant: campaign.tenantKey) { keys.append($0) }
    return keys
  }

  /// - Parameter keys: those of ``personKeys(_:in:)`` where they are at hand; empty = they are looked for.
  func history(_ record: LeadRecord, in campaign: CampaignRuntime, keys: DialKeys = []) -> LeadHistory {
    let known = keys.isEmpty && log.window > .zero ? personKeys(record, in: campaign) : keys
    return LeadHistory(log, record.leadID, keys: known, tenantKey: campaign.tenantKey)
  }
}
